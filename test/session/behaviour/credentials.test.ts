// Fresh credentials for every connection, and what follows when a server refuses them, or the session itself, after it has
// been ready once.

import { describe, expect, test } from 'vitest';
import type { CredentialsProvider } from '../../../src/session/credentials.js';
import { refusesInit, refusesUpgrade } from '../../../src/testing/index.js';
import type { Script } from '../../../src/testing/scripted-server/script.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import type { Credentials } from '../../../src/transport/contract.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { dialects, startScripted, startSession } from './support/starting.js';
import { reached, readyAgain, until } from './support/waiting.js';

type Why = Parameters<CredentialsProvider>[0];

/** Gives token 1, token 2, ... and keeps what it was asked. */
function tokens(give: (n: number) => Credentials | Promise<Credentials> = (n) => ({ connectionParams: { token: n } })) {
  const asked: Why[] = [];
  const provider: CredentialsProvider = (why) => give(asked.push(why));
  return { asked, provider };
}

/** Accepts a connection only with one of these tokens. */
function accepts(...accepted: number[]): Script {
  return {
    init: ({ connection, payload }, proceed) =>
      accepted.includes(Number(payload?.token)) ? proceed() : connection.close(4403, 'Forbidden'),
  };
}

describe.each(dialects)('over %s', (dialect) => {
  test('the provider is asked before every connection, and what it gives is what is sent', async () => {
    const { asked, provider } = tokens((n) => ({
      headers: { authorization: `Bearer ${n}` },
      connectionParams: { token: n },
    }));
    const server = await startScripted({ subprotocols: [dialect] });
    const session = startSession({ transport: webSocket(server.url), credentials: provider });
    for (const generation of [1, 2, 3]) {
      await readyAgain(session, generation);
      server.connections[generation - 1]?.drop();
    }
    await readyAgain(session, 4);
    expect(asked.map(({ reason }) => reason)).toEqual(['open', 'open', 'open', 'open']);
    expect(server.connections.map(({ headers }) => headers.authorization)).toEqual(
      [1, 2, 3, 4].map((n) => `Bearer ${n}`),
    );
    const inits = await server.received('init', { count: 4 });
    expect(inits.map(({ meaning }) => meaning)).toEqual(
      [1, 2, 3, 4].map((token) => ({ type: 'init', payload: { token } })),
    );
  });

  test('a token that stops being valid on a live connection is renewed at once, and callers notice nothing', async () => {
    const { asked, provider } = tokens();
    const server = await startScripted({ subprotocols: [dialect], script: accepts(1, 2) });
    const clock = new VirtualClock(1_000_000);
    const session = startSession({ transport: webSocket(server.url), credentials: provider, clock });
    await session.ready();
    server.connections[0]?.close(4401, 'Token expired');
    const calls = Array.from({ length: 20 }, () => session.execute('{ ok }'));
    expect(await Promise.all(calls)).toHaveLength(20);
    expect(clock.now()).toBe(1_000_000);
    expect(asked.map(({ reason }) => reason)).toEqual(['open', 'refused']);
    expect(asked[1]?.failure).toMatchObject({ closeCode: 4401, closeReason: 'Token expired' });
  });
});

describe.each([
  ['closing with 4401', (): Script => refusesInit({ code: 4401 })],
  ['closing with 4403', (): Script => refusesInit({ code: 4403 })],
  ['closing with 1008', (): Script => refusesInit({ code: 1008 })],
  ['answering the upgrade with 401', (): Script => refusesUpgrade({ status: 401 })],
  ['answering the upgrade with 403', (): Script => refusesUpgrade({ status: 403 })],
] as const)('A server that begins to refuse by %s', (_how, refuses) => {
  test('is tried once with new credentials, then at the longest wait of the backoff, until it accepts', async () => {
    const clock = new VirtualClock(1_000_000);
    const { asked, provider } = tokens();
    const server = await startScripted({ subprotocols: ['graphql-transport-ws'] });
    const transport = webSocket(server.url);
    const session = startSession({ transport, credentials: provider, clock, retry: undefined, random: () => 0.5 });
    await session.ready();
    const accept = server.use(refuses());
    server.connections[0]?.drop();
    await clock.advance((await reached(session, 'waiting')).until - clock.now());
    for (let round = 0; round < 2; round++) {
      const state = await reached(session, 'waiting', ({ attempt }) => attempt === 3 + round);
      expect(state.until - clock.now()).toBe(30_000);
      if (round === 0) await clock.advance(30_000);
    }
    expect(asked.map(({ reason }) => reason)).toEqual(['open', 'open', 'refused', 'refused']);
    accept();
    await clock.advance(30_000);
    await reached(session, 'ready');
  });

  test('is tried at the longest wait at once where there is nothing to renew', async () => {
    const clock = new VirtualClock(1_000_000);
    const server = await startScripted({ subprotocols: ['graphql-transport-ws'] });
    const credentials = { connectionParams: { token: 1 } };
    const session = startSession({
      transport: webSocket(server.url),
      credentials,
      clock,
      retry: undefined,
      random: () => 0.5,
    });
    await session.ready();
    const accept = server.use(refuses());
    server.connections[0]?.drop();
    await clock.advance((await reached(session, 'waiting')).until - clock.now());
    const { until: nextAt } = await reached(session, 'waiting', ({ attempt }) => attempt === 2);
    expect(nextAt - clock.now()).toBe(30_000);
    accept();
    await clock.advance(30_000);
    await reached(session, 'ready');
  });
});

