// The rules of the house that a compiler does not know: who may import whom, what runs in a browser, and how a file looks.
import { describe, expect, test } from 'vitest';
import { objection } from './arrows.js';
import { type Import, importsOf, reachable, readSources, type Source } from './sources.js';

const sources = readSources('src');
const paths = new Set(sources.map(({ path }) => path));
const isStatic = ({ dynamic }: Import) => !dynamic;
const isStaticValue = ({ dynamic, typeOnly }: Import) => !dynamic && !typeOnly;
const foreign = ({ path, imports }: Source, counts: (one: Import) => boolean) =>
  imports.filter((one) => one.file === undefined && counts(one)).map(({ specifier }) => `${path} imports ${specifier}`);

/** The parts that must load in a browser as they are. */
const core = [
  ...new Set([
    ...reachable(sources, ['src/index.ts'], isStatic),
    ...sources.filter(({ path }) => path.startsWith('src/protocol/') || path.startsWith('src/session/')),
  ]),
];

describe('the reader of imports', () => {
  test('finds static, dynamic and type imports and re-exports, and nothing in comments', () => {
    const found = importsOf(
      'src/a/b.ts',
      `// import './comment.js';
/* import './block.js'; */
import './effect.js';
import type { A } from '../types.js';
import { type B, type C } from '../more/types.js';
import { type D, e } from '../value.js';
import {
  f,
  g,
} from './lines.js';
import * as all from 'node:fs';
export { h } from './again.js';
export type { I } from './again-types.js';
export * from './everything.js';
const url = 'ws://example.com';
const late = await import('./late.js');
type Module = typeof import('graphql');
`,
    );
    expect(found.map(({ specifier, file, typeOnly, dynamic }) => [file ?? specifier, typeOnly, dynamic])).toEqual([
      ['src/a/effect.ts', false, false],
      ['src/types.ts', true, false],
      ['src/more/types.ts', true, false],
      ['src/value.ts', false, false],
      ['src/a/lines.ts', false, false],
      ['node:fs', false, false],
      ['src/a/again.ts', false, false],
      ['src/a/again-types.ts', true, false],
      ['src/a/everything.ts', false, false],
      ['src/a/late.ts', false, true],
      ['graphql', true, true],
    ]);
  });

  test('reads real sources', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(core.length).toBeGreaterThan(30);
  });
});

describe('the table of arrows', () => {
  test.each([
    ['src/protocol/json.ts', 'src/session/session.ts'],
    ['src/session/session.ts', 'src/transport/websocket/node.ts'],
    ['src/session/session.ts', 'src/server/server.ts'],
    ['src/transport/websocket/node.ts', 'src/session/session.ts'],
    ['src/transport/websocket/node.ts', 'src/transport/fetch/index.ts'],
    ['src/transport/appsync/route.ts', 'src/transport/undici/index.ts'],
    ['src/transport/websocket/transport.ts', 'src/transport/phoenix/transport.ts'],
    ['src/transport/local.ts', 'src/server/server.ts'],
    ['src/server/server.ts', 'src/session/session.ts'],
    ['src/server/server.ts', 'src/transport/contract.ts'],
    ['src/server/server.ts', 'src/log/redis/index.ts'],
    ['src/log/redis/index.ts', 'src/log/file/index.ts'],
    ['src/index.ts', 'src/testing/index.ts'],
    ['src/unheard-of/x.ts', 'src/protocol/json.ts'],
  ])('forbids %s to import %s', (path, file) => {
    expect(objection(path, { file, typeOnly: false })).toBeDefined();
  });

  test.each([
    ['src/session/session.ts', 'src/transport/contract.ts'],
    ['src/transport/websocket/node.ts', 'src/transport/websocket/proxy.ts'],
    ['src/transport/route/index.ts', 'src/transport/websocket/index.ts'],
    ['src/transport/phoenix/transport.ts', 'src/transport/websocket/transport.ts'],
    ['src/server/http/handler.ts', 'src/protocol/json.ts'],
    ['src/log/redis/index.ts', 'src/log/contract.ts'],
    ['src/cli/main.ts', 'src/testing/index.ts'],
  ])('lets %s import %s', (path, file) => {
    expect(objection(path, { file, typeOnly: false })).toBeUndefined();
  });

  test('is respected by every import', () => {
    expect(sources.flatMap(({ path, imports }) => imports.flatMap((one) => objection(path, one) ?? []))).toEqual([]);
  });

  test('keeps client side and server side apart, also over detours', () => {
    const client = sources.filter(({ path }) => /^src\/(index\.ts|session\/|transport\/)/.test(path));
    const server = sources.filter(({ path }) => path.startsWith('src/server/'));
    const from = (starts: readonly Source[]) =>
      reachable(
        sources,
        starts.map(({ path }) => path),
        () => true,
      ).map(({ path }) => path);
    expect(from(client).filter((path) => path.startsWith('src/server/'))).toEqual([]);
    expect(from(server).filter((path) => /^src\/(index\.ts|session\/|transport\/)/.test(path))).toEqual([]);
  });
});

describe('what the sources import', () => {
  test('every relative import names a file that exists, with its extension', () => {
    const broken = sources.flatMap(({ path, imports }) =>
      imports
        .filter(({ specifier }) => specifier.startsWith('.'))
        .filter(({ specifier, file = '' }) => !(specifier.endsWith('.js') && paths.has(file)))
        .map(({ specifier }) => `${path} imports ${specifier}`),
    );
    expect(broken).toEqual([]);
  });

  test('the core imports nothing from node: and no package, so it runs in a browser', () => {
    expect(core.flatMap((source) => foreign(source, () => true))).toEqual([]);
  });

  test('what is built on a WebSocket and is for browsers loads there', () => {
    const shared = ['websocket', 'appsync', 'phoenix'].map((one) => `src/transport/${one}/browser.ts`);
    const loaded = reachable(sources, shared, isStaticValue);
    expect(loaded.length).toBeGreaterThan(shared.length);
    expect(loaded.flatMap((source) => foreign(source, isStaticValue))).toEqual([]);
  });

  test("ws is imported only by the WebSocket transport's files for Node, the server and the testing tools", () => {
    const importers = sources.filter(({ imports }) => imports.some(({ specifier }) => specifier === 'ws'));
    const allowed = /^src\/(transport\/websocket\/node[^/]*\.ts|server\/|testing\/)/;
    expect(importers.map(({ path }) => path).filter((path) => !allowed.test(path))).toEqual([]);
    expect(importers.map(({ path }) => path)).toContain('src/transport/websocket/node.ts');
  });
});

describe('how every source file looks', () => {
  test('at most 300 lines', () => {
    const long = sources.map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }));
    expect(long.filter(({ lines }) => lines > 300)).toEqual([]);
  });

  test('opens with a comment', () => {
    expect(sources.filter(({ text }) => !/^(#!.*\n)?(\/\/ |\/\*)/.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test('has no default export', () => {
    const isDefault = /^\s*export\s+default\b|^\s*export\s*\{[^}]*\bas\s+default\b/m;
    expect(sources.filter(({ text }) => isDefault.test(text)).map(({ path }) => path)).toEqual([]);
  });
});
