import { describe, expect, test } from 'vitest';
import type { AcceptOrRefuse, ServerOptions } from '../../../src/server/index.js';
import { advertisedLimits } from '../support/serving.js';
import { dialects, fakeServer, settled } from './support/peer.js';

type Store = Exclude<ServerOptions['idempotency'], false | undefined>;

const store = (given: Partial<Store> = {}): Store => ({
  windowMs: 5_000,
  name: 'here',
  begin: () => ({ type: 'full' }),
  ...given,
});
const idempotency = { windowMs: 5_000, store: 'here' };
const limits = advertisedLimits;
const plain = { type: 'connection_ack', payload: { holdfast: { v: 1, limits } } };

describe.each(dialects)('%s: the payload of the ack', (dialect) => {
  const reauth = dialect === 'graphql-transport-ws' ? { reauth: true } : {};
  const ack = async (options: Partial<ServerOptions>): Promise<object | undefined> => {
    const server = fakeServer(options);
    const peer = server.connect(dialect).init();
    await settled();
    return peer.read()[0];
  };
  const returning = (word: AcceptOrRefuse) => ({ onConnect: () => word });

  test('says what one connection may ask for', async () => {
    expect(await ack({})).toEqual(plain);
    const other = { operationsPerConnection: 7, messagesPerSecond: 8, messageBurst: 9 };
    expect(await ack({ limits: other })).toMatchObject({
      payload: { holdfast: { limits: { operations: 7, messagesPerSecond: 8, burst: 9 } } },
    });
  });

  test.each(['messagesPerSecond', 'messageBurst'])('says nothing of messages where %s has no bound', async (name) => {
    expect(await ack({ limits: { [name]: Number.POSITIVE_INFINITY } })).toEqual({
      type: 'connection_ack',
      payload: { holdfast: { v: 1, limits: { operations: 100 } } },
    });
  });

  test('says how long keys are honoured, and by which store', async () => {
    expect(await ack({ idempotency: store() })).toEqual({
      type: 'connection_ack',
      payload: { holdfast: { v: 1, limits, idempotency } },
    });
  });

  test('is there at once where the name is known at once', () => {
    const peer = fakeServer({ idempotency: store() }).connect(dialect).init();
    expect(peer.types()).toEqual(['connection_ack']);
  });

  test('says it, too, where the name of the store takes a while', async () => {
    expect(await ack({ idempotency: store({ name: Promise.resolve('there') }) })).toEqual({
      type: 'connection_ack',
      payload: { holdfast: { v: 1, limits, idempotency: { windowMs: 5_000, store: 'there' } } },
    });
  });

  test('does not ask for keys while the store is full', async () => {
    expect(await ack({ idempotency: store({ hasRoom: false }) })).toEqual(plain);
  });

  test('does not ask for keys where the store cannot say its name; that is reported and nothing else', async () => {
    const server = fakeServer({ idempotency: store({ name: Promise.reject(new Error('no store')) }) });
    const peer = server.connect(dialect).init();
    await settled();
    expect(peer.read()).toEqual([plain]);
    expect(server.failures.map(({ source }) => source)).toEqual(['idempotency']);
  });

  test('waits no longer for the name of the store than for a hook', async () => {
    const server = fakeServer({ idempotency: store({ name: new Promise(() => {}) }), hookTimeoutMs: 1_000 });
    const peer = server.connect(dialect).init();
    await settled();
    expect(peer.read()).toEqual([]);
    server.core.timers.advance(1_000);
    await settled();
    expect(peer.read()).toEqual([plain]);
    expect(server.failures.map(({ source }) => source)).toEqual(['idempotency']);
  });

  test('a client that leaves while the store says its name is not answered', async () => {
    const server = fakeServer({ idempotency: store({ name: Promise.resolve('there') }) });
    const peer = server.connect(dialect).init();
    peer.events.closed(1006, '', undefined);
    await settled();
    expect(peer.read()).toEqual([]);
    expect(server.core.counters.connections).toBe(0);
  });

  test('offers to renew credentials where a hook looks at them and the protocol has a way', async () => {
    expect(await ack({ ...returning(undefined), idempotency: store() })).toEqual({
      type: 'connection_ack',
      payload: { holdfast: { v: 1, limits, ...reauth, idempotency } },
    });
  });

  test('has what the application says beside it', async () => {
    expect(await ack({ ...returning({ region: 'eu' }), idempotency: store() })).toEqual({
      type: 'connection_ack',
      payload: { region: 'eu', holdfast: { v: 1, limits, ...reauth, idempotency } },
    });
  });

  test('is null where the application says null: then nothing is advertised', async () => {
    expect(await ack({ ...returning(null), idempotency: store() })).toEqual({ type: 'connection_ack', payload: null });
  });
});
