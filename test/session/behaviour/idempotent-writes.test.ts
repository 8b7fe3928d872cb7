// Writes whose answers are lost, between a real session and a real server: a server that remembers what ran under which key
// answers the second time with the first answer. One that has forgotten is never asked to run it again.

import { describe, expect, test } from 'vitest';
import { type IdempotencyStore, memoryIdempotency, type ServerOptions } from '../../../src/server/index.js';
import { DeadlineError } from '../../../src/session/errors/deadline-error.js';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import type { SessionOptions } from '../../../src/session/options.js';
import type { Session } from '../../../src/session/session.js';
import type { FaultProxy } from '../../../src/testing/fault-proxy.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import type { Transport } from '../../../src/transport/contract.js';
import { undici } from '../../../src/transport/undici/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { patienceMs } from '../../server/fuzz/support/patience.js';
import { atEveryPoint, killedAt } from './support/interruptions.js';
import type { JournalServer } from './support/journal-server.js';
import { dialects, startJournal, startProxy, startSession } from './support/starting.js';
import { reached, readyAgain, rejection, until } from './support/waiting.js';

const add = 'mutation ($key: String!) { add(key: $key) }';
const replayed = { idempotency: { replayed: true } };
const soon = { delayMs: () => 1 };

interface Connected {
  readonly server: JournalServer;
  readonly proxy: FaultProxy;
  readonly session: Session;
}

async function connected(
  transport: (proxy: FaultProxy) => Transport,
  options: Partial<ServerOptions> = {},
  sessionOptions: Partial<SessionOptions> = {},
): Promise<Connected> {
  const server = await startJournal(options);
  const proxy = await startProxy(server);
  const retry = { connect: soon, execute: soon };
  const session = startSession({ transport: transport(proxy), retry, ...sessionOptions });
  await session.ready();
  return { server, proxy, session };
}

/** Cuts the connection once the mutation has run and been answered, and before anything of the answer has come through. */
async function cutBeforeTheAnswer({ server, proxy }: Connected): Promise<void> {
  const ran = server.journal.length;
  proxy.stall('down');
  await until(() => server.journal.length > ran && server.server.stats().operations === 0);
  proxy.cut();
  proxy.resume('down');
}

