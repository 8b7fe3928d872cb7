// Sessions over HTTP/2: whatever way the peer leaves, what it did not take is sent to the next connection, and nothing that it
// may have taken is repeated by accident.

import type { ServerHttp2Stream } from 'node:http2';
import { expect, onTestFinished, test } from 'vitest';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import type { SessionOptions } from '../../../src/session/options.js';
import { createSession, type Session } from '../../../src/session/session.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { http2 } from '../../../src/transport/http2/index.js';
import { patience } from './support/clients.js';
import {
  answer,
  data,
  ErrorCode,
  type FramePeer,
  FrameType,
  goAway,
  head,
  rstStream,
  Setting,
  serveFrames,
  settings,
} from './support/frames.js';
import { bodyOf, serve } from './support/servers.js';

const quick: Partial<SessionOptions> = { retry: { connect: { delayMs: () => 1 } } };

function startSession(address: string, options: Partial<SessionOptions> = {}): Session {
  const session = createSession({ transport: http2(address), ...quick, ...options });
  onTestFinished(() => session.close({ graceMs: 0 }));
  return session;
}

const done = '{"data":{"done":true}}';

/** Answers each request with its place in the order of all. */
function answerCounting(): (stream: ServerHttp2Stream) => Promise<void> {
  let count = 0;
  return async (stream) => {
    await bodyOf(stream);
    count += 1;
    stream.respond({ ':status': 200, 'content-type': 'application/json' });
    stream.end(JSON.stringify({ data: { count } }));
  };
}

test('a hundred concurrent calls share one connection and its streams', async () => {
  const server = await serve(answerCounting(), { settings: { maxConcurrentStreams: 10 } });
  const session = startSession(server.address);
  const answers = await Promise.all(Array.from({ length: 100 }, () => session.execute<{ count: number }>('{ count }')));
  expect(new Set(answers.map(({ count }) => count)).size).toBe(100);
  expect(server.connections).toBe(1);
  expect(server.peakStreams).toBe(10);
});

test('a server that restarts with grace, over and over, fails no mutation and repeats none', async () => {
  let count = 0;
  const server = await serve(
    async (stream) => {
      await bodyOf(stream);
      count += 1;
      // Every now and then it lets go of everybody, after what it has begun.
      if (count % 25 === 0) for (const session of server.sessions) if (!session.closed) session.close();
      if (stream.destroyed) return;
      stream.respond({ ':status': 200, 'content-type': 'application/json' });
      stream.end(done);
    },
    { settings: { maxConcurrentStreams: 5 } },
  );
  const session = startSession(server.address);
  for (let round = 0; round < 5; round++) {
    await Promise.all(Array.from({ length: 60 }, () => session.execute('mutation { done }')));
  }
  expect(count).toBe(300);
  expect(server.connections).toBeGreaterThan(5);
});

test('a farewell with an error: a mutation that was not taken is sent again, one that was taken stays unknown', async () => {
  const server = await serveFrames((peer) => peer.write(settings({ [Setting.maxConcurrentStreams]: 2 })));
  const session = startSession(server.address);
  const calls = ['taken', 'beyond', 'queued'].map((name) => session.execute(`mutation { ${name} }`));
  const outcomes = Promise.allSettled(calls);
  await expect.poll(() => server.peers[0]?.opened, patience).toEqual([1, 3]);
  server.peers[0]?.write(goAway(1, ErrorCode.enhanceYourCalm));
  await expect.poll(() => server.peers[1]?.opened, patience).toEqual([1, 3]);
  server.peers[1]?.write(answerJson(1), answerJson(3));
  const [taken, beyond, queued] = await outcomes;
  expect(taken).toMatchObject({ status: 'rejected', reason: expect.any(OutcomeUnknownError) });
  expect(beyond).toEqual({ status: 'fulfilled', value: { done: true } });
  expect(queued).toEqual({ status: 'fulfilled', value: { done: true } });
});

/** JSON without a content type, as our hand-written head has none. */
function answerJson(streamId: number): Buffer {
  return answer(streamId, done);
}

test('a refused mutation is sent again', async () => {
  const server = await serveFrames();
  const session = startSession(server.address);
  const call = session.execute('mutation { done }');
  await expect.poll(() => server.peers[0]?.opened, patience).toEqual([1]);
  server.peers[0]?.write(rstStream(1, ErrorCode.refusedStream));
  await expect.poll(() => server.peers[0]?.opened, patience).toEqual([1, 3]);
  server.peers[0]?.write(answerJson(3));
  expect(await call).toEqual({ done: true });
});

