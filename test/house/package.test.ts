// The package's face to npm: what it exports exists, is announced, and costs nobody a dependency they did not ask for.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './sources.js';

interface Manifest {
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly type: string;
}

const manifest: Manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const entryPoints = [
  '.',
  './websocket',
  './local',
  './fetch',
  './undici',
  './http2',
  './route',
  './appsync',
  './phoenix',
  './schema',
  './codegen',
  './server',
  './server/fastify',
  './server/express',
  './server/fetch',
  './log',
  './log/file',
  './log/sqlite',
  './log/nats',
  './log/redis',
  './otel',
  './inspector',
  './testing',
  './package.json',
];

/** The source that the compiler makes a file of `dist` from. */
const sourceOf = (built: string) => built.replace(/^(\.\/)?dist\//, 'src/').replace(/\.d\.ts$|\.js$/, '.ts');

describe('package.json', () => {
  test('exports only entry points that belong to the package', () => {
    expect(Object.keys(manifest.exports).filter((entry) => !entryPoints.includes(entry))).toEqual([]);
  });

  test('exports only what has a source, with types and code from the same one', () => {
    for (const [entry, conditions] of Object.entries(manifest.exports)) {
      if (typeof conditions === 'string') {
        expect(existsSync(join(root, conditions)), `${entry} is ${conditions}`).toBe(true);
        continue;
      }
      const names = Object.keys(conditions);
      expect([names[0], names.at(-1)], `the first and last condition of ${entry}`).toEqual(['types', 'default']);
      const { types = '', ...codes } = conditions;
      expect(Object.values(codes).map(sourceOf), `types and code of ${entry}`).toContain(sourceOf(types));
      for (const code of Object.values(codes)) {
        expect(existsSync(join(root, sourceOf(code))), `${entry} needs ${sourceOf(code)}`).toBe(true);
      }
    }
  });

  test('exports code by platform only where Node has a file of its own, which every other platform goes past', () => {
    const divided = Object.entries(manifest.exports).flatMap(([entry, conditions]) =>
      typeof conditions === 'string' || Object.keys(conditions).length === 2 ? [] : [[entry, conditions] as const],
    );
    expect(divided.map(([entry]) => entry)).toEqual(['./websocket', './appsync', './phoenix']);
    for (const [, conditions] of divided) {
      // Platforms with Node's modules also match `node`: what is theirs has to stand before it.
      expect(Object.keys(conditions)).toEqual(['types', 'browser', 'workerd', 'bun', 'deno', 'node', 'default']);
      const { types: _types, node, default: elsewhere, ...others } = conditions;
      expect(node).not.toBe(elsewhere);
      expect([...new Set(Object.values(others))]).toEqual([elsewhere]);
    }
  });

  test('offers the same names on every platform, so that one declaration file fits all', async () => {
    const [node, browser] = await Promise.all([
      import('../../src/transport/websocket/index.js'),
      import('../../src/transport/websocket/browser.js'),
    ]);
    expect(Object.keys(browser)).toEqual(Object.keys(node));
    const typesOf = (file: string): readonly string[] =>
      readFileSync(join(root, 'src/transport/websocket', file), 'utf8').match(/^export type .*$/gm) ?? [];
    expect(typesOf('browser.ts')).toEqual(typesOf('index.ts'));
    expect(typesOf('index.ts').length).toBeGreaterThan(0);
  });

  test('names a source for every command', () => {
    for (const [command, built] of Object.entries(manifest.bin)) {
      expect(existsSync(join(root, sourceOf(built))), `${command} needs ${sourceOf(built)}`).toBe(true);
    }
  });

  test('is an ES module with ws as its one dependency and every peer optional', () => {
    expect(manifest.type).toBe('module');
    expect(Object.keys(manifest.dependencies)).toEqual(['ws']);
    const peers = Object.keys(manifest.peerDependencies);
    expect(peers.filter((peer) => manifest.peerDependenciesMeta[peer]?.optional !== true)).toEqual([]);
  });
});
