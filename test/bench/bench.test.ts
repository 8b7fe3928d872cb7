// The bench runs: every contender answers in every cell, and what it prints is what its reader asked for. What it finds is
// no business of a test.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../house/sources.js';

interface Figure {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly ratio?: { readonly median: number };
  readonly second?: { readonly to: string; readonly ratio: { readonly median: number } };
  readonly rounds: readonly number[];
}

interface Found {
  readonly bench: string;
  readonly node: string;
  readonly cpu: string;
  readonly contenders: readonly string[];
  readonly cells: readonly { readonly cell: string; readonly figures: Readonly<Record<string, Figure>> }[];
  readonly notes?: readonly string[];
}

function bench(...args: string[]): {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  return spawnSync(process.execPath, [join(root, 'bench', 'main.js'), ...args], { encoding: 'utf8', timeout: 300_000 });
}

test('client-ws measures operations, messages and idle subscriptions, and compares them round by round', () => {
  const { status, stdout, stderr } = bench('client-ws', '--seconds', '0.2', '--only', 'holdfast', '--json');
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const found: Found = JSON.parse(stdout);
  expect(found).toMatchObject({ bench: 'client-ws', node: process.version, contenders: ['raw-ws', 'holdfast'] });
  expect(found.cells).toHaveLength(9);
  for (const { cell, figures } of found.cells) {
    const { holdfast, 'raw-ws': raw } = figures;
    expect(holdfast?.median, cell).toBeGreaterThan(0);
    if (raw === undefined) expect(cell).toContain('for await');
    else expect(holdfast?.ratio?.median, cell).toBeGreaterThan(0);
  }
}, 300_000);

test('client-http measures operations over HTTP, and those over HTTP/2 beside node:http2 as well', () => {
  const { status, stdout, stderr } = bench('client-http', '--seconds', '0.2', '--only', 'holdfast-http2', '--json');
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const found: Found = JSON.parse(stdout);
  expect(found.contenders).toEqual(['raw-undici', 'raw-http2', 'holdfast-http2']);
  expect(found.cells).toHaveLength(8);
  for (const { cell, figures } of found.cells) {
    expect(figures['raw-undici']?.median, cell).toBeGreaterThan(0);
    const { ratio, second } = figures['holdfast-http2'] ?? {};
    expect(ratio?.median, cell).toBeGreaterThan(0);
    expect(second, cell).toMatchObject({ to: 'raw-http2', ratio: { median: expect.any(Number) } });
  }
}, 300_000);

/** A wrong answer ends the load, and with it the bench: figures mean that every answer was right. */
function expectEveryServer({ contenders, cells }: Found): void {
  for (const { cell, figures } of cells) {
    expect(Object.keys(figures), cell).toEqual(contenders);
    for (const name of contenders) expect(figures[name]?.ratio?.median, `${name}: ${cell}`).toBeGreaterThan(0);
    for (const name of ['holdfast', 'holdfast-jit']) {
      const best = figures[name]?.second;
      expect(contenders.slice(3), cell).toContain(best?.to);
      expect(best?.ratio.median, cell).toBeGreaterThan(0);
    }
  }
}

test('server-http asks every server over HTTP, and compares Holdfast with raw node:http and the best peer', () => {
  const { status, stdout, stderr } = bench('server-http', '--seconds', '0.2', '--json');
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const found: Found = JSON.parse(stdout);
  expect(found.contenders).toEqual([
    'raw-http',
    'holdfast',
    'holdfast-jit',
    'mercurius',
    'mercurius-jit',
    'yoga',
    'graphql-http',
  ]);
  expect(found.cells.map(({ cell }) => cell)).toEqual([
    'small query, 64 connections',
    'small query, 1 connection',
    'list of 50, 64 connections',
  ]);
  expectEveryServer(found);
}, 300_000);

test('server-ws asks every server over WebSocket, opens many connections at once, and weighs idle ones', () => {
  const { status, stdout, stderr } = bench('server-ws', '--seconds', '0.2', '--json');
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const found: Found = JSON.parse(stdout);
  expect(found.contenders).toEqual([
    'raw-ws',
    'holdfast',
    'holdfast-jit',
    'mercurius',
    'mercurius-jit',
    'yoga',
    'graphql-ws',
  ]);
  expect(found.cells.map(({ cell }) => cell)).toEqual([
    'query, 32 connections, 8 at a time',
    'query, 1 connection, 32 at a time',
    'connect, in a storm of 50',
    'idle connection, of 100',
  ]);
  expectEveryServer(found);
  expect(found.notes).toContainEqual(expect.stringContaining('limits.messagesPerSecond'));
}, 300_000);

test('its help names every bench, and what is no bench is refused with it', () => {
  expect(bench('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('client-ws') });
  const refused = bench('client-wss');
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain('There is no bench "client-wss".');
  expect(refused.stderr).toContain('client-ws');
});
