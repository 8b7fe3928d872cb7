// Credentials stay where they belong: whatever goes wrong over a session's life, nothing that a program can show or log of it
// holds them, neither errors with their causes, nor states, notices, diagnostics, the console, or the session itself.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { CredentialsProvider } from '../../../src/session/credentials.js';
import { createSession, type Session } from '../../../src/session/session.js';
import {
  answersWithGarbage,
  dropsOnOperation,
  poisoned,
  refusesInit,
  refusesUpgrade,
  type Script,
  type ScriptedOperation,
  type ScriptedServer,
} from '../../../src/testing/index.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { type WebSocketConstructor, type WebSocketOptions, webSocket } from '../../../src/transport/websocket/index.js';
import { open, type TestOptions } from './support/sessions.js';
import { dialects, startScripted } from './support/starting.js';
import { reached, readyAgain, rejection, until } from './support/waiting.js';

const secret = 'hunter2';
const channels = ['holdfast:state', 'holdfast:connection', 'holdfast:operation'];

/** Everything that is to be seen of what went wrong. */
class Seen {
  readonly #things: unknown[] = [];
  readonly names: Set<string> = new Set();

  constructor() {
    const hear = (message: unknown): void => void this.#things.push(message);
    for (const name of channels) subscribe(name, hear);
    const spies = (['warn', 'error'] as const).map((method) => vi.spyOn(console, method).mockImplementation(hear));
    onTestFinished(() => {
      for (const name of channels) unsubscribe(name, hear);
      for (const spy of spies) spy.mockRestore();
    });
  }

