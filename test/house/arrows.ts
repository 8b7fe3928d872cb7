// Which part of the house may know which: one table, and the question whether an import respects it.
import type { Import } from './sources.js';

interface Rule {
  /** A file, or a folder with everything in it. */
  readonly part: string;
  /** Files and folders it may import, besides itself. */
  readonly knows: readonly string[];
  /** Files and folders of which it may import types. */
  readonly knowsTypesOf?: readonly string[];
}

const contract = ['src/protocol/', 'src/transport/contract.ts', 'src/transport/open-error.ts'];

/** The first rule whose part holds a file is the one for it. `*` stands for one name: each such part is one of its own. */
const arrows: readonly Rule[] = [
  { part: 'src/protocol/', knows: [] },
  { part: 'src/session/', knows: contract },
  { part: 'src/transport/contract.ts', knows: ['src/protocol/'] },
  { part: 'src/transport/open-error.ts', knows: contract },
  { part: 'src/transport/route/', knows: ['src/protocol/', 'src/transport/'] },
  // What HTTP transports have in common.
  { part: 'src/transport/http/', knows: contract },
  // Services with a dialect of their own over the WebSocket, and over HTTP beside it.
  { part: 'src/transport/phoenix/', knows: [...contract, 'src/transport/websocket/'] },
  {
    part: 'src/transport/appsync/',
    knows: [...contract, 'src/transport/http/', 'src/transport/websocket/', 'src/transport/fetch/'],
  },
  { part: 'src/transport/*/', knows: [...contract, 'src/transport/http/'] },
  { part: 'src/transport/*', knows: contract },
  // An API may be opened by an address, and a schema be asked of one: what a session fails with keeps its name.
  {
    part: 'src/schema/',
    knows: ['src/protocol/', 'src/connect.ts', 'src/session/errors/'],
    knowsTypesOf: ['src/session/'],
  },
  { part: 'src/server/', knows: ['src/protocol/', 'src/log/contract.ts'] },
  { part: 'src/log/contract.ts', knows: ['src/protocol/'] },
  { part: 'src/log/*/', knows: ['src/protocol/', 'src/log/contract.ts'] },
  { part: 'src/log/*', knows: ['src/protocol/', 'src/log/'] },
  { part: 'src/observe/', knows: ['src/protocol/'], knowsTypesOf: ['src/session/', 'src/server/'] },
  { part: 'src/connect.ts', knows: ['src/protocol/', 'src/session/', 'src/transport/'] },
  { part: 'src/index.ts', knows: ['src/connect.ts', 'src/protocol/', 'src/session/', 'src/transport/'] },
  { part: 'src/testing/', knows: ['src/protocol/', 'src/session/', 'src/transport/', 'src/server/', 'src/log/'] },
  { part: 'src/pages/', knows: ['src/'] },
  { part: 'src/cli/', knows: ['src/'] },
];

/** Why `path` may not have this import of one of our files; undefined where it may. */
export function objection(path: string, { file, typeOnly }: Pick<Import, 'file' | 'typeOnly'>): string | undefined {
  if (file === undefined) return undefined;
  for (const { part, knows, knowsTypesOf = [] } of arrows) {
    const own = partHolding(part, path);
    if (own === undefined) continue;
    const allowed = [own, ...knows, ...(typeOnly ? knowsTypesOf : [])];
    if (allowed.some((known) => partHolding(known, file) !== undefined)) return undefined;
    return `${path} imports ${file}, but ${own} knows only ${knows.join(', ') || 'itself'}`;
  }
  return `${path} belongs to no part in the table of arrows: add a rule for it`;
}

/** The part itself, with its `*` filled in, where it holds `path`. */
function partHolding(part: string, path: string): string | undefined {
  const pattern = part.replaceAll('.', '\\.').replaceAll('*', '[^/]+');
  return new RegExp(`^${pattern}${part.endsWith('/') ? '' : '$'}`).exec(path)?.[0];
}
