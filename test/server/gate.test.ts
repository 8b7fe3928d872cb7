import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { legacyWsServer, type ServerDialect, transportWsServer } from '../../src/protocol/dialects/index.js';
import { Connection } from '../../src/server/websocket/connection.js';
import { type GateEvent, type GateState, passGate } from '../../src/server/websocket/gate.js';
import { RawClient } from './support/client.js';
import { fakeCore } from './support/core.js';
import { stranger } from './support/fake-connection.js';
import { FakeSocket } from './support/fake-socket.js';
import { startServer, until } from './support/serving.js';

const init = { type: 'connection_init' };
const hello = (type: string, id: string) => ({ type, id, payload: { query: '{ hello }' } });

/** A hook that accepts or refuses when the test says so. */
function judge() {
  let decide = (_accept: boolean): void => {};
  const word = new Promise<void>((resolve, reject) => {
    decide = (accept) => (accept ? resolve() : reject(new Error('refused')));
  });
  // Nobody may have asked: then nobody hears of the refusal.
  word.catch(() => {});
  return { onConnect: () => word, decide };
}

describe('on a real socket', () => {
  test('subscribe before the init is closed with 4401 and runs nothing', async () => {
    await using t = await startServer();
    const client = await RawClient.open(t.ws);
    client.send(hello('subscribe', '1'));
    expect(await client.ended).toEqual({ code: 4401, reason: 'Unauthorized' });
    expect(t.probe.began).toEqual([]);
  });

  test('subscribe between init and ack is closed with 4401 and never runs, also when the hook accepts later', async () => {
    const { onConnect, decide } = judge();
    await using t = await startServer({ onConnect });
    const client = await RawClient.open(t.ws);
    client.send(init);
    client.send(hello('subscribe', '1'));
    expect((await client.ended).code).toBe(4401);
    decide(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(t.probe.began).toEqual([]);
    expect(client.unread).toEqual([]);
  });

  test('legacy: start between init and ack runs after the hook accepted', async () => {
    const { onConnect, decide } = judge();
    await using t = await startServer({ onConnect });
    const client = await RawClient.open(t.ws, 'graphql-ws');
    client.send(init);
    client.send(hello('start', '1'));
    client.send(hello('start', '2'));
    client.send({ type: 'stop', id: '2' });
    expect(await client.next()).toEqual({ type: 'complete', id: '2' });
    expect(t.probe.began).toEqual([]);
    decide(true);
    expect((await client.next()).type).toBe('connection_ack');
    expect((await client.next()).type).toBe('ka');
    expect(await client.next()).toEqual({ type: 'data', id: '1', payload: { data: { hello: 'Hello world' } } });
    expect(await client.next()).toEqual({ type: 'complete', id: '1' });
    expect(t.probe.began).toEqual(['hello']);
  });

  test('legacy: start between init and refusal goes with the connection', async () => {
    const { onConnect, decide } = judge();
    await using t = await startServer({ onConnect });
    const client = await RawClient.open(t.ws, 'graphql-ws');
    client.send(init);
    client.send(hello('start', '1'));
    await until(() => t.server.stats().operations === 1);
    decide(false);
    await client.next('connection_error');
    expect((await client.ended).code).toBe(1011);
    expect(client.unread).toEqual([]);
    expect(t.probe.began).toEqual([]);
    expect(t.server.stats().operations).toBe(0);
  });

  test('legacy: start without an init is closed with 4401 and runs nothing', async () => {
    await using t = await startServer();
    const client = await RawClient.open(t.ws, 'graphql-ws');
    client.send(hello('start', '1'));
    expect((await client.ended).code).toBe(4401);
    expect(t.probe.began).toEqual([]);
  });

  test('a ping before the init is answered with its payload, a complete before the ack is ignored', async () => {
    await using t = await startServer();
    const client = await RawClient.open(t.ws);
    client.send({ type: 'complete', id: '1' });
    client.send({ type: 'pong' });
    client.send({ type: 'ping', payload: { at: 1 } });
    expect(await client.next()).toEqual({ type: 'pong', payload: { at: 1 } });
    client.send({ type: 'ping' });
    expect(await client.next()).toEqual({ type: 'pong' });
  });
});

describe('the machine', () => {
  const events: readonly GateEvent[] = ['init', 'start', 'accept', 'timeout', 'end'];

  const close = (code: number) => expect.objectContaining({ type: 'close', code });

  test.each<[GateState, GateEvent, boolean, GateState, unknown]>([
    ['waiting', 'init', true, 'authorising', { type: 'authorise' }],
    ['waiting', 'start', true, 'ended', close(4401)],
    ['waiting', 'start', false, 'ended', close(4401)],
    ['waiting', 'accept', true, 'waiting', { type: 'ignore' }],
    ['waiting', 'timeout', true, 'ended', close(4408)],
    ['authorising', 'init', true, 'ended', close(4429)],
    ['authorising', 'init', false, 'authorising', { type: 'ignore' }],
    ['authorising', 'start', true, 'ended', close(4401)],
    ['authorising', 'start', false, 'authorising', { type: 'hold' }],
    ['authorising', 'accept', true, 'accepted', { type: 'acknowledge' }],
    ['authorising', 'timeout', true, 'authorising', { type: 'ignore' }],
    ['accepted', 'init', true, 'ended', close(4429)],
    ['accepted', 'init', false, 'accepted', { type: 'acknowledge-again' }],
    ['accepted', 'start', true, 'accepted', { type: 'run' }],
    ['accepted', 'accept', true, 'accepted', { type: 'ignore' }],
    ['accepted', 'timeout', true, 'accepted', { type: 'ignore' }],
    ['accepted', 'end', true, 'ended', { type: 'ignore' }],
    ['ended', 'start', false, 'ended', { type: 'ignore' }],
  ])('%s, %s (strict: %s): %s', (state, event, strict, next, verdict) => {
    expect(passGate(state, event, strict)).toEqual([next, verdict]);
  });

  test('runs nothing before it has acknowledged, and nothing after it ended', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events)), fc.boolean(), (sequence, strict) => {
        let state: GateState = 'waiting';
        let accepted = false;
        let closes = 0;
        for (const event of sequence) {
          const before = state;
          const [next, verdict] = passGate(state, event, strict);
          state = next;
          if (verdict.type === 'acknowledge') accepted = true;
          if (verdict.type === 'run') expect(accepted).toBe(true);
          if (verdict.type === 'close') closes += 1;
          if (before === 'ended') expect([next, verdict.type]).toEqual(['ended', 'ignore']);
        }
        expect(closes).toBeLessThanOrEqual(1);
      }),
    );
  });
});