  of(session: Session): void {
    this.#things.push(session, session.state);
    for (const event of ['state', 'connection', 'operation'] as const) {
      session.on(event, (told: unknown) => this.#things.push(told));
    }
  }

  async errorOf(promise: Promise<unknown>): Promise<void> {
    const error = await rejection(promise);
    this.names.add((error as Error).name);
    this.#things.push(error, (error as Error).message, (error as Error).stack);
  }

  get text(): string {
    const hidden = inspect(this.#things, { depth: 30, showHidden: true, maxArrayLength: null, maxStringLength: null });
    return `${hidden}\n${JSON.stringify(this.#things)}`;
  }
}

/** New secrets each time. Wherever they may be put there are some. */
function provider(withHeaders: boolean): CredentialsProvider {
  let asked = 0;
  return () => {
    asked += 1;
    return {
      ...(withHeaders ? { headers: { authorization: `Bearer ${secret}-${asked}` } } : {}),
      connectionParams: { token: `${secret}-${asked}`, nested: { password: secret } },
    };
  };
}

const address = ({ url }: ScriptedServer): string => `${url.replace('//', `//alice:${secret}@`)}?token=${secret}`;

const named = (name: string) => ({
  matching: ({ operationName }: ScriptedOperation): boolean => operationName === name,
});

const ways: [way: string, webSocketOptions: WebSocketOptions][] = [
  ...dialects.map((protocol): [string, WebSocketOptions] => [protocol, { protocols: [protocol] }]),
  ['a WebSocket of the platform', { WebSocket: WebSocket as unknown as WebSocketConstructor }],
];

describe.each(ways)('over %s nothing shows the credentials', (_way, options) => {
  const withHeaders = options.WebSocket === undefined;
  const start = (server: ScriptedServer, seen: Seen, more: TestOptions = {}): Session => {
    const session = open(server, {
      transport: webSocket(address(server), options),
      credentials: provider(withHeaders),
      ...more,
    });
    seen.of(session);
    return session;
  };

  test('when they are refused at first contact, or the server cannot be reached', async () => {
    const seen = new Seen();
    const refusals: Script[] = [
      refusesInit(),
      refusesInit({ code: 4401 }),
      refusesUpgrade({ status: 401, headers: { 'WWW-Authenticate': 'Bearer' } }),
      { upgrade: () => ({ kind: 'drop' }) },
    ];
    for (const script of refusals) {
      const server = await startScripted({ script });
      const session = start(server, seen, { retry: { connect: { attempts: 3, delayMs: () => 1 } } });
      await seen.errorOf(session.ready());
      await seen.errorOf(session.execute('{ ok }', { password: 'another' }));
      await seen.errorOf(session.subscribe('subscription { n }').next());
      await session.close();
      await seen.errorOf(session.execute('{ ok }'));
    }
    expect([...seen.names].sort()).toEqual(['ConnectError', 'SessionClosedError']);
    expect(seen.text).not.toContain(secret);
  });

  test('when connections and operations fail in every way', async () => {
    const seen = new Seen();
    const server = await startScripted({
      script: [
        dropsOnOperation({ ...named('Lost'), times: 1 }),
        answersWithGarbage('not-json', { ...named('Garbage'), times: 1 }),
        poisoned({ word: 'Poison', code: 4400 }),
        { operation: (operation, proceed) => (operation.operationName === 'Held' ? undefined : proceed()) },
      ],
    });
    const session = start(server, seen);
    const once = { retry: false } as const;
    await session.ready();
    await seen.errorOf(session.execute('mutation Lost { ok }'));
    await seen.errorOf(session.execute('query Garbage { ok }', {}, once));
    await seen.errorOf(session.execute('query Poison { ok }'));
    await seen.errorOf(session.execute('query Held { ok }', {}, { deadlineMs: 50 }));
    await seen.errorOf(session.execute('query Held { ok }', {}, { signal: AbortSignal.abort() }));
    const refused = server.use({ init: ({ connection }) => connection.close(4403, 'Forbidden') });
    server.connections.at(-1)?.close(4401, 'Expired');
    await reached(session, 'waiting', ({ cause }) => cause.closeCode === 4403);
    await seen.errorOf(session.ready({ deadlineMs: 1 }));
    await seen.errorOf(session.ping());
    refused();
    await readyAgain(session, 4);
    const held = session.execute('query Held { ok }');
    await until(() => server.executions.at(-1)?.operationName === 'Held');
    void session.close({ graceMs: 1 });
    await seen.errorOf(held);
    expect([...seen.names].sort()).toEqual([
      'CancelledError',
      'ConnectError',
      'ConnectionLostError',
      'DeadlineError',
      'OperationRejectedError',
      'OutcomeUnknownError',
      'SessionClosedError',
    ]);
    expect(seen.text).not.toContain(secret);
  });
});

test('a session that fails while nobody listens warns without them', async () => {
  const server = await startScripted({ script: refusesUpgrade({ status: 503 }) });
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  onTestFinished(() => warn.mockRestore());
  const retry = { connect: { delayMs: () => 1 } };
  const session = createSession({ transport: webSocket(address(server)), credentials: provider(true), retry });
  onTestFinished(() => session.close({ graceMs: 0 }));
  await until(() => warn.mock.calls.length > 0);
  expect(warn.mock.calls.join()).toContain(server.url);
  expect(warn.mock.calls.join()).not.toContain(secret);
});

test('a provider that takes too long, or is given up, is told of without what it had given before', async () => {
  const seen = new Seen();
  const clock = new VirtualClock(1_000_000);
  const server = await startScripted();
  let asked = 0;
  const give = provider(true);
  const session = open(server, {
    transport: webSocket(address(server)),
    clock,
    credentials: (why) => {
      asked += 1;
      return asked === 1 ? give(why) : new Promise(() => {});
    },
  });
  seen.of(session);
  await session.ready();
  server.connections[0]?.close(4401, 'Expired');
  await until(() => asked === 2);
  await clock.advance(10_000);
  await reached(session, 'waiting', ({ cause }) => cause.code === 'credentials');
  await seen.errorOf(session.ping());
  await clock.advance(1);
  await until(() => asked === 3);
  await session.close();
  expect(seen.text).toContain('took longer than 10000 ms');
  expect(seen.text).not.toContain(secret);
});
