// The main job as a user runs it, on real processes and sockets.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Ledger } from '../../src/cli/demo/ledger.js';
import { builtFile } from '../support/built.js';
import { Output } from '../support/output.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Each of these tests starts several processes. */
vi.setConfig({ testTimeout: 90_000 });
const running = new Set<ChildProcess>();

function start(command: string, args: readonly string[], env: Record<string, string> = {}): Output {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  child.on('exit', () => running.delete(child));
  return new Output(child);
}

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

interface Printed extends Ledger {
  readonly transport: string;
  readonly durationMs: number;
  readonly settings: object;
}

/** What holds over every transport. */
function expectBalance({ problems, balanced, calls, writes, events, faults, durationMs, settings }: Printed): void {
  expect(problems).toEqual([]);
  expect(balanced).toBe(true);
  expect(calls.queries).toMatchObject({ made: 200, answered: 200, failed: 0, outcomeUnknown: 0, notSent: 0 });
  expect(calls.mutations).toMatchObject({ made: 40, failed: 0, notSent: 0 });
  expect(calls.mutations.answered + calls.mutations.outcomeUnknown).toBe(40);
  expect(writes.appliedTwice).toBe(0);
  expect(writes.answeredAndApplied).toBe(calls.mutations.answered);
  expect(writes.unknownAndApplied + writes.unknownAndNotApplied).toBe(calls.mutations.outcomeUnknown);
  expect(writes.applied).toBe(writes.answeredAndApplied + writes.unknownAndApplied);
  // Three steps of each order that was written.
  expect(events.published).toBe(3 * writes.applied);
  expect(events.delivered + events.missedInGaps).toBe(events.published);
  expect(events.unaccounted).toBe(0);
  expect(events.gaps).toBeGreaterThanOrEqual(3);
  expect(events.delivered).toBeGreaterThan(0);
  for (const fault of faults) {
    expect(fault.inFlight.queries).toBeGreaterThan(0);
    expect(fault.noticedAfterMs).toBeGreaterThanOrEqual(0);
    expect(fault.firstAnswerAfterMs).toBeGreaterThanOrEqual(fault.noticedAfterMs ?? Number.NaN);
  }
  expect(settings).toEqual({ silenceMs: 1_000, answerMs: 1_000, backoffCapMs: 2_000 });
  expect(durationMs).toBeLessThan(60_000);
}

/** What holds where one connection carries everything. */
function expectOneConnection({ sockets, faults }: Printed): void {
  expect(sockets.opened).toBeGreaterThanOrEqual(4);
  expect(sockets.generations).toBe(sockets.opened);
  expect(faults.map(({ kind }) => kind)).toEqual(['cut', 'half-open', 'kill']);
  for (const { noticedAfterMs, readyAfterMs, firstAnswerAfterMs } of faults) {
    expect(readyAfterMs).toBeGreaterThanOrEqual(noticedAfterMs ?? Number.NaN);
    expect(firstAnswerAfterMs).toBeGreaterThanOrEqual(readyAfterMs ?? Number.NaN);
  }
  // Not before a second of silence and a second without an answer.
  expect(faults[1]?.noticedAfterMs).toBeGreaterThan(900);
}

test('npm start -- --json prints one JSON object and nothing else, and the ledger balances', async () => {
  const output = start('npm', ['start', '--', '--json']);
  const { code } = await output.ended;
  const ledger: Printed = JSON.parse(output.stdout);
  expectBalance(ledger);
  expectOneConnection(ledger);
  expect([code, ledger.transport]).toEqual([0, 'websocket']);
});

test('It balances over one connection of HTTP/2, and over requests that stand for themselves', async () => {
  const run = async (transport: string): Promise<Printed> => {
    const output = start(process.execPath, [builtFile('cli/main.js'), 'demo', '--json', '--transport', transport]);
    const { code } = await output.ended;
    expect({ code, err: output.stderr }).toEqual({ code: 0, err: '' });
    return JSON.parse(output.stdout);
  };
  const [http2, undici] = await Promise.all([run('http2'), run('undici')]);
  expect([http2.transport, undici.transport]).toEqual(['http2', 'undici']);
  for (const { calls } of [http2, undici]) expect(calls.mutations.sentAgain).toBe(0);
  expectBalance(http2);
  expectOneConnection(http2);
  expectBalance(undici);
  expect(undici.sockets.generations).toBe(1);
  expect(undici.sockets.opened).toBeLessThanOrEqual(undici.sockets.requests);
  expect(undici.faults.map(({ kind }) => kind)).toEqual(['cut', 'reset', 'kill']);
});

describe('The demo ends early', () => {
  let temporary = '';
  beforeEach(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'holdfast-test-'));
  });
  afterEach(() => rm(temporary, { recursive: true, force: true }));

  const startDemo = (...flags: string[]): Output =>
    start(process.execPath, [builtFile('cli/main.js'), 'demo', ...flags], { TMPDIR: temporary });

  async function serverOf(output: Output): Promise<number> {
    const line = await output.line(/server +process (\d+) listens/);
    return Number(line[1]);
  }

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'on %s, with a fault in progress, and leaves nothing behind',
    async (signal) => {
      const output = startDemo();
      const server = await serverOf(output);
      expect(isAlive(server)).toBe(true);
      await output.line(/FAULT/);
      output.child.kill(signal);
      const { code } = await output.ended;
      expect(code).toBe({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal]);
      expect(output.stderr).toContain(`ended early, by ${signal}`);
      expect(isAlive(server)).toBe(false);
      expect(await readdir(temporary)).toEqual([]);
    },
  );

  test('when its reader goes away', async () => {
    const output = startDemo();
    const server = await serverOf(output);
    output.child.stdout?.destroy();
    await output.ended;
    expect(output.stderr).toContain('nobody reads its output');
    expect(isAlive(server)).toBe(false);
    expect(await readdir(temporary)).toEqual([]);
  });

  test('when its server dies by itself, and says so in the ledger', async () => {
    const output = startDemo();
    process.kill(await serverOf(output), 'SIGKILL');
    const { code } = await output.ended;
    expect(code).toBe(1);
    expect(output.stdout).toMatch(/The ledger does NOT balance:\n {2}- The shop server ended by itself \(SIGKILL\)/);
    expect(await readdir(temporary)).toEqual([]);
  });

  test('and its server ends with it, even when it is killed', async () => {
    const output = startDemo();
    const server = await serverOf(output);
    output.child.kill('SIGKILL');
    await output.ended;
    await expect.poll(() => isAlive(server), { timeout: 20_000 }).toBe(false);
  });

  test('and with --json prints one JSON object that says why', async () => {
    const output = start(process.execPath, [builtFile('cli/main.js'), 'demo', '--json'], {
      TMPDIR: join(temporary, 'none'),
    });
    const { code } = await output.ended;
    expect(code).toBe(1);
    expect(JSON.parse(output.stdout)).toEqual({ balanced: false, problems: [expect.stringContaining('ENOENT')] });
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
