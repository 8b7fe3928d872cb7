// The JavaScript in Markdown pages, run as a reader would run it: in a folder where the built package is installed, beside a
// server, in a process of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './sources.js';

export interface Block {
  readonly file: string | undefined;
  readonly code: string;
  /** Where it stands, for messages. */
  readonly line: number;
}

/** The blocks of JavaScript in a page. */
export function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(/^```js(?: file=(\S+))?\n([\s\S]*?)^```$/gm)].map((match) => ({
    file: match[1],
    code: match[2] ?? '',
    line: page.slice(0, match.index).split('\n').length + 1,
  }));
}

/** What the snippets take for granted: a server with this schema, a session, and everything that Holdfast exports. */
const prelude = `
import { buildSchema } from 'graphql';
import * as holdfast from 'holdfast';
import { ConnectionRefused, createHandler, createServer, serve } from 'holdfast/server';
import { faultProxy, scriptedServer, VirtualClock } from 'holdfast/testing';
import { local } from 'holdfast/local';
import { webSocket } from 'holdfast/websocket';
import * as nodeHttp2 from 'node:http2';
const { GapError, GraphQLResultError, HoldfastError, jitter, JsonText, mapRequest, OutcomeUnknownError } = holdfast;
const opened = [];
const createSession = (options) => { const made = holdfast.createSession(options); opened.push(made); return made; };
const connect = async (options) => { const made = await holdfast.connect(options); opened.push(made); return made; };
const schema = buildSchema(\`
  type Query { hello(name: String!): String! }
  type Order { id: ID! }
  type Mutation { order(product: String!): Order! }
  type Subscription { tick: Int! }
\`);
const rootValue = {
  hello: ({ name }) => 'Hello, ' + name,
  order: () => ({ id: '1' }),
  tick: async function* () { for (let tick = 1; ; tick += 1) yield { tick }; },
};
const { url, port, webSocketUrl: address, close } = await serve(createServer({ schema, rootValue, development: true }), { port: 0 });
`;
/** Only for snippets that name it. */
const http2Setup = `
const handler = await createHandler(createServer({ schema, rootValue }), { path: '/graphql' });
const http2Listener = nodeHttp2.createServer(handler.request);
await new Promise((resolve) => http2Listener.listen(0, '127.0.0.1', resolve));
http2Listener.unref();
const http2Url = 'http://127.0.0.1:' + http2Listener.address().port + '/graphql';
`;
const setup = `const session = await connect({ transport: webSocket(address) });`;
const end = 'for (const each of opened) await each.close({ graceMs: 0 });\nawait close();';

/** A folder of a program that has the package and `graphql` installed. */
export class ProgramFolder {
  readonly #folder: string = mkdtempSync(join(tmpdir(), 'holdfast-snippets-'));

  constructor() {
    mkdirSync(join(this.#folder, 'node_modules'));
    symlinkSync(root, join(this.#folder, 'node_modules', 'holdfast'));
    for (const name of ['graphql', 'fastify', 'express']) {
      symlinkSync(join(root, 'node_modules', name), join(this.#folder, 'node_modules', name));
    }
    this.write('package.json', '{ "type": "module" }');
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.#folder, file), text);
  }

  start(file: string): ChildProcess {
    return spawn(process.execPath, [file], { cwd: this.#folder, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** Runs a snippet. One that makes no session of that name finds one. */
  async run({ code, line }: Block): Promise<Finished> {
    const lines = code.split('\n');
    const imports = lines.filter((text) => text.startsWith('import '));
    const body = lines.filter((text) => !text.startsWith('import '));
    const own = /\bconst session\b/.test(code) ? '' : setup;
    const file = `snippet-${line}.js`;
    const beside = /\bhttp2Url\b/.test(code) ? http2Setup : '';
    const program = [
      ...imports,
      prelude,
      beside,
      own,
      'async function snippet() {',
      ...body,
      '}',
      'await snippet();',
      end,
    ];
    this.write(file, program.join('\n'));
    return finish(this.start(file));
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export function finish(child: ChildProcess): Promise<Finished> {
  return new Promise((resolve) => {
    let out = '';
    let err = '';
    child.stdout?.on('data', (data: Buffer) => {
      out += data.toString();
    });
    child.stderr?.on('data', (data: Buffer) => {
      err += data.toString();
    });
    child.once('close', (code) => resolve({ code, out, err }));
  });
}
