// Interceptors on real sockets, over both subprotocols: a new token after a refusal, a signature on every send, a cache.

import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { JsonText } from '../../../src/protocol/json-text.js';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import type { Interceptor } from '../../../src/session/interceptors.js';
import { mapRequest } from '../../../src/session/map-request.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { dialects, startJournal, startProxy, startSession } from '../behaviour/support/starting.js';
import { until } from '../behaviour/support/waiting.js';
import { KeepsRequests, recording } from './support.js';

const echo = 'query Echo($text: String!) { echo(text: $text) }';

describe.each(dialects)('over %s', (dialect) => {
  test('two interceptors at each level see a call in order, and an event as well', async () => {
    const server = await startJournal();
    const log: string[] = [];
    const session = startSession({
      transport: webSocket(server.url, { protocols: [dialect] }),
      interceptors: {
        call: [recording(log, 'call 1'), recording(log, 'call 2')],
        attempt: [recording(log, 'attempt 1'), recording(log, 'attempt 2')],
      },
    });
    expect(await session.execute(echo, { text: 'hi' })).toEqual({ echo: 'hi' });
    const answers = log.filter((line) => line.includes('next'));
    expect(answers).toEqual(
      ['attempt 2', 'attempt 1', 'call 2', 'call 1'].map((name) => `${name}: next {"echo":"hi"}`),
    );
    log.length = 0;
    const subscription = session.subscribe('subscription { numbers }');
    await until(() => server.subscriptions.running === 1);
    server.publish(7);
    for await (const event of subscription) {
      expect(event).toMatchObject({ type: 'data', data: { numbers: 7 } });
      break;
    }
    expect(log.filter((line) => line.endsWith('cancel')).sort()).toEqual(
      ['attempt 1', 'attempt 2', 'call 1', 'call 2'].map((name) => `${name}: cancel`),
    );
    await until(() => server.subscriptions.running === 0);
  });

  test('a request that is changed after waiting for something is what the server runs', async () => {
    const server = await startJournal();
    const session = startSession({
      transport: webSocket(server.url, { protocols: [dialect] }),
      interceptors: {
        attempt: [
          mapRequest(async (request) => {
            await new Promise((resolve) => setImmediate(resolve));
            const signature = createHmac('sha256', 'secret').update(request.query).digest('hex');
            return { ...request, variables: JsonText.of({ text: signature }) };
          }),
        ],
      },
    });
    const { echo: signature } = await session.execute<{ echo: string }>(echo, { text: 'unsigned' });
    expect(signature).toBe(createHmac('sha256', 'secret').update(echo).digest('hex'));
  });

  test('a query whose connection is cut passes the interceptors of attempts again, a mutation that was sent does not', async () => {
    const server = await startJournal({ idempotency: false });
    const proxy = await startProxy(server);
    const log: string[] = [];
    const session = startSession({
      transport: webSocket(proxy.url('ws', '/graphql'), { protocols: [dialect] }),
      interceptors: { call: [recording(log, 'call')], attempt: [recording(log, 'attempt')] },
    });
    const query = session.execute('{ held(text: "q") }');
    const mutation = session.execute('mutation { addHeld(key: "m") }').catch((error: unknown) => error);
    await until(() => server.held === 2);
    proxy.cut();
    expect(await mutation).toBeInstanceOf(OutcomeUnknownError);
    await until(() => server.queries.length === 2);
    server.release();
    expect(await query).toEqual({ held: 'q' });
    expect(server.journal).toEqual(['m']);
    const starts = (name: string): number => log.filter((line) => line.startsWith(`${name}: start`)).length;
    expect([starts('call'), starts('attempt')]).toEqual([2, 3]);
  });

  test('a cancellation reaches the server through an interceptor that does not hand it on', async () => {
    const server = await startJournal();
    const deaf: Interceptor = (next) => (request, sink) => {
      next(request, sink);
      return { cancel: () => {} };
    };
    const session = startSession({
      transport: webSocket(server.url, { protocols: [dialect] }),
      interceptors: { call: [deaf], attempt: [deaf] },
    });
    const subscription = session.subscribe('subscription { numbers }');
    await until(() => server.subscriptions.running === 1);
    await subscription.return?.();
    await until(() => server.subscriptions.running === 0);
  });

  test('a mistake in an interceptor ends its own call, and the connection goes on', async () => {
    const server = await startJournal();
    const keeps = new KeepsRequests();
    const session = startSession({
      transport: webSocket(server.url, { protocols: [dialect] }),
      interceptors: { attempt: [keeps.interceptor] },
    });
    await session.ready();
    const bad = session.execute(echo, { text: 'bad' }).catch((error: unknown) => error);
    keeps.latest.pass({ variables: { text: 'bad' } as never });
    expect(await bad).toMatchObject({ name: 'InterceptorError', delivery: 'not-sent' });
    const good = session.execute(echo, { text: 'good' });
    keeps.latest.pass();
    expect(await good).toEqual({ echo: 'good' });
    expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
  });
});
