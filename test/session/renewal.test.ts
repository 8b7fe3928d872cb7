// Credentials that expire: renewed on the live connection where it takes new ones, from one provider that is never asked
// twice at a time.

import { describe, expect, test } from 'vitest';
import type { CredentialsReason } from '../../src/session/credentials.js';
import type { ConnectionNotice } from '../../src/session/notices.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import type { Credentials } from '../../src/transport/contract.js';
import { closedWith } from './support/failures.js';
import { type HarnessOptions, makeSession } from './support/harness.js';

const start = 1_000_000;

/** A session whose tokens, `t1`, `t2` and so on, live `lifeMs` each. */
function expiring(
  lifeMs: number,
  { reauthenticate = true, ...options }: HarnessOptions & { reauthenticate?: boolean } = {},
) {
  const asked: CredentialsReason[] = [];
  const failing = { now: false };
  const clock = new VirtualClock(start);
  const harness = makeSession({
    clock,
    connection: { reauthenticate, ping: false },
    liveness: false,
    credentials: ({ reason, attempt, failure }) => {
      asked.push({ reason, attempt, failure });
      if (failing.now) throw new Error('vault sealed');
      return { connectionParams: { token: `t${asked.length}` }, expiresAt: clock.now() + lifeMs };
    },
    ...options,
  });
  const notices: ConnectionNotice[] = [];
  harness.session.on('connection', (notice) => notices.push(notice));
  return { ...harness, asked, failing, notices, reasons: () => asked.map(({ reason }) => reason) };
}

const tokensOf = (given: readonly Credentials[]) => given.map(({ connectionParams }) => connectionParams?.token);

describe('before credentials expire', () => {
  test('the provider is asked for new ones 30 s ahead, and the connection goes on with them', async () => {
    const { accept, clock, reasons, notices, session } = expiring(3_600_000);
    const connection = await accept();
    await clock.advance(3_569_999);
    expect(reasons()).toEqual(['open']);
    await clock.advance(1);
    expect([reasons(), tokensOf(connection.renewed)]).toEqual([['open', 'expiring'], ['t2']]);
    await clock.advance(3_570_000);
    expect(tokensOf(connection.renewed)).toEqual(['t2', 't3']);
    expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
    expect(notices.filter(({ type }) => type === 'renewed')).toHaveLength(2);
  });

  test('short-lived ones are renewed when a quarter of their life is left', async () => {
    const { accept, clock, reasons } = expiring(8_000);
    await accept();
    await clock.advance(5_999);
    expect(reasons()).toEqual(['open']);
    await clock.advance(1);
    expect(reasons()).toEqual(['open', 'expiring']);
  });

  test('a provider that fails is asked again while there is time, with the reason', async () => {
    const { accept, clock, asked, failing, notices } = expiring(3_600_000);
    const connection = await accept();
    failing.now = true;
    await clock.advance(3_570_000);
    await clock.advance(15_000);
    failing.now = false;
    await clock.advance(7_500);
    expect(asked.slice(1)).toMatchObject([
      { reason: 'expiring', attempt: 1, failure: undefined },
      { reason: 'expiring', attempt: 2, failure: { code: 'credentials' } },
      { reason: 'expiring', attempt: 3, failure: { code: 'credentials' } },
    ]);
    expect(tokensOf(connection.renewed)).toEqual(['t4']);
    expect(notices.filter(({ type }) => type === 'renewal-failed')).toHaveLength(2);
  });

  test('a provider that goes on failing is left alone in the end: the server decides', async () => {
    const { accept, clock, asked, failing, session } = expiring(3_600_000);
    await accept();
    failing.now = true;
    await clock.advance(10_000_000);
    expect(asked.length).toBeGreaterThan(4);
    expect(asked.length).toBeLessThan(12);
    expect([session.state.status, clock.pending]).toEqual(['ready', 0]);
  });

  test('nothing is asked where the connection takes no new ones, or they do not expire', async () => {
    const without = expiring(3_600_000, { reauthenticate: false });
    await without.accept();
    await without.clock.advance(10_000_000);
    expect(without.reasons()).toEqual(['open']);
    const lasting = makeSession({ connection: { reauthenticate: true }, liveness: false, credentials: () => ({}) });
    await lasting.accept();
    await lasting.clock.advance(20_000);
    expect(lasting.clock.pending).toBe(0);
  });

  test('a connection that ended is renewed no more, and neither is a closed session', async () => {
    const { accept, clock, reasons, session } = expiring(3_600_000);
    const first = await accept();
    await clock.advance(1_000_000);
    first.lose();
    await accept();
    await clock.advance(2_600_000);
    expect([reasons(), first.renewed]).toEqual([['open', 'open'], []]);
    await session.close();
    expect(clock.pending).toBe(0);
  });

  test('an answer that comes after the end of the connection is not given to it, and serves the next one', async () => {
    const clock = new VirtualClock(start);
    const answers: ((credentials: Credentials) => void)[] = [];
    const reasons: string[] = [];
    const { transport, session } = makeSession({
      clock,
      connection: { reauthenticate: true, ping: false },
      liveness: false,
      credentials: ({ reason }) => {
        reasons.push(reason);
        if (reasons.length === 1) return { connectionParams: { token: 't1' }, expiresAt: start + 8_000 };
        return new Promise((resolve) => answers.push(resolve));
      },
    });
    await clock.advance(0);
    const first = transport.latest.accept();
    await clock.advance(6_000);
    expect(reasons).toEqual(['open', 'expiring']);
    first.lose(closedWith(4403));
    await clock.advance(0);
    // The server refused: one refresh is wanted at once, and one is in flight already.
    expect([reasons, session.state.status]).toEqual([['open', 'expiring'], 'connecting']);
    answers[0]?.({ connectionParams: { token: 't2' } });
    await clock.advance(0);
    expect([first.renewed, transport.latest.context.credentials]).toEqual([[], { connectionParams: { token: 't2' } }]);
  });
});

test('closing gives up a provider that is being asked', async () => {
  let signal: AbortSignal | undefined;
  const { session, clock } = makeSession({
    credentials: (why) => {
      signal = why.signal;
      return new Promise(() => {});
    },
  });
  await clock.advance(0);
  const closed = session.close();
  await clock.advance(0);
  await closed;
  expect([signal?.aborted, session.state.status, clock.pending]).toEqual([true, 'closed', 0]);
});

test('an expiry that is no time is refused', async () => {
  const { session, clock } = makeSession({
    credentials: () => ({ expiresAt: 'tomorrow' as unknown as number }),
    retry: { connect: false },
  });
  await clock.advance(0);
  expect(session.state).toMatchObject({ status: 'failed', cause: { code: 'credentials' } });
});

test('a provider that fails when the server has refused is asked for newer ones again, not for those of its cache', async () => {
  const reasons: string[] = [];
  const { session, refuse, accept, transport } = makeSession({
    credentials: ({ reason }) => {
      reasons.push(reason);
      if (reasons.length === 2) throw new Error('vault sealed');
      return { connectionParams: { token: reasons.length } };
    },
  });
  await refuse(closedWith(4401));
  await accept();
  expect([reasons, session.state.status]).toEqual([['open', 'refused', 'refused'], 'ready']);
  expect(transport.latest.context.credentials).toEqual({ connectionParams: { token: 3 } });
});