describe.each(dialects)('over %s, a mutation', (dialect) => {
  const overWebSocket = (proxy: FaultProxy): Transport =>
    webSocket(proxy.url('ws', '/graphql'), { protocols: [dialect] });

  test('whose connection is cut after it ran and before its answer ran once, and its caller notices nothing', async () => {
    const all = await connected(overWebSocket);
    const { server, session } = all;
    const call = session.result(add, { key: 'a' });
    await cutBeforeTheAnswer(all);
    const { data, extensions, meta } = await call;
    expect(data).toEqual({ add: 1 });
    expect(extensions).toEqual(replayed);
    expect(meta).toMatchObject({ attempts: 2, generation: 2 });
    expect(server.journal).toEqual(['a']);
  });

  test('whose connection is cut while it runs gets the answer of that run', async () => {
    const { server, proxy, session } = await connected(overWebSocket);
    const call = session.result('mutation { addHeld(key: "a") }');
    await until(() => server.held === 1);
    proxy.cut();
    // By the time that this is answered the server has read the mutation again.
    expect(await session.execute('{ echo(text: "behind it") }')).toEqual({ echo: 'behind it' });
    server.release();
    expect(await call).toMatchObject({ data: { addHeld: 1 }, extensions: replayed, meta: { attempts: 2 } });
    expect(server.journal).toEqual(['a']);
  });

  test('that failed after it had begun fails in the same way, and has not run twice', async () => {
    const all = await connected(overWebSocket, { onError: () => {} });
    const { server, session } = all;
    const call = session.result('mutation { add(key: "a") fails }');
    await cutBeforeTheAnswer(all);
    expect(await call).toMatchObject({
      data: { add: 1, fails: null },
      errors: [{ path: ['fails'] }],
      extensions: replayed,
      meta: { attempts: 2 },
    });
    expect(server.journal).toEqual(['a']);
  });

  test('runs exactly once and is answered wherever its socket dies', { timeout: patienceMs }, async () => {
    const server = await startJournal({ limits: { connectionsPerPrincipal: 1_000 } });
    const attempts = new Set<number>();
    let last = 0;
    const points = await atEveryPoint(async (n) => {
      const { transport, kill } = killedAt(n, server.url, { protocols: [dialect] });
      const session = startSession({ transport, retry: { connect: soon } });
      const { data, meta } = await session.result<{ add: number }>(add, { key: `key ${n}` });
      expect(data).toEqual({ add: n });
      attempts.add(meta.attempts);
      await session.close({ graceMs: 0 });
      last = n;
      return { disturbed: kill.acted };
    });
    expect(points).toBeGreaterThan(8);
    expect([...attempts].sort()).toEqual([1, 2]);
    expect(server.journal).toEqual(Array.from({ length: last }, (_, index) => `key ${index + 1}`));
  });

  test('that meets a server with another memory is not run there, and its outcome is unknown', async () => {
    const all = await connected(overWebSocket);
    const { server, proxy, session } = all;
    const another = await startJournal();
    const outcome = rejection(session.execute(add, { key: 'a' }));
    proxy.retarget(another.port);
    await cutBeforeTheAnswer(all);
    const error = await outcome;
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({ code: 'outcome-unknown', delivery: 'unknown', attempts: 1 });
    // The session goes on there, and the next write is as safe as the first one was.
    const next = session.result(add, { key: 'b' });
    await cutBeforeTheAnswer({ ...all, server: another });
    expect(await next).toMatchObject({ data: { add: 1 }, meta: { attempts: 2, generation: 3 } });
    expect([server.journal, another.journal]).toEqual([['a'], ['b']]);
  });

  test('whose server left and came back without its memory is not run there, and its outcome is unknown', async () => {
    const { server, proxy, session } = await connected(overWebSocket);
    const outcome = rejection(session.execute('mutation { addHeld(key: "a") }'));
    await until(() => server.held === 1);
    await server.close();
    const again = await startJournal();
    proxy.retarget(again.port);
    expect(await outcome).toBeInstanceOf(OutcomeUnknownError);
    expect(await session.execute(add, { key: 'b' })).toEqual({ add: 1 });
    expect(again.journal).toEqual(['b']);
  });

  test('whose server stays away waits to ask it, and no longer than its deadline', async () => {
    const clock = new VirtualClock(1_000_000);
    const retry = { connect: { delayMs: () => 3_600_000 } };
    const { server, proxy, session } = await connected(overWebSocket, {}, { clock, retry, liveness: false });
    const outcome = rejection(session.execute('mutation { addHeld(key: "a") }', {}, { deadlineMs: 5_000 }));
    await until(() => server.held === 1);
    proxy.refuse();
    proxy.cut();
    await reached(session, 'waiting');
    await clock.advance(5_000);
    const error = await outcome;
    expect(error).toBeInstanceOf(DeadlineError);
    expect(error).toMatchObject({ delivery: 'unknown', attempts: 1 });
    expect(server.journal).toEqual(['a']);
  });

  test('that was sent to a server without a memory of keys is not sent again', async () => {
    const all = await connected(overWebSocket, { idempotency: false });
    const { server, session } = all;
    const outcome = rejection(session.execute(add, { key: 'a' }, { idempotencyKey: 'mine' }));
    await cutBeforeTheAnswer(all);
    const error = await outcome;
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({ delivery: 'unknown', attempts: 1 });
    await readyAgain(session, 2);
    expect(await session.execute('{ echo(text: "on") }')).toEqual({ echo: 'on' });
    expect(server.journal).toEqual(['a']);
  });
});

describe('over HTTP, a mutation', () => {
  const overHttp = (proxy: FaultProxy): Transport => undici(proxy.url('http', '/graphql'));

  /** What two servers share, here in one process. */
  function sharedMemory(): IdempotencyStore {
    const memory = memoryIdempotency();
    const { windowMs, name } = memory;
    return { windowMs, name, isShared: true, begin: (key, fingerprint) => memory.begin(key, fingerprint) };
  }

  test('whose answer is lost is answered by another server that shares the memory, and ran once', async () => {
    const idempotency = sharedMemory();
    const all = await connected(overHttp, { idempotency });
    const { server, proxy, session } = all;
    const another = await startJournal({ idempotency });
    // An answer says what the servers behind the address remember.
    await session.execute('{ echo(text: "first") }');
    const call = session.result(add, { key: 'a' });
    proxy.retarget(another.port);
    await cutBeforeTheAnswer(all);
    expect(await call).toMatchObject({ data: { add: 1 }, extensions: replayed, meta: { attempts: 2 } });
    expect([server.journal, another.journal]).toEqual([['a'], []]);
  });

  test('is not sent again to servers that may each have a memory of their own', async () => {
    const all = await connected(overHttp);
    const { server, session } = all;
    await session.execute('{ echo(text: "first") }');
    const outcome = rejection(session.execute(add, { key: 'a' }));
    await cutBeforeTheAnswer(all);
    expect(await outcome).toBeInstanceOf(OutcomeUnknownError);
    await session.execute('{ echo(text: "last") }');
    expect(server.journal).toEqual(['a']);
  });
});
