// The main job as a user runs it, on real processes and sockets.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { builtFile } from '../support/built.js';
import { Output } from '../support/output.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const longMs = 90_000;
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

test('npm start -- --json prints one JSON object and nothing else, and the ledger balances', {
  timeout: longMs,
}, async () => {
  const output = start('npm', ['start', '--', '--json']);
  const { code } = await output.ended;
  const ledger = JSON.parse(output.stdout);
  expect(ledger.problems).toEqual([]);
  expect(ledger.balanced).toBe(true);
  expect(code).toBe(0);

  const { calls, writes, events, sockets, faults } = ledger;
  expect(calls.queries).toMatchObject({ made: 200, answered: 200, failed: 0, outcomeUnknown: 0, notSent: 0 });
  expect(calls.mutations).toMatchObject({ made: 40, failed: 0, notSent: 0, sentAgain: 0 });
  expect(calls.mutations.answered + calls.mutations.outcomeUnknown).toBe(40);
  expect(writes.answeredAndApplied).toBe(calls.mutations.answered);
  expect(writes.unknownAndApplied + writes.unknownAndNotApplied).toBe(calls.mutations.outcomeUnknown);
  expect(writes.applied).toBe(writes.answeredAndApplied + writes.unknownAndApplied);
  // Three steps of each order that was written.
  expect(events.published).toBe(3 * writes.applied);
  expect(events.delivered + events.missedInGaps).toBe(events.published);
  expect(events.unaccounted).toBe(0);
  expect(events.gaps).toBeGreaterThanOrEqual(3);
  expect(events.delivered).toBeGreaterThan(0);
  expect(sockets.opened).toBeGreaterThanOrEqual(4);
  expect(sockets.generations).toBe(sockets.opened);
  expect(faults.map(({ kind }: { kind: string }) => kind)).toEqual(['cut', 'half-open', 'kill']);
  for (const fault of faults) {
    expect(fault.inFlight.queries).toBeGreaterThan(0);
    expect(fault.noticedAfterMs).toBeGreaterThanOrEqual(0);
    expect(fault.readyAfterMs).toBeGreaterThanOrEqual(fault.noticedAfterMs);
    expect(fault.firstAnswerAfterMs).toBeGreaterThanOrEqual(fault.readyAfterMs);
  }
  // Not before a second of silence and a second without an answer.
  expect(faults[1].noticedAfterMs).toBeGreaterThan(900);
  expect(ledger.settings).toEqual({ silenceMs: 1_000, answerMs: 1_000, backoffCapMs: 2_000 });
  expect(ledger.durationMs).toBeLessThan(60_000);
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
    await expect.poll(() => isAlive(server), { timeout: 5_000 }).toBe(false);
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
