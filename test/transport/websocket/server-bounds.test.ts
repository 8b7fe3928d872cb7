// A session keeps within what its server said in the acknowledgement: how many operations at a time, and how many messages.

import { describe, expect, onTestFinished, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/protocol/json.js';
import { DeadlineError } from '../../../src/session/errors/deadline-error.js';
import { createSession, type Session } from '../../../src/session/session.js';
import { VirtualClock } from '../../../src/testing/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { rejection } from '../../session/support/harness.js';
import { type StandIn, standIns } from './support/stand-in.js';

type Frame = { readonly id: string; readonly type: string };

class Bounded {
  readonly clock = new VirtualClock(1_000_000);
  readonly session: Session;
  readonly #made: readonly StandIn[];

  constructor() {
    const { WebSocket, made } = standIns();
    this.#made = made;
    this.session = createSession({
      transport: webSocket('ws://127.0.0.1/graphql', { WebSocket, protocols: ['graphql-transport-ws'] }),
      clock: this.clock,
      random: () => 0,
      liveness: false,
    });
    onTestFinished(() => void this.session.close({ graceMs: 0 }));
  }

  get socket(): StandIn {
    const socket = this.#made.at(-1);
    if (socket === undefined) throw new Error('Nothing was opened.');
    return socket;
  }

  /** What was sent on the newest socket, without the init. */
  get frames(): readonly Frame[] {
    return this.socket.sent.slice(1).map((text) => JSON.parse(text));
  }

  get starts(): readonly Frame[] {
    return this.frames.filter(({ type }) => type === 'subscribe');
  }

  async accept(limits: JsonValue, more: JsonObject = {}): Promise<void> {
    await this.clock.advance(0);
    this.socket.open('graphql-transport-ws');
    this.say({ type: 'connection_ack', payload: { holdfast: { v: 1, limits, ...more } } });
    await this.clock.advance(0);
  }

  say(message: JsonObject): void {
    this.socket.message(JSON.stringify(message));
  }

  /** Answers so many of those that were sent first. */
  async answer(from: number, count: number = 1): Promise<void> {
    for (const { id } of this.starts.slice(from, from + count))
      this.say({ type: 'next', id, payload: { data: { ok: true } } });
    await this.clock.advance(0);
  }

  call(count: number, kind: 'query' | 'mutation' = 'query'): Promise<unknown>[] {
    return Array.from({ length: count }, () => {
      const answer = this.session.execute(`${kind} { ok }`);
      answer.catch(() => {});
      return answer;
    });
  }
}

async function bounded(limits: JsonValue): Promise<Bounded> {
  const world = new Bounded();
  await world.accept(limits);
  return world;
}

describe('operations at a time', () => {
  test.each(['query', 'mutation'] as const)('those beyond the bound wait for a place, in order: a %s', async (kind) => {
    const world = await bounded({ operations: 3 });
    const answers = world.call(7, kind);
    expect(world.starts).toHaveLength(3);
    await world.answer(0);
    expect(world.starts).toHaveLength(4);
    await world.answer(1, 3);
    expect(world.starts).toHaveLength(7);
    await world.answer(4, 3);
    expect(await Promise.all(answers)).toHaveLength(7);
    const ids = world.starts.map(({ id }) => Number(id));
    expect(ids).toEqual(ids.toSorted((one, other) => one - other));
  });

  test('a call that is cancelled or answered with errors gives its place to the next', async () => {
    const world = await bounded({ operations: 1 });
    const abort = new AbortController();
    world.session.execute('{ a }', {}, { signal: abort.signal }).catch(() => {});
    world.call(2);
    abort.abort();
    await world.clock.advance(0);
    expect(world.frames.map(({ type }) => type)).toEqual(['subscribe', 'complete', 'subscribe']);
    world.say({ type: 'error', id: world.starts[1]?.id ?? '', payload: [{ message: 'no' }] });
    await world.clock.advance(0);
    expect(world.starts).toHaveLength(3);
  });

  test('subscriptions take places, and calls wait for those of calls', async () => {
    const world = await bounded({ operations: 2 });
    const subscription = world.session.subscribe('subscription { s }');
    world.call(3);
    expect(world.starts).toHaveLength(2);
    await world.answer(1);
    expect(world.starts).toHaveLength(3);
    await subscription.return?.();
    await world.clock.advance(0);
    expect(world.starts).toHaveLength(4);
  });

  test('where subscriptions alone take all places nobody waits for ever: the server says that it is too much', async () => {
    const world = await bounded({ operations: 2 });
    for (const name of 'ab') world.session.subscribe(`subscription { ${name} }`);
    world.call(2);
    expect(world.starts).toHaveLength(3);
    world.say({ type: 'error', id: world.starts[2]?.id ?? '', payload: [{ message: 'Too many' }] });
    await world.clock.advance(0);
    expect(world.starts).toHaveLength(4);
  });

  test('a call that waits keeps its deadline, and was not sent', async () => {
    const world = await bounded({ operations: 1 });
    world.call(1);
    const late = rejection(world.session.execute('mutation { b }', {}, { deadlineMs: 500 }), DeadlineError);
    await world.clock.advance(500);
    expect(await late).toMatchObject({ delivery: 'not-sent', attempts: 0 });
    expect(world.starts).toHaveLength(1);
  });

  test('the next connection has bounds of its own', async () => {
    const world = await bounded({ operations: 1 });
    world.call(5);
    world.socket.closed(1006, '', false);
    await world.clock.advance(0);
    await world.accept({ operations: 4 });
    expect(world.starts).toHaveLength(4);
  });
});

describe('messages a second', () => {
  /** A server's bucket, fed with what was sent: how far it went below zero. */
  const owed = (times: readonly number[], { perSecond, burst }: { perSecond: number; burst: number }): number => {
    let tokens = burst;
    let at = times[0] ?? 0;
    let lowest = burst;
    for (const time of times) {
      tokens = Math.min(burst, tokens + ((time - at) * perSecond) / 1_000) - 1;
      at = time;
      lowest = Math.min(lowest, tokens);
    }
    return Math.max(0, -lowest);
  };

  test.each([
    [100, 200],
    [10, 2],
    [5, 1],
    [3, 7],
  ])('%d a second and %d at once are kept to, and no more than a tenth slower', async (perSecond, burst) => {
    const world = await bounded({ messagesPerSecond: perSecond, burst });
    const began = world.clock.now();
    const times = [began];
    world.call(3 * perSecond + burst);
    for (let sent = 0; sent < 3 * perSecond + burst; await world.clock.advanceToNext()) {
      for (; sent < world.starts.length; sent++) times.push(world.clock.now());
      if (sent === 3 * perSecond + burst) break;
    }
    expect(owed(times, { perSecond, burst })).toBe(0);
    expect(world.clock.now() - began).toBeLessThan(((3 * perSecond + burst) / perSecond) * 1_100 + 500);
  });

  test('half a burst goes at once, the rest at their pace', async () => {
    const world = await bounded({ messagesPerSecond: 100, burst: 200 });
    world.call(150);
    expect(world.starts).toHaveLength(99);
    await world.clock.advance(100);
    expect(world.starts.length).toBeGreaterThan(105);
    expect(world.starts.length).toBeLessThan(110);
    await world.clock.advance(500);
    expect(world.starts).toHaveLength(150);
  });

  test('what is no operation counts as well, and never waits', async () => {
    const world = await bounded({ messagesPerSecond: 10, burst: 4 });
    for (let n = 0; n < 10; n++) world.say({ type: 'ping' });
    expect(world.frames.map(({ type }) => type)).toEqual(Array(10).fill('pong'));
    world.call(1);
    await world.clock.advance(900);
    expect(world.starts).toHaveLength(0);
    await world.clock.advance(200);
    expect(world.starts).toHaveLength(1);
  });

  test('nobody waits any more when the connection has ended', async () => {
    const world = await bounded({ messagesPerSecond: 1, burst: 2 });
    world.call(3);
    const closed = world.session.close({ graceMs: 0 });
    await world.clock.advance(0);
    world.socket.closed(1000);
    await closed;
    expect(world.clock.pending).toBe(0);
  });
});

test.each([
  undefined,
  null,
  'many',
  { operations: 0, messagesPerSecond: -1, burst: 'a' },
  { operations: null, messagesPerSecond: 1 },
  { operations: '1', burst: 1 },
])('a server that says %j has no bounds', async (limits) => {
  const world = new Bounded();
  await world.accept(limits as JsonValue);
  world.call(1_000);
  expect(world.starts).toHaveLength(1_000);
});
