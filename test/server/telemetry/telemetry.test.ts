// What a server publishes on diagnostics channels, and that it makes nothing where nobody listens.

import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import type { ServedConnectionMessage, ServedOperationMessage } from '../../../src/server/telemetry/messages.js';
import { Telemetry } from '../../../src/server/telemetry/telemetry.js';
import { ManualTimers } from '../support/manual-timers.js';

const leave: (() => void)[] = [];

afterEach(() => {
  for (const one of leave.splice(0)) one();
});

function listen<Message>(channel: string, heard: (message: Message) => void): void {
  const listener = (message: unknown): void => heard(message as Message);
  subscribe(channel, listener);
  leave.push(() => unsubscribe(channel, listener));
}

function operations(heard: (message: ServedOperationMessage) => void = () => {}): ServedOperationMessage[] {
  const messages: ServedOperationMessage[] = [];
  listen<ServedOperationMessage>('holdfast:server:operation', (message) => {
    messages.push(message);
    heard(message);
  });
  return messages;
}

function setUp(): { readonly timers: ManualTimers; readonly telemetry: Telemetry } {
  const timers = new ManualTimers();
  return { timers, telemetry: new Telemetry(timers) };
}

const nothingSaid = [{ extensions: undefined }, { headers: {} }] as const;

describe('operations', () => {
  test('are not observed where nobody listens', () => {
    expect(setUp().telemetry.operation(...nothingSaid)).toBeUndefined();
  });

  test('are told from start to end, each message about the same object', () => {
    const { timers, telemetry } = setUp();
    const messages = operations();
    const startedAt = timers.now();
    const observed = telemetry.operation(...nothingSaid);
    observed?.known('subscription', 'Ticks', 'subscription Ticks { tick }');
    telemetry.event(observed);
    telemetry.event(observed);
    timers.advance(250);
    telemetry.ended('subscription', 'stopped', startedAt, observed);
    expect(messages).toMatchObject([
      { type: 'start' },
      { type: 'known', kind: 'subscription', name: 'Ticks', document: 'subscription Ticks { tick }' },
      { type: 'event', count: 1 },
      { type: 'event', count: 2 },
      { type: 'end', kind: 'subscription', name: 'Ticks', outcome: 'stopped', durationMs: 250, events: 2 },
    ]);
    expect(new Set(messages.map(({ operation }) => operation)).size).toBe(1);
  });

  test('that are refused before they are known have a start and an end', () => {
    const { telemetry } = setUp();
    const messages = operations();
    telemetry.ended(undefined, 'refused', 0, telemetry.operation(...nothingSaid));
    expect(messages).toMatchObject([{ type: 'start' }, { type: 'end', kind: undefined, name: undefined, events: 0 }]);
  });

  test('are numbered by their server, and servers by their process', () => {
    const [one, other] = [setUp().telemetry, setUp().telemetry];
    const messages = operations();
    for (const telemetry of [one, one, other]) telemetry.operation(...nothingSaid);
    const [first, second, third] = messages.map(({ operation }) => operation);
    expect([first?.number, second?.number, third?.number]).toEqual([1, 2, 1]);
    expect(first?.server).toBe(second?.server);
    expect(third?.server).toBe(Number(first?.server) + 1);
  });

  test('give single texts of headers and extensions to who asks, and show none to who looks', () => {
    const seen: unknown[] = [];
    operations((message) => {
      if (message.type !== 'start') return;
      seen.push(message.header('traceparent'), message.extension('traceparent'));
      seen.push(message.header('constructor'), message.extension('deep'));
      seen.push(inspect(message, { depth: 9, showHidden: true }));
    });
    setUp().telemetry.operation(
      { extensions: { traceparent: 'of the operation', deep: { secret: 'swordfish' } } },
      { headers: { traceparent: 'of the request', authorization: 'Bearer swordfish' } },
    );
    expect(seen.slice(0, 4)).toEqual(['of the request', 'of the operation', undefined, undefined]);
    expect(seen[4]).toContain('start');
    expect(seen[4]).not.toContain('swordfish');
  });

  test('are run inside of what the subscribers put around them, the later one outermost', () => {
    const outer = new AsyncLocalStorage<string>();
    const inner = new AsyncLocalStorage<string>();
    operations((message) => {
      if (message.type === 'start') message.runIn((work) => inner.run(`inner in ${outer.getStore()}`, work));
    });
    operations((message) => {
      if (message.type === 'start') message.runIn((work) => outer.run('outer', work));
    });
    const observed = setUp().telemetry.operation(...nothingSaid);
    expect(observed?.run(() => [outer.getStore(), inner.getStore()])).toEqual(['outer', 'inner in outer']);
    expect(outer.getStore()).toBeUndefined();
  });

  test('are run as they are where no subscriber puts anything around them', () => {
    operations();
    const observed = setUp().telemetry.operation(...nothingSaid);
    expect(observed?.run(() => 'done')).toBe('done');
  });
});

describe('connections', () => {
  test('are told when they open and when they have closed', () => {
    const { telemetry } = setUp();
    const messages: ServedConnectionMessage[] = [];
    telemetry.connectionOpened();
    listen<ServedConnectionMessage>('holdfast:server:connection', (message) => messages.push(message));
    telemetry.connectionOpened();
    telemetry.connectionClosed(4403);
    expect(messages.map(({ server: _, ...rest }) => rest)).toEqual([{ type: 'open' }, { type: 'closed', code: 4403 }]);
    expect(telemetry.tally.connectionsOpened).toBe(2);
  });
});