test('a legacy connection_error after the session has been ready is renewed once, whatever close code follows it', async () => {
  for (const code of [1011, 1000, 4400] as const) {
    const { asked, provider } = tokens();
    const server = await startScripted({ subprotocols: ['graphql-ws'] });
    const session = startSession({ transport: webSocket(server.url), credentials: provider });
    await session.ready();
    server.use(refusesInit({ payload: { message: 'bad token' }, code, times: 1 }));
    server.connections[0]?.drop();
    await reached(session, 'ready', ({ generation }) => generation > 1);
    expect(asked.map(({ reason }) => reason)).toEqual(['open', 'open', 'refused']);
    expect(asked[2]?.failure).toMatchObject({ code: 'refused', message: expect.stringContaining('bad token') });
  }
});

describe('A ready connection that ends', () => {
  const endings = [
    ...[1000, 1001, 1011, 1012, 1013, 1014, 4408, 4429, 4499, 4500, 4504].map((code) => [
      code,
      'random up to 500 ms',
      250,
    ]),
    ...[1002, 1003, 1007, 1009, 4400, 4409, 4004].map((code) => [code, 'random up to 500 ms', 250]),
    [4406, 'random up to 60 s', 30_000],
  ] as [code: number, wait: string, waitMs: number][];

  test.each(endings)('with %i is replaced after a wait that is %s', async (code, _wait, waitMs) => {
    const clock = new VirtualClock(1_000_000);
    const server = await startScripted();
    const session = startSession({ transport: webSocket(server.url), clock, retry: undefined, random: () => 0.5 });
    await session.ready();
    server.connections[0]?.close(code, 'because');
    const state = await reached(session, 'waiting');
    expect(state).toMatchObject({ cause: { code: 'closed', closeCode: code, closeReason: 'because' } });
    expect(state.until - clock.now()).toBe(waitMs);
    await clock.advance(waitMs);
    await readyAgain(session, 2);
  });
});

test('a provider that throws or takes longer than 10 s is a failed attempt, and the next one may succeed', async () => {
  const clock = new VirtualClock(1_000_000);
  const { asked, provider } = tokens((n) => {
    if (n === 1) throw new Error('no secret in this message');
    return n === 2 ? new Promise<Credentials>(() => {}) : {};
  });
  const server = await startScripted();
  const retry = { connect: { delayMs: () => 1 } };
  const session = startSession({ transport: webSocket(server.url), credentials: provider, clock, retry });
  expect(await reached(session, 'waiting')).toMatchObject({ attempt: 1, cause: { code: 'credentials' } });
  await clock.advance(1);
  await until(() => asked.length === 2);
  await clock.advance(10_000);
  expect(await reached(session, 'waiting', ({ attempt }) => attempt === 2)).toMatchObject({
    cause: { code: 'credentials', message: expect.stringContaining('10000 ms') },
  });
  await clock.advance(1);
  await session.ready();
  expect(server.upgrades).toBe(1);
});

test('no message or state shows the credentials, in whatever way they are refused', async () => {
  const secret = 'hunter2';
  const credentials = () => ({ headers: { authorization: secret }, connectionParams: { token: secret } });
  for (const script of [refusesInit(), refusesUpgrade({ status: 401 })]) {
    const server = await startScripted({ script });
    const session = startSession({
      transport: webSocket(`${server.url}?token=${secret}`),
      credentials,
    });
    const { cause } = await reached(session, 'failed');
    expect(JSON.stringify(cause)).not.toContain(secret);
    await expect(session.ready()).rejects.toThrow(/^(?!.*hunter2)/s);
    expect(server.upgrades).toBe(2);
  }
});