// Whatever order a client's messages, the hook's word and the end of the socket come in.
describe('a thousand interleavings', () => {
  const step = fc.constantFrom('init', 'ping', 'start', 'stop', 'accept', 'refuse', 'timeout', 'garbage', 'gone');

  test.each([
    ['graphql-transport-ws', transportWsServer],
    ['graphql-ws', legacyWsServer],
  ] as const)(
    '%s: no resolver begins before the hook accepted, and the socket is closed at most once',
    async (_, dialect) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          const outcome = await play(dialect, steps);
          expect(outcome.startedTooEarly).toBe(0);
          expect(outcome.socket.closes.length).toBeLessThanOrEqual(1);
          expect(outcome.hookCalls).toBeLessThanOrEqual(1);
          expect(outcome.disconnects).toBe(1);
          expect(outcome.counters).toEqual({ connections: 0, operations: 0, sources: 0, failedSockets: 0 });
          expect(outcome.timers.armed).toBe(0);
        }),
        { numRuns: 1_000 },
      );
    },
  );

  async function play(dialect: ServerDialect, steps: readonly string[]) {
    const legacy = dialect === legacyWsServer;
    const { onConnect, decide } = judge();
    const socket = new FakeSocket();
    let decision: 'accept' | 'refuse' | undefined;
    let startedTooEarly = 0;
    let hookCalls = 0;
    let disconnects = 0;
    const core = fakeCore(
      () => {
        if (decision !== 'accept' || hookCalls !== 1) startedTooEarly += 1;
        return Promise.resolve({ kind: 'result', result: { data: {} } });
      },
      {
        keepAliveMs: 0,
        onConnect: () => {
          hookCalls += 1;
          return onConnect();
        },
        onDisconnect: () => {
          disconnects += 1;
        },
      },
    );
    const { timers, counters } = core;
    let setReleased = (): void => {};
    const released = new Promise<void>((resolve) => {
      setReleased = resolve;
    });
    const owner = { ended: () => {}, released: setReleased };
    const connection = new Connection(core, dialect, socket, stranger(), owner);
    connection.open();
    const send = (message: unknown): void => connection.message(JSON.stringify(message));
    let id = 0;
    for (const step of steps) {
      if (step === 'init') send(init);
      if (step === 'ping') send({ type: 'ping' });
      if (step === 'start') {
        id += 1;
        send(hello(legacy ? 'start' : 'subscribe', String(id)));
      }
      if (step === 'stop') send({ type: legacy ? 'stop' : 'complete', id: String(id) });
      if (step === 'accept' || step === 'refuse') {
        decision ??= step;
        decide(step === 'accept');
      }
      if (step === 'timeout') timers.advance(10_000);
      if (step === 'garbage') connection.message('[');
      if (step === 'gone') connection.close(1001, '');
      await Promise.resolve();
    }
    connection.closed(1006, '', undefined);
    decide(false);
    await released;
    for (let i = 0; i < 10; i++) await Promise.resolve();
    return { startedTooEarly, socket, hookCalls, disconnects, counters, timers };
  }
});
