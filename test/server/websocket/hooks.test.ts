import { describe, expect, test } from 'vitest';
import type { ServerOptions } from '../../../src/server/index.js';
import { RawClient } from '../support/client.js';
import { failsOnEscapedErrors } from '../support/escaped.js';
import { ManualTimers } from '../support/manual-timers.js';
import { startServer, type TestServer, until } from '../support/serving.js';
import { type Dialect, dialects, starts } from './support/peer.js';

// Nothing that a hook does may get away.
failsOnEscapedErrors();

const ways: readonly [string, () => never | Promise<never>][] = [
  [
    'throws',
    () => {
      throw new Error('the hook is broken');
    },
  ],
  ['rejects', () => Promise.reject(new Error('the hook is broken'))],
  ['never settles', () => new Promise(() => {})],
];
const cases = dialects.flatMap((dialect) => ways.map(([name, way]) => [dialect, name, way] as const));

const hookTimeoutMs = 1_000;
const init = { type: 'connection_init' };

/** Runs with a hook that is broken until it has been called once, in time that the test moves. */
async function withHook(
  name: 'onConnect' | 'onDisconnect' | 'principal' | 'context' | 'eventContext' | 'onError',
  way: () => never | Promise<never>,
  work: (t: TestServer, broken: () => Promise<void>) => Promise<void>,
  more: Partial<ServerOptions> = {},
): Promise<void> {
  const timers = new ManualTimers();
  let calls = 0;
  const hook = (own: unknown): unknown => {
    calls += 1;
    if (calls === 1) return way();
    return name === 'context' || name === 'eventContext' ? own : undefined;
  };
  const options = { keepAliveMs: 1_000_000, hookTimeoutMs, [name]: hook, ...more } as Partial<ServerOptions>;
  await using t = await startServer(options, { timers });
  await work(t, async () => {
    await until(() => calls > 0);
    // What rejects or throws is over; what never settles is over when its time is.
    await new Promise((resolve) => setImmediate(resolve));
    timers.advance(hookTimeoutMs);
  });
}

async function isServed(t: TestServer, dialect: Dialect): Promise<void> {
  const client = await RawClient.accepted(t.ws, dialect);
  client.send({ type: starts[dialect], id: '1', payload: { query: '{ hello }' } });
  expect((await client.next()).payload).toEqual({ data: { hello: 'Hello world' } });
  await client.next('complete');
}

describe.each(['onConnect', 'principal'] as const)('%s', (name) => {
  test.each(cases)('%s: that %s fails one connection and is reported once', async (dialect, _, way) => {
    await withHook(name, way, async (t, broken) => {
      const client = await RawClient.open(t.ws, dialect);
      client.send(init);
      await broken();
      if (dialect === 'graphql-ws') await client.next('connection_error');
      expect((await client.ended).code).toBe(dialect === 'graphql-ws' ? 1011 : 4500);
      expect(t.failures.map(({ source }) => source)).toEqual([name]);
      await isServed(t, dialect);
    });
  });
});

describe('onDisconnect', () => {
  test.each(cases)('%s: that %s is reported once, and everything is released', async (dialect, _, way) => {
    await withHook('onDisconnect', way, async (t, broken) => {
      const client = await RawClient.accepted(t.ws, dialect);
      await client.close();
      await broken();
      await until(() => t.failures.length === 1);
      expect(t.failures[0]?.source).toBe('onDisconnect');
      expect(t.server.stats().connections).toBe(0);
      await isServed(t, dialect);
    });
  });
});

describe('context', () => {
  test.each(cases)('%s: that %s is one error of one operation and reported once', async (dialect, _, way) => {
    await withHook('context', way, async (t, broken) => {
      const client = await RawClient.accepted(t.ws, dialect);
      client.send({ type: starts[dialect], id: '1', payload: { query: '{ hello }' } });
      await broken();
      await client.next('error');
      expect(t.failures.map(({ source }) => source)).toEqual(['context']);
      client.send({ type: starts[dialect], id: '1', payload: { query: '{ hello }' } });
      await client.next();
      await client.next('complete');
      expect(t.server.stats().operations).toBe(0);
    });
  });
});

describe('eventContext', () => {
  test.each(cases)(
    '%s: that %s spoils one event or one subscription, is reported once, and the socket stays',
    async (dialect, _, way) => {
      await withHook('eventContext', way, async (t, broken) => {
        const client = await RawClient.accepted(t.ws, dialect);
        client.send({ type: starts[dialect], id: '1', payload: { query: 'subscription { count(to: 2) }' } });
        await broken();
        for (let type = ''; type !== 'complete' && type !== 'error'; ) ({ type } = await client.next());
        expect(t.failures.map(({ source }) => source)).toEqual(['eventContext']);
        await until(() => t.server.stats().sources === 0);
        client.send({ type: starts[dialect], id: '1', payload: { query: '{ hello }' } });
        await client.next();
        await client.next('complete');
      });
    },
  );
});

describe('onError', () => {
  test.each(cases)('%s: that %s harms nobody', async (dialect, _, way) => {
    let accepts = false;
    const onConnect = (): void => {
      if (!accepts) throw new Error('database down');
    };
    await withHook(
      'onError',
      way,
      async (t, broken) => {
        const client = await RawClient.open(t.ws, dialect);
        client.send(init);
        expect((await client.ended).code).toBe(dialect === 'graphql-ws' ? 1011 : 4500);
        await broken();
        accepts = true;
        await isServed(t, dialect);
      },
      { onConnect },
    );
  });
});
