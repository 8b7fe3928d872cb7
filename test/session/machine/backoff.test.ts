// When the connection machine opens the next connection, and when it stops: the backoff, the verdicts, the bounds of a rule.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConnectPolicy } from '../../../src/session/connect-policy.js';
import { connectPolicy } from '../../../src/session/connect-policy.js';
import { type RetryOptions, resolveRule } from '../../../src/session/retry.js';
import type { Failure } from '../../../src/transport/contract.js';
import { closedWith, httpStatus, refusedByNetwork } from '../support/failures.js';
import { MachineRun } from '../support/machine-run.js';

function policyOf(connect: RetryOptions['connect'], random: () => number, canRefresh: boolean = false): ConnectPolicy {
  const rule = resolveRule('retry.connect', connect, Number.POSITIVE_INFINITY);
  return connectPolicy(
    { reconnect: connect !== false, connect: rule, execute: rule, subscribe: rule },
    canRefresh,
    random,
  );
}

/** The wait that the last step asked for, ms. */
function waitOf(run: MachineRun): number {
  const { state } = run.machine;
  return state.status === 'waiting' ? state.until - run.at : Number.NaN;
}

describe('the backoff between attempts to connect', () => {
  test('the n-th wait is random between 0 and 500 ms x 2^n, at most 60 s', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.double({ min: 0, max: 0.999_999, noNaN: true }), (n, random) => {
        const run = new MachineRun(policyOf(undefined, () => random)).start().openFailed();
        for (let wait = 0; wait < n; wait++) run.timer('backoff').openFailed();
        expect(waitOf(run)).toBe(random * Math.min(60_000, 500 * 2 ** n));
      }),
    );
  });

  test('starts anew only after a connection was stable, not when one was merely ready', () => {
    const run = new MachineRun().start().openFailed().timer('backoff').openFailed().timer('backoff').opened();
    expect(run.effects).toContain('set stable 10000');
    expect(waitOf(run.lost())).toBe(300);
    run.timer('backoff').opened().timer('stable');
    expect(waitOf(run.lost())).toBe(100);
  });

  test('an earlier connection does not make a later one stable: its timer is cancelled with it', () => {
    const run = new MachineRun().start().opened();
    expect(run.lost().effects).toContain('cancel stable');
  });

  test('the Retry-After of the server is waited for, where it is longer than the backoff', () => {
    expect(waitOf(new MachineRun().start().openFailed(httpStatus(503, 9_000)))).toBe(9_000);
    expect(waitOf(new MachineRun().start().openFailed(httpStatus(503, 10)))).toBe(100);
  });

  test('own delays are asked with the number of failures and the random source of the session', () => {
    const asked: [number, number][] = [];
    const delayMs = (attempt: number, random: () => number): number => {
      asked.push([attempt, random()]);
      return attempt * 7;
    };
    const run = new MachineRun(policyOf({ delayMs }, () => 0.25)).start().openFailed();
    expect(waitOf(run)).toBe(7);
    expect(waitOf(run.timer('backoff').openFailed())).toBe(14);
    expect(asked).toEqual([
      [1, 0.25],
      [2, 0.25],
    ]);
  });
});

describe('what a failed connection means', () => {
  const rows: [what: string, failure: Failure, first: string, afterwards: string][] = [
    ['the network', refusedByNetwork, 'retry', 'retry'],
    ['a close without a frame', closedWith(1006), 'retry', 'retry'],
    ['HTTP 503 at the handshake', httpStatus(503), 'retry', 'retry'],
    ['HTTP 401 at the handshake', httpStatus(401), 'fail', 'cap'],
    ['4403', closedWith(4403), 'fail', 'cap'],
    ['a legacy connection_error', { ...refusedByNetwork, code: 'refused' }, 'fail', 'cap'],
    ['HTTP 404 at the handshake', httpStatus(404), 'fail', 'cap'],
    ['4406', closedWith(4406), 'fail', 'cap'],
    ['the certificate', { ...refusedByNetwork, code: 'tls' }, 'fail', 'cap'],
    ['a wrong address', { ...refusedByNetwork, code: 'bad-address' }, 'fail', 'cap'],
  ];
  const cap = 30_000;

  test.each(rows)('%s, before the session was ever ready', (_what, failure, first) => {
    const run = new MachineRun(policyOf(undefined, () => 0.5)).start().openFailed(failure);
    expect(outcome(run)).toBe(first);
  });

  test.each(rows)('%s, after the session was ready once', (_what, failure, _first, afterwards) => {
    const run = new MachineRun(policyOf(undefined, () => 0.5)).start().opened().timer('stable').lost().timer('backoff');
    expect(outcome(run.openFailed(failure))).toBe(afterwards);
  });

  test.each(rows)('%s, when it ended a ready connection', (_what, failure, _first, afterwards) => {
    const run = new MachineRun(policyOf(undefined, () => 0.5)).start().opened().timer('stable').lost(failure);
    expect(outcome(run)).toBe(afterwards);
  });

  function outcome(run: MachineRun): string {
    if (run.status === 'failed') return 'fail';
    return waitOf(run) === cap ? 'cap' : 'retry';
  }
});

