// Every ready-made misbehaviour, seen by a client that knows no GraphQL, and the healthy server that follows it.
import { afterEach, describe, expect, test } from 'vitest';
import {
  answersLate,
  answersUnderWrongId,
  answersWithGarbage,
  closesBeforeAck,
  closesOnOperation,
  completesWithoutData,
  dropsBeforeAck,
  dropsOnOperation,
  dropsUpgrade,
  garbageKinds,
  holdsOperations,
  keepsAliveBeforeAck,
  neverAcks,
  neverPongs,
  neverUpgrades,
  pingsBeforeAck,
  poisoned,
  refusesInit,
  refusesUpgrade,
  type Script,
  type ScriptedServer,
  scriptedServer,
  selectsSubprotocol,
  VirtualClock,
} from '../../../src/testing/index.js';
import { eventually } from '../eventually.js';
import { RawClient, start, subscribe } from '../raw-client.js';

let server: ScriptedServer;
const clients: RawClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.terminate();
  await server.close();
});

async function serve(script: Script): Promise<void> {
  server = await scriptedServer({ script });
}

function client(protocols?: string[]): RawClient {
  const made = new RawClient(server.url, protocols);
  clients.push(made);
  return made;
}

/** A client that has opened and sent `connection_init`. */
async function greeting(protocols?: string[]): Promise<RawClient> {
  const peer = await client(protocols).open();
  peer.send({ type: 'connection_init' });
  return peer;
}

const good = (id: string) => [
  { type: 'next', id, payload: { data: { ok: true } } },
  { type: 'complete', id },
];

describe('misbehaviour at the upgrade', () => {
  test('refusesUpgrade answers with a status and headers, so many times, and is healthy then', async () => {
    await serve(refusesUpgrade({ status: 429, headers: { 'Retry-After': '7' }, body: 'later', times: 2 }));
    for (let attempt = 0; attempt < 2; attempt++) {
      const peer = client();
      await eventually(() => peer.refusal, { status: 429, retryAfter: '7', body: 'later' });
    }
    await client().ready();
    expect([server.upgrades, server.connections.length]).toEqual([3, 1]);
  });

  test('neverUpgrades leaves the request open without an answer', async () => {
    await serve(neverUpgrades({ times: 1 }));
    const peer = client();
    await server.until('an upgrade', () => (server.upgrades === 1 ? true : undefined));
    await client().ready();
    expect([peer.opened, peer.error, peer.closeCode]).toEqual([false, undefined, undefined]);
  });

  test('dropsUpgrade ends the socket without an answer', async () => {
    await serve(dropsUpgrade({ times: 1 }));
    const peer = client();
    await eventually(() => peer.error, 'socket hang up');
    await client().ready();
  });

  test('selectsSubprotocol selects a given one, whatever was offered first', async () => {
    await serve(selectsSubprotocol('graphql-ws'));
    const peer = await client().ready();
    expect(peer.socket.protocol).toBe('graphql-ws');
    peer.send(start('1', '{ a }'));
    await eventually(() => peer.messages[0], { type: 'data', id: '1', payload: { data: { ok: true } } });
  });

  test('selectsSubprotocol selects none and still speaks one', async () => {
    await serve(selectsSubprotocol(undefined, { speaks: 'graphql-ws' }));
    const strict = client();
    await eventually(() => strict.error, 'Server sent no subprotocol');
    const lenient = client([]);
    await lenient.ready();
    lenient.send(start('1', '{ a }'));
    await eventually(() => lenient.messages[0], { type: 'data', id: '1', payload: { data: { ok: true } } });
    expect(server.connections.at(-1)!.subprotocol).toBe('');
  });

  test('selectsSubprotocol selects one that nobody knows', async () => {
    await serve(selectsSubprotocol('mqtt'));
    const peer = client();
    await eventually(() => peer.error, 'Server sent an invalid subprotocol');
  });
});