test('a call that is cancelled resets its stream, and others go on', async () => {
  const server = await serveFrames();
  const session = startSession(server.address);
  const giveUp = new AbortController();
  const cancelled = session
    .execute('{ slow }', undefined, { signal: giveUp.signal })
    .catch((error: Error) => error.name);
  const other = session.execute('{ done }');
  await expect.poll(() => server.peers[0]?.opened, patience).toEqual([1, 3]);
  giveUp.abort();
  expect(await cancelled).toBe('CancelledError');
  await expect.poll(() => server.peers[0]?.resets, patience).toEqual({ 1: ErrorCode.cancel });
  server.peers[0]?.write(answerJson(3));
  expect(await other).toEqual({ done: true });
});

test('a peer whose frames nobody can read is given up, by its silence where Node says nothing of them, and the session goes on', async () => {
  const clock = new VirtualClock();
  const server = await serveFrames();
  const session = startSession(server.address, { clock });
  const call = session.execute('{ done }');
  await expect.poll(() => server.peers[0]?.opened, patience).toEqual([1]);
  server.peers[0]?.write(Buffer.from('this is no frame of HTTP/2 '.repeat(10)));
  await expect.poll(() => server.peers[0]?.count(FrameType.goAway), patience).toBe(1);
  const openedNext = async (): Promise<number[] | undefined> => {
    const { state } = session;
    // Long steps through the silence; short ones while the next connection is made, which takes real time.
    await clock.advance(state.status === 'ready' && state.generation === 1 ? 1_000 : 1);
    return server.peers[1]?.opened;
  };
  await expect.poll(openedNext, patience).toEqual([1]);
  expect(clock.now()).toBeLessThan(25_000);
  server.peers[1]?.write(answerJson(1));
  expect(await call).toEqual({ done: true });
});

test('a quiet connection lives by its pings', async () => {
  const clock = new VirtualClock();
  const server = await serveFrames();
  const session = startSession(server.address, { clock, liveness: { silenceMs: 10, answerMs: 10_000 } });
  await session.ready();
  // In small steps: the way there and back of a ping, which no virtual clock makes shorter, is a few of them.
  const pings = async (): Promise<number | undefined> => {
    await clock.advance(100);
    return server.peers[0]?.count(FrameType.ping);
  };
  await expect.poll(pings, patience).toBeGreaterThan(2);
  expect(session.state.status).toBe('ready');
  expect(server.peers).toHaveLength(1);
});

function eventStream(): { start(stream: ServerHttp2Stream): void; send(value: number): void } {
  const streams = new Set<ServerHttp2Stream>();
  return {
    start: (stream) => {
      streams.add(stream);
      stream.on('close', () => streams.delete(stream));
      stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
      stream.write(':\n\n');
    },
    send: (value) => {
      for (const stream of streams) stream.write(`event: next\ndata: {"data":{"tick":${value}}}\n\n`);
    },
  };
}

test('a subscription is a stream of its own beside calls, and goes on over the next connection', async () => {
  const feed = eventStream();
  const count = answerCounting();
  const server = await serve((stream, headers) => {
    if (String(headers.accept).startsWith('text/event-stream')) feed.start(stream);
    else void count(stream);
  });
  const session = startSession(server.address);
  const subscription = session.subscribe<{ tick: number }>('subscription { tick }');
  const events: unknown[] = [];
  const reading = (async () => {
    for await (const event of subscription) {
      events.push(event.type === 'data' ? event.data.tick : event.type);
      if (events.length === 3) break;
    }
  })();
  await expect.poll(() => server.openStreams, patience).toBe(1);
  feed.send(1);
  await expect.poll(() => events, patience).toEqual([1]);
  expect(await session.execute('{ count }')).toEqual({ count: 1 });
  expect(server.connections).toBe(1);
  server.sessions[0]?.destroy();
  await expect.poll(() => server.connections, patience).toBe(2);
  await expect.poll(() => server.openStreams, patience).toBe(1);
  feed.send(2);
  await reading;
  expect(events).toEqual([1, 'gap', 2]);
  await expect.poll(() => server.openStreams, patience).toBe(0);
});

test('closing the session closes its connection', async () => {
  const server = await serveFrames();
  const session = startSession(server.address);
  await session.ready();
  await session.close();
  await expect.poll(() => server.peers[0]?.closed, patience).toBe(true);
});

test('a stream that ends in the middle of an answer is no answer', async () => {
  const server = await serveFrames();
  const session = startSession(server.address);
  const call = session.execute('mutation { done }').catch((error: unknown) => error);
  const peer = (): FramePeer | undefined => server.peers[0];
  await expect.poll(() => peer()?.opened, patience).toEqual([1]);
  // Well-formed JSON, and yet not the end.
  peer()?.write(head(1), data(1, done, false), rstStream(1, ErrorCode.noError));
  expect(await call).toBeInstanceOf(OutcomeUnknownError);
});