describe('credentials that were refused', () => {
  test('are refreshed once and at once; refused again, a session that was never ready fails', () => {
    const run = new MachineRun(policyOf(undefined, () => 0.5, true)).start().openFailed(httpStatus(401));
    expect([run.status, ...run.effects]).toEqual(['connecting', 'open 2 with new credentials']);
    expect(run.openFailed(httpStatus(401)).machine.state).toMatchObject({ status: 'failed', attempts: 2 });
  });

  test('are refreshed once and at once; refused again, a session that was ready retries at the cap', () => {
    const run = new MachineRun(policyOf(undefined, () => 0.5, true)).start().opened().timer('stable');
    expect(run.lost(closedWith(4401)).effects).toContain('open 2 with new credentials');
    expect(waitOf(run.openFailed(closedWith(4401)))).toBe(30_000);
    expect(waitOf(run.timer('backoff').openFailed(closedWith(4401)))).toBe(30_000);
  });

  test('may be refreshed again once a connection was stable', () => {
    const run = new MachineRun(policyOf(undefined, () => 0.5, true)).start().openFailed(httpStatus(401)).opened();
    run.timer('stable');
    expect(run.lost(closedWith(4403)).effects).toContain('open 3 with new credentials');
  });

  test('a server that accepts and refuses in turn gets no storm of refreshes', () => {
    const run = new MachineRun(policyOf(undefined, () => 0.5, true)).start().openFailed(httpStatus(401)).opened();
    expect(run.lost(closedWith(4403)).status).toBe('waiting');
  });
});

describe('a rule for connecting', () => {
  test('retry.connect: false makes the first connection the only one', () => {
    const lost = new MachineRun(policyOf(false, () => 0.5)).start().opened().timer('stable').lost();
    expect(lost.machine.state).toMatchObject({ status: 'failed', attempts: 1 });
    const refused = new MachineRun(policyOf(false, () => 0.5)).start().openFailed();
    expect(refused.machine.state).toMatchObject({ status: 'failed', attempts: 1 });
  });

  test('retry.connect: false does not follow a server that is going away', () => {
    const run = new MachineRun(policyOf(false, () => 0.5)).start().opened().timer('stable').goingAway();
    expect([run.status, ...run.effects]).toEqual(['ready']);
  });

  test('attempts: 3 opens three times and then gives up', () => {
    const run = new MachineRun(policyOf({ attempts: 3 }, () => 0.5)).start().openFailed();
    expect(run.timer('backoff').openFailed().status).toBe('waiting');
    expect(run.timer('backoff').openFailed().effects).toEqual(['give up after 3']);
  });

  test('attempts: 3 is counted anew after a stable connection', () => {
    const run = new MachineRun(policyOf({ attempts: 3 }, () => 0.5)).start().openFailed().timer('backoff').opened();
    run.timer('stable').lost().timer('backoff').openFailed().timer('backoff').openFailed();
    expect(run.status).toBe('waiting');
    expect(run.timer('backoff').openFailed().effects).toEqual(['give up after 3']);
  });

  test('its own verdict is asked before the tables, and undefined leaves it to them', () => {
    const contexts: unknown[] = [];
    const verdict = (failure: Failure, context: unknown) => {
      contexts.push(context);
      if (failure.closeCode === 4406) return 'retry' as const;
      return failure.closeCode === 1013 ? ('fail' as const) : undefined;
    };
    const run = new MachineRun(policyOf({ verdict }, () => 0.5)).start().openFailed(closedWith(4406));
    expect(waitOf(run)).toBe(250);
    expect(waitOf(run.timer('backoff').openFailed(closedWith(1006)))).toBe(500);
    expect(run.timer('backoff').openFailed(closedWith(1013)).status).toBe('failed');
    expect(contexts[0]).toEqual({
      subject: 'connect',
      attempt: 1,
      delivery: 'not-sent',
      kind: undefined,
      operationName: undefined,
    });
  });

  test('its own verdict may ask for new credentials', () => {
    const run = new MachineRun(policyOf({ verdict: () => 'refresh' }, () => 0.5, true)).start().openFailed();
    expect(run.effects).toEqual(['open 2 with new credentials']);
  });
});

describe('reconnect()', () => {
  test('cuts a wait short and keeps the backoff', () => {
    const run = new MachineRun().start().openFailed().reconnect();
    expect([run.status, ...run.effects]).toEqual(['connecting', 'cancel backoff', 'open 2']);
    expect(waitOf(run.openFailed())).toBe(200);
  });

  test('leaves failed with a clean slate: attempts, backoff and refresh count from the start', () => {
    const run = new MachineRun({ ...policyOf({ attempts: 2 }, () => 0.5, true) }).start().openFailed(httpStatus(401));
    expect(run.openFailed(httpStatus(401)).status).toBe('failed');
    expect(run.reconnect().effects).toEqual(['open 3 with new credentials']);
    expect(waitOf(run.openFailed())).toBe(250);
    expect(run.timer('backoff').openFailed().effects).toEqual(['give up after 2']);
  });
});
