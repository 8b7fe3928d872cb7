// What the adapter for fetch-style runtimes loads: nothing of Node, at no depth.
import { expect, test } from 'vitest';
import { reachable, readSources } from '../../../house/sources.js';

const loaded = reachable(readSources('src'), ['src/server/adapters/fetch/index.ts'], ({ typeOnly }) => !typeOnly);
const packages = new Set(
  loaded.flatMap(({ path, imports }) =>
    imports
      .filter(({ file, typeOnly }) => file === undefined && !typeOnly)
      .map(({ specifier, dynamic }) => `${path} imports ${specifier}${dynamic ? ' when it is needed' : ''}`),
  ),
);

test('imports no package and nothing of Node, but optional packages when they are needed', () => {
  expect(loaded.length).toBeGreaterThan(30);
  expect([...packages].filter((one) => !one.endsWith(' when it is needed'))).toEqual([]);
  expect([...packages].filter((one) => /imports (node:|ws\b)/.test(one))).toEqual([]);
  expect([...packages]).toContainEqual(expect.stringContaining('imports @fastify/busboy when it is needed'));
});

test('uses no class of Node', () => {
  const nodeOnly = /\b(Buffer|process\.(?!env|getBuiltinModule)\w+|__dirname)\b/;
  const users = loaded.filter(({ text }) => nodeOnly.test(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')));
  expect(
    users.map(({ path, text }) => `${path}: ${nodeOnly.exec(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''))?.[0]}`),
  ).toEqual([]);
});
