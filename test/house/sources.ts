// Reads the sources of the package as text, with what each file imports: the ground on which the rules of the house are checked.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root: string = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** A file of ours, as in `src/protocol/json.ts`; undefined for packages and `node:` modules. */
  readonly file: string | undefined;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

export interface Source {
  /** From the root, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

/** Every TypeScript file under `folder`, a path from the root. */
export function readSources(folder: string): readonly Source[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, imports: importsOf(path, text) };
    });
}

const statement = /^\s*(?:import|export)\s+(type\s+)?([\w$*][^;'"]*?\sfrom\s*|\{[^}]*\}\s*from\s*)?['"]([^'"]+)['"]/gm;
const call = /(\btypeof\s+)?\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** What a file imports and re-exports, static and dynamic. */
export function importsOf(path: string, text: string): readonly Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
  const imports: Import[] = [];
  for (const [, type, names, specifier = ''] of code.matchAll(statement)) {
    imports.push({ specifier, file: fileOf(path, specifier), typeOnly: isTypeOnly(type, names), dynamic: false });
  }
  for (const [, type, specifier = ''] of code.matchAll(call)) {
    imports.push({ specifier, file: fileOf(path, specifier), typeOnly: type !== undefined, dynamic: true });
  }
  return imports;
}

function isTypeOnly(type: string | undefined, names: string | undefined): boolean {
  if (type !== undefined) return true;
  const list = /^\{([^}]*)\}/.exec(names ?? '')?.[1];
  if (list === undefined) return false;
  const each = list.split(',').map((name) => name.trim());
  return each.filter((name) => name !== '').every((name) => name.startsWith('type '));
}

function fileOf(path: string, specifier: string): string | undefined {
  // The package's own imports map: what both of its files look like is in this one.
  if (specifier === '#platform') return 'src/transport/route/platform.ts';
  if (!specifier.startsWith('.')) return undefined;
  return posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts');
}

/** The files that `follow`ed imports lead to from `starts`, these included. */
export function reachable(
  sources: readonly Source[],
  starts: readonly string[],
  follow: (one: Import) => boolean,
): readonly Source[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const found = new Map<string, Source>();
  const queue = [...starts];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const source = byPath.get(path);
    if (source === undefined || found.has(path)) continue;
    found.set(path, source);
    for (const one of source.imports) if (one.file !== undefined && follow(one)) queue.push(one.file);
  }
  return [...found.values()];
}
