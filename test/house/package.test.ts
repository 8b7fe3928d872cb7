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
      expect(Object.keys(conditions), `conditions of ${entry}, types first`).toEqual(['types', 'default']);
      const [types = '', code = ''] = [conditions.types, conditions.default].map((built) => sourceOf(built ?? ''));
      expect(types, `types and code of ${entry}`).toBe(code);
      expect(existsSync(join(root, code)), `${entry} needs ${code}`).toBe(true);
    }
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