describe('misbehaviour before the ack', () => {
  test('closesBeforeAck closes when the init was read, so many times, and is healthy then', async () => {
    await serve(closesBeforeAck({ times: 2, code: 4500, reason: 'not yet' }));
    for (let attempt = 0; attempt < 2; attempt++) {
      const peer = await greeting();
      await eventually(() => [peer.closeCode, peer.closeReason, peer.messages], [4500, 'not yet', []]);
    }
    await client().ready();
    await server.received('connection_init', { count: 3 });
  });

  test('closesBeforeAck closes as soon as the socket is open', async () => {
    await serve(closesBeforeAck({ on: 'open', times: 1 }));
    const peer = client();
    await eventually(() => peer.closeCode, 1011);
    await client().ready();
  });

  test('dropsBeforeAck ends the socket without a close frame', async () => {
    await serve(dropsBeforeAck({ times: 1 }));
    const peer = await greeting();
    await eventually(() => peer.closeCode, 1006);
    await client().ready();
  });

  test('neverAcks reads the init and stays silent, alive all the same', async () => {
    await serve(neverAcks({ times: 1 }));
    const peer = await greeting();
    peer.send({ type: 'ping' });
    await eventually(() => peer.messages, [{ type: 'pong' }]);
    expect(server.connections[0]!.acknowledged).toBe(false);
    await client().ready();
  });

  test('pingsBeforeAck sends a ping before the ack', async () => {
    await serve(pingsBeforeAck({ payload: { probe: 1 } }));
    const peer = await greeting();
    await eventually(() => peer.messages, [{ type: 'ping', payload: { probe: 1 } }, { type: 'connection_ack' }]);
  });

  test('keepsAliveBeforeAck sends a ka before the ack', async () => {
    await serve(keepsAliveBeforeAck());
    const peer = await greeting(['graphql-ws']);
    await eventually(() => peer.messages, [{ type: 'ka' }, { type: 'connection_ack' }]);
  });

  test('refusesInit sends connection_error and 1011 to a legacy client, and 4403 to another', async () => {
    await serve(refusesInit({ payload: { message: 'who are you' }, times: 2 }));
    const legacy = await greeting(['graphql-ws']);
    await eventually(() => legacy.closeCode, 1011);
    expect(legacy.messages).toEqual([{ type: 'connection_error', payload: { message: 'who are you' } }]);
    const modern = await greeting();
    await eventually(() => modern.closeCode, 4403);
    await client().ready();
  });

  test('refusesInit can leave the socket open', async () => {
    await serve(refusesInit({ code: false }));
    const peer = await greeting(['graphql-ws']);
    await eventually(() => peer.messages, [{ type: 'connection_error', payload: { message: 'Refused' } }]);
    expect(server.connections[0]!.open).toBe(true);
  });

  test('neverPongs leaves ping messages and ping frames unanswered', async () => {
    await serve(neverPongs());
    const peer = await client().ready();
    peer.send({ type: 'ping' });
    peer.socket.ping('anyone?');
    peer.send(subscribe('1', '{ a }'));
    await eventually(() => peer.messages, good('1'));
    expect(peer.pongs).toEqual([]);
    expect(server.connections[0]!.received.map(({ type }) => type)).toContain('ping');
  });
});

