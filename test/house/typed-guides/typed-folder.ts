// The TypeScript of a guide, compiled and run as a reader would: strictly, against the built package, with the module that is
// generated from the schema on the page, and beside a server that has it.

import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Finished, finish } from '../snippets.js';
import { root } from '../sources.js';

export interface Snippet {
  /** `ts` is compiled, with the types of the generated module; `js` is run as it is. */
  readonly language: 'ts' | 'js';
  readonly code: string;
  readonly line: number;
}

export interface TypedGuide {
  /** In SDL. */
  readonly schema: string;
  readonly snippets: readonly Snippet[];
}

/** The schema of a page is its block of `graphql`, of which it has one. */
export function readGuide(page: string): TypedGuide {
  const [, schema = ''] = /^```graphql\n([\s\S]*?)^```$/m.exec(page) ?? [];
  const snippets = [...page.matchAll(/^```(ts|js)\n([\s\S]*?)^```$/gm)].map((match) => ({
    language: match[1] === 'ts' ? ('ts' as const) : ('js' as const),
    code: match[2] ?? '',
    line: page.slice(0, match.index).split('\n').length + 1,
  }));
  return { schema, snippets };
}

const compilerOptions = {
  target: 'es2022',
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
  types: ['node'],
  outDir: 'compiled',
  allowJs: true,
};

/** What the snippets take for granted. Under names of their own: a snippet may import the same. */
const before = `
import * as $api from 'holdfast/schema';
import { connect as $connect } from 'holdfast';
import { mockSchema as $mockSchema, serveMock as $serveMock } from './mock-server.js';
import { sdl as $sdl } from './sdl.js';
import { schema as $schema } from './library.js';
`;
const setup = `
const $server = await $serveMock($sdl);
const { url } = $server;
const graphqlSchema = $mockSchema($sdl);
const session = await $connect(url);
const $opened = await $api.openApi(url, { schema: $schema });
`;
const own = 'const api = $opened;';
const after = 'await $opened.close();\nawait session.close();\nawait $server.close();\nvoid graphqlSchema;';

export class TypedFolder {
  readonly #folder: string = mkdtempSync(join(tmpdir(), 'holdfast-typed-guide-'));

  constructor(guide: TypedGuide) {
    const modules = join(this.#folder, 'node_modules');
    mkdirSync(modules);
    symlinkSync(root, join(modules, 'holdfast'));
    for (const name of ['graphql', '@types']) symlinkSync(join(root, 'node_modules', name), join(modules, name));
    copyFileSync(join(root, 'test', 'house', 'typed-guides', 'mock-server.js'), join(this.#folder, 'mock-server.js'));
    this.#write('package.json', '{ "type": "module" }');
    this.#write('tsconfig.json', JSON.stringify({ compilerOptions }));
    this.#write('library.graphql', guide.schema);
    this.#write('sdl.js', `export const sdl = ${JSON.stringify(guide.schema)};`);
    for (const snippet of guide.snippets) this.#write(fileOf(snippet), program(snippet));
  }

  /** Generates the module and compiles everything; what either has to say, where that is something. */
  compile(): string {
    const command = join(root, 'dist', 'cli', 'main.js');
    const generated = this.#run(process.execPath, [command, 'generate', 'library.graphql', '--out', 'library.ts']);
    return generated.status === 0 ? this.#run(join(root, 'node_modules', '.bin', 'tsc'), []).stdout : generated.stderr;
  }

  run(snippet: Snippet): Promise<Finished> {
    const file = join('compiled', fileOf(snippet).replace(/ts$/, 'js'));
    return finish(spawn(process.execPath, [file], { cwd: this.#folder, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #write(file: string, text: string): void {
    writeFileSync(join(this.#folder, file), text);
  }

  #run(command: string, args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
    return spawnSync(command, args, { cwd: this.#folder, encoding: 'utf8' });
  }
}

function fileOf({ language, line }: Snippet): string {
  return `snippet-${line}.${language}`;
}

/** A snippet that makes no API of its own finds one. */
function program({ code }: Snippet): string {
  const lines = code.split('\n');
  const imports = lines.filter((text) => text.startsWith('import '));
  const body = lines.filter((text) => !text.startsWith('import '));
  const api = /\bconst api\b/.test(code) ? '' : own;
  return [...imports, before, setup, 'async function snippet() {', api, ...body, '}', 'await snippet();', after].join(
    '\n',
  );
}
