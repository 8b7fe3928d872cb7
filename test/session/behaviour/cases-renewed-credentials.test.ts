// New credentials on their way through a session, on real sockets: what waits for them, what one connection is told, when a
// first contact is over, and a live connection that takes them without being replaced.

import { describe, expect, test } from 'vitest';
import type { CredentialsProvider } from '../../../src/session/credentials.js';
import { refusesUpgrade, type Script, VirtualClock } from '../../../src/testing/index.js';
import type { Credentials } from '../../../src/transport/contract.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { countOf, nextEvent, open, serve } from './support/sessions.js';
import { dialects } from './support/starting.js';
import { isSettled, reached, readyAgain, rejection, turns, until } from './support/waiting.js';

type Give = (credentials: Credentials) => void;

/** Answers only when the test says so. */
function slow() {
  const asked: string[] = [];
  const answers: Give[] = [];
  const provider: CredentialsProvider = ({ reason }) => {
    asked.push(reason);
    return new Promise((resolve) => {
      answers.push(resolve);
    });
  };
  const answer = async (token: string, more: Credentials = {}): Promise<void> => {
    await until(() => answers.length > 0);
    answers.shift()?.({ connectionParams: { token }, ...more });
  };
  return { asked, provider, answer };
}

/** Accepts these tokens and refuses all others. */
const accepts = (...tokens: unknown[]): Script => ({
  init: ({ connection, payload }, proceed) => {
    if (tokens.includes(payload?.token)) return proceed();
    connection.close(4401, 'Unauthorized');
  },
});

describe.each(dialects)('over %s', (dialect) => {
  test('whatever waits is kept while refused credentials are renewed, and is sent once with the new ones', async () => {
    const clock = new VirtualClock(1_000_000);
    const { asked, provider, answer } = slow();
    const server = await serve(dialect, { script: accepts('new') });
    const session = open(server, { clock, credentials: provider });
    const calls = ['{ ok }', 'mutation { ok }', '{ ok }'].map((text) => session.result(text));
    const subscription = session.subscribe('subscription { n }');
    const first = nextEvent(subscription);
    const impatient = rejection(session.execute('query Impatient { ok }', {}, { deadlineMs: 5_000 }));
    await answer('old');
    await until(() => asked.length === 2);
    await clock.advance(5_000);
    expect(await impatient).toMatchObject({ name: 'DeadlineError', delivery: 'not-sent', attempts: 0 });
    expect(session.state).toMatchObject({ status: 'connecting', attempt: 2 });
    expect(session.operations).toBe(4);
    expect(await Promise.all(calls.map(isSettled))).toEqual([false, false, false]);
    await answer('new');
    for (const { data, meta } of await Promise.all(calls)) {
      expect({ data, ...meta }).toMatchObject({ data: { ok: true }, attempts: 1, generation: 2 });
    }
    await until(() => server.subscriptions.length === 1);
    server.publish({ data: { n: 1 } });
    expect(await first).toMatchObject({ type: 'data', data: { n: 1 } });
    expect(asked).toEqual(['open', 'refused']);
    expect(countOf(server, 'start')).toBe(4);
  });

  test('a refusal while much is in progress asks once, and every caller sees one connection with one identity', async () => {
    let asked = 0;
    const credentials = async (): Promise<Credentials> => {
      asked += 1;
      return { headers: { authorization: `Bearer ${asked}` }, connectionParams: { token: asked } };
    };
    const server = await serve(dialect, { script: accepts(1, 2, 3, 4) });
    const transport = webSocket(server.url);
    const [session, other] = [open(server, { transport, credentials }), open(server, { transport, credentials })];
    await Promise.all([session.ready(), other.ready()]);
    server.connections[0]?.close(4403, 'Forbidden');
    server.connections[1]?.drop();
    const calls = Array.from({ length: 30 }, (_, n) => (n % 2 === 0 ? session : other).execute('{ ok }'));
    await Promise.all([...calls, readyAgain(session, 2), readyAgain(other, 2)]);
    expect([asked, server.upgrades]).toEqual([4, 4]);
    for (const { headers, received } of server.connections) {
      const payload = received[0]?.meaning.type === 'init' ? received[0].meaning.payload : undefined;
      expect(headers.authorization).toBe(`Bearer ${payload?.token}`);
      expect(received.filter(({ meaning }) => meaning.type === 'init')).toHaveLength(1);
    }
  });

  test('a first contact is over at the second refusal, also with an outage between the two', async () => {
    const { asked, provider, answer } = slow();
    const server = await serve(dialect, { script: accepts('none') });
    const session = open(server, { credentials: provider });
    const call = rejection(session.execute('mutation { ok }'));
    await answer('old');
    await until(() => asked.length === 2);
    const outage = server.use(refusesUpgrade({ status: 503, times: 1 }));
    await answer('newer');
    await answer('newest');
    const { attempts, cause } = await reached(session, 'failed');
    outage();
    expect([attempts, cause.closeCode, asked]).toEqual([3, 4401, ['open', 'refused', 'open']]);
    expect(await call).toMatchObject({ name: 'ConnectError', retryable: false, delivery: 'not-sent', closeCode: 4401 });
    await turns(20);
    expect(server.upgrades).toBe(3);
  });
});