describe('misbehaviour while operations run', () => {
  test('dropsOnOperation ends the socket after the request was read and before it is answered', async () => {
    await serve(dropsOnOperation({ times: 1, matching: ({ kind }) => kind === 'mutation' }));
    const peer = await client().ready();
    peer.send(subscribe('1', '{ a }'), subscribe('2', 'mutation { act }'));
    await eventually(() => peer.closeCode, 1006);
    expect(server.executions.map(({ id }) => id)).toEqual(['1', '2']);
    const again = await client().ready();
    again.send(subscribe('3', 'mutation { act }'));
    await eventually(() => again.messages, good('3'));
  });

  test('dropsOnOperation ends the socket after the answer was delivered', async () => {
    await serve(dropsOnOperation({ when: 'after' }));
    const peer = await client().ready();
    peer.send(subscribe('1', '{ a }'));
    await eventually(() => [peer.closeCode, peer.messages], [1006, good('1')]);
  });

  test('closesOnOperation closes with a code of choice, as 1009', async () => {
    await serve(closesOnOperation({ code: 1009, reason: 'too big', times: 1 }));
    const peer = await client().ready();
    peer.send(subscribe('1', '{ a }'));
    await eventually(() => [peer.closeCode, peer.closeReason, peer.messages], [1009, 'too big', []]);
    await client().ready();
  });

  test('answersLate answers after a delay in the time of the clock', async () => {
    const clock = new VirtualClock();
    await serve(answersLate(1_000, { clock, matching: ({ id }) => id === '1' }));
    const peer = await client().ready();
    peer.send(subscribe('1', '{ slow }'), subscribe('2', '{ quick }'));
    await eventually(() => peer.messages, good('2'));
    await clock.advance(1_000);
    await eventually(() => peer.messages, [...good('2'), ...good('1')]);
  });

  test('answersLate forgets its timer when the connection has ended', async () => {
    const clock = new VirtualClock();
    await serve(answersLate(1_000, { clock }));
    const peer = await client().ready();
    peer.send(subscribe('1', '{ slow }'));
    await eventually(() => clock.pending, 1);
    peer.socket.terminate();
    await eventually(() => clock.pending, 0);
  });

  test('holdsOperations answers when it is told to, and never what was stopped meanwhile', async () => {
    const holding = holdsOperations({ times: 3 });
    await serve(holding);
    const peer = await client().ready();
    peer.send(subscribe('1', '{ a }'), subscribe('2', '{ b }'), subscribe('3', '{ c }'), subscribe('4', '{ d }'));
    await eventually(() => peer.messages, good('4'));
    expect(holding.held.map(({ id }) => id)).toEqual(['1', '2', '3']);
    peer.send({ type: 'complete', id: '2' });
    await server.received('stop');
    holding.release();
    await eventually(() => peer.messages, [...good('4'), ...good('1'), ...good('3')]);
    expect(holding.held).toEqual([]);
  });

  test('answersUnderWrongId answers nobody, then falls silent or answers well', async () => {
    await serve(answersUnderWrongId({ times: 1 }));
    server.use(answersUnderWrongId({ id: '99', afterwards: 'answer', matching: ({ id }) => id === '2' }));
    const peer = await client().ready();
    peer.send(subscribe('1', '{ a }'), subscribe('2', '{ a }'));
    const wrong = (id: string) => [
      { type: 'next', id, payload: { data: { wrong: true } } },
      { type: 'complete', id },
    ];
    await eventually(() => peer.messages, [...wrong('nobody'), ...wrong('99'), ...good('2')]);
  });

  test('completesWithoutData completes and nothing else', async () => {
    await serve(completesWithoutData({ times: 1 }));
    const peer = await client().ready();
    peer.send(subscribe('1', '{ a }'), subscribe('2', '{ a }'));
    await eventually(() => peer.messages, [{ type: 'complete', id: '1' }, ...good('2')]);
  });

  test('answersWithGarbage sends each kind of garbage in the place of an answer', async () => {
    const seen: Record<string, unknown> = {};
    await serve({});
    for (const kind of garbageKinds) {
      const takeOut = server.use(answersWithGarbage(kind, { times: 1 }));
      const peer = await client().ready();
      peer.send(subscribe('1', '{ a }'), subscribe('2', '{ a }'));
      await eventually(() => peer.messages.slice(1), good('2'));
      seen[kind] = peer.messages[0];
      takeOut();
    }
    expect(seen).toEqual({
      'empty-text': '',
      'not-json': '{"type":',
      array: [],
      number: 5,
      null: null,
      'empty-object': {},
      'unknown-type': { type: 'surprise', id: '1' },
      'missing-id': { type: 'next', payload: { data: {} } },
      'missing-payload': { type: 'next', id: '1' },
      'wrong-payload': { type: 'next', id: '1', payload: 'text' },
      'empty-error': { type: 'error', id: '1', payload: [] },
      binary: 'binary {"type":"pong"}',
    });
    expect(() => answersWithGarbage('soup' as 'array')).toThrow('Known: empty-text');
  });

  test.each([4400, 4500, 1009, 1011])('poisoned closes with %i whenever a document contains poison', async (code) => {
    await serve(poisoned({ code }));
    for (let attempt = 0; attempt < 2; attempt++) {
      const peer = await client().ready();
      peer.send(subscribe('1', '{ healthy }'), subscribe('2', '{ poison }'));
      await eventually(() => [peer.closeCode, peer.messages], [code, good('1')]);
    }
  });

  test('poisoned can wait for an event', async () => {
    await serve(poisoned({ on: 'event', code: 1011 }));
    const peer = await client().ready();
    peer.send(subscribe('1', 'subscription { fine }'));
    await server.received('subscribe', { count: 1 });
    server.publish({ data: { fine: 1 } });
    peer.send(subscribe('2', 'subscription { poison }'));
    await server.received('subscribe', { count: 2 });
    expect(peer.closeCode).toBeUndefined();
    server.publish({ data: { fine: 2 } });
    await eventually(() => peer.closeCode, 1011);
    expect(peer.messages).toEqual([
      { type: 'next', id: '1', payload: { data: { fine: 1 } } },
      { type: 'next', id: '1', payload: { data: { fine: 2 } } },
    ]);
  });
});