describe('A server that takes new credentials on the live connection', () => {
  const lifeMs = 120_000;
  const takesNewOnes: Script = {
    init: ({ connection }) => connection.ack({ holdfast: { v: 1, reauth: true } }),
    ping: ({ connection, payload }) => {
      const { auth } = (payload?.holdfast ?? {}) as { auth?: unknown };
      connection.pong(auth === undefined ? payload : { holdfast: { auth: 'accepted' } });
    },
  };

  async function expiring() {
    const clock = new VirtualClock(1_000_000);
    const { asked, provider, answer } = slow();
    const server = await serve('graphql-transport-ws', { script: takesNewOnes });
    const session = open(server, { clock, credentials: provider, liveness: false, deadlineMs: 3_600_000 });
    const give = (token: string) => answer(token, { expiresAt: clock.now() + lifeMs });
    await give('t1');
    await session.ready();
    return { clock, asked, give, server, session };
  }

  test('is given them before the old ones expire: calls and subscriptions notice nothing', async () => {
    const { clock, asked, give, server, session } = await expiring();
    const subscription = session.subscribe('subscription { n }');
    await server.received('start');
    await clock.advance(lifeMs - 30_000);
    await until(() => asked.length === 2);
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    await give('t2');
    const [ping] = await server.received('ping');
    expect(ping?.text).toBe('{"type":"ping","payload":{"holdfast":{"auth":{"token":"t2"}}}}');
    server.publish({ data: { n: 1 } });
    expect(await nextEvent(subscription)).toMatchObject({ type: 'data', data: { n: 1 } });
    expect(asked).toEqual(['open', 'expiring']);
    expect([session.state, server.upgrades]).toMatchObject([{ status: 'ready', generation: 1 }, 1]);
  });

  test('that refuses while new ones are on their way gets those with its next connection, asked for once', async () => {
    const { clock, asked, give, server, session } = await expiring();
    await clock.advance(lifeMs - 30_000);
    await until(() => asked.length === 2);
    server.connections[0]?.close(4401, 'Expired');
    const call = session.execute('{ ok }');
    await reached(session, 'connecting');
    await give('t2');
    expect(await call).toEqual({ ok: true });
    const inits = await server.received('init', { count: 2 });
    expect(inits.map(({ text }) => JSON.parse(text ?? '').payload)).toEqual([{ token: 't1' }, { token: 't2' }]);
    expect([asked, countOf(server, 'ping')]).toEqual([['open', 'expiring'], 0]);
  });
});
