// Single connection mode: how a stream ends, and that nothing is left of it.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { eventually } from '../../testing/eventually.js';
import { endlessSource, read, withFile } from './support/files.js';
import { complete, ended, Heard, next, openStream } from './support/shared-stream.js';

const one = { data: { ticks: 1 } };

describe('the end of the stream', () => {
  test.for(['ended', 'broken off'] as const)(
    'that is %s loses every operation on it, and tells none of them',
    async (how) => {
      const open = await openStream();
      const { id, heard, post } = open.start();
      const slow = open.start({ kind: 'mutation', query: 'mutation { add }' });
      post.answer(202);
      open.stream.write(next(id, one));
      if (how === 'ended') open.stream.end();
      else open.stream.fail({ message: 'Reset by peer.', cause: 'the cause' });
      expect(await open.closure()).toMatchObject({
        code: 1006,
        clean: false,
        failure: { code: 'closed', closeCode: 1006, phase: 'connection' },
      });
      expect(heard.told).toEqual(['sending', `next ${JSON.stringify(one)}`]);
      expect(slow.heard.told).toEqual(['sending']);
      expect(slow.post.cancelled).toBe(true);
      expect(open.client.state).toBe('destroyed');
      expect(open.clock.pending).toBe(0);
    },
  );

  test('leaves nothing that could still be stopped', async () => {
    const open = await openStream();
    const [running, unanswered] = [open.start(), open.start()];
    running.post.answer(202);
    open.stream.end();
    await open.closure();
    for (const { heard } of [running, unanswered]) heard.handle?.cancel();
    expect(await open.client.stops()).toEqual([]);
  });

  test('leaves no timer of requests and orders that nobody has answered', async () => {
    const open = await openStream({ options: { streamSilenceMs: 1_000 } });
    const [answered, cancelled] = [open.start({ kind: 'query', query: '{ hello }' }), open.start()];
    open.stream.write(next(answered.id, one));
    cancelled.heard.handle?.cancel();
    await open.client.stop();
    expect(open.clock.pending).toBe(4);
    open.stream.end();
    await open.closure();
    expect(open.clock.pending).toBe(0);
    expect([answered.post.cancelled, cancelled.post.cancelled]).toEqual([true, true]);
  });

  test('closes the files that are being read', async () => {
    const open = await openStream();
    const source = endlessSource();
    const { post } = open.start({ kind: 'mutation', query: 'mutation { put }', ...withFile(source) });
    void read(post);
    await source.begun;
    open.stream.end();
    await source.left;
  });

  test('in the moment of its last event still tells that', async () => {
    const open = await openStream();
    const { id, heard } = open.start();
    open.stream.write(next(id, one) + complete(id));
    open.stream.end();
    expect(heard.told).toEqual(['sending', `next ${JSON.stringify(one)}`, 'complete']);
    await open.closure();
  });

  test.for<readonly [string, string, RegExp]>([
    ['an event that is no JSON', 'event: next\ndata: {"id"\n\n', /an event is not valid JSON: "{"id""/],
    ['an event for nobody', 'event: complete\ndata: {}\n\n', /an event names no operation/],
    ['an event with a number for an id', 'event: next\ndata: {"id":1,"payload":{}}\n\n', /an event names no operation/],
  ])('by %s is ours, because nobody knows whom it concerns', async ([_name, text, message]) => {
    const open = await openStream();
    open.stream.write(text);
    expect(await open.closure()).toMatchObject({
      by: 'us',
      code: 4004,
      failure: { code: 'protocol-error', message: expect.stringMatching(message) },
    });
    expect(open.stream.cancelled).toBe(true);
  });

  test('by an event of more than four times what is allowed is ours', async () => {
    const open = await openStream();
    open.stream.write(`event: next\ndata: ${'x'.repeat(4_001)}`);
    expect(await open.closure()).toMatchObject({ by: 'us', code: 1009, failure: { code: 'too-large' } });
  });

  test("what other events and comments say is nobody's concern", async () => {
    const open = await openStream();
    const { id, heard } = open.start();
    open.stream.write(`: hello\n\nevent: ping\ndata: {}\n\nretry: 5\n\ndata: message\n\n${next(id, one)}`);
    expect(heard.results).toEqual([one]);
  });
});

describe('silence', () => {
  test('longer than three intervals of the heartbeats is death', async () => {
    const open = await openStream();
    await open.clock.advance(10_000);
    open.stream.write(':\n\n');
    await open.clock.advance(10_000);
    open.stream.write(':\n\n');
    await open.clock.advance(29_999);
    expect(open.opening.closure).toBeUndefined();
    await open.clock.advance(1);
    expect(await open.closure()).toMatchObject({ by: 'us', code: 4499, failure: { code: 'silent' } });
    expect(open.client.state).toBe('destroyed');
  });

  test('longer than option "streamSilenceMs" is death', async () => {
    const open = await openStream({ options: { streamSilenceMs: 500 } });
    const { id } = open.start();
    await open.clock.advance(499);
    open.stream.write(next(id, one));
    await open.clock.advance(499);
    expect(open.opening.closure).toBeUndefined();
    await open.clock.advance(1);
    expect(await open.closure()).toMatchObject({
      failure: { code: 'silent', message: expect.stringContaining('500 ms') },
    });
  });

  test('is not judged by heartbeats that events came between', async () => {
    const open = await openStream();
    const { id } = open.start();
    open.stream.write(':\n\n');
    await open.clock.advance(5_000);
    open.stream.write(next(id, one));
    await open.clock.advance(5_000);
    open.stream.write(':\n\n');
    await open.clock.advance(3_600_000);
    expect(open.opening.closure).toBeUndefined();
  });

  test('without either means nothing', async () => {
    const open = await openStream();
    await open.clock.advance(3_600_000);
    expect(open.opening.closure).toBeUndefined();
  });

  test('is broken by any byte, and the session hears of each', async () => {
    const open = await openStream();
    open.stream.write('e').write('vent: ');
    expect(open.opening.heard).toBe(2);
    open.start().post.answer(202);
    expect(open.opening.heard).toBe(2);
  });
});

describe('a server that has forgotten the stream', () => {
  test('has not begun the operation, and the connection ends', async () => {
    const open = await openStream();
    const other = open.start();
    other.post.answer(202);
    const { heard, post } = open.start({ kind: 'mutation', query: 'mutation { add }' });
    let again: readonly string[] = [];
    const { error } = heard;
    heard.error = (failure) => {
      error.call(heard, failure);
      const posts = open.client.count('POST');
      const { told } = open.start().heard;
      again = open.client.count('POST') === posts ? told : ['it was sent'];
    };
    post.answer(404, '{"errors":[{"message":"Stream not found"}]}', { 'content-type': 'application/json' });
    expect(heard.failure).toMatchObject({ code: 'closed', status: 404, delivery: 'not-sent' });
    expect(again).toEqual([]);
    expect(await open.closure()).toMatchObject({ failure: { code: 'closed', status: 404, phase: 'connection' } });
    expect(other.heard.told).toEqual(['sending']);
    expect(open.client.state).toBe('destroyed');
  });

  test('and says so about an operation that is running is not believed', async () => {
    const open = await openStream();
    const { id, heard, post } = open.start();
    open.stream.write(next(id, one));
    post.answer(404);
    await open.opening.settle();
    expect(open.opening.closure).toBeUndefined();
    expect(heard.failure).toBeUndefined();
  });
});

describe('our own end', () => {
  test('closes the stream, which stops every operation, and resolves when everything is released', async () => {
    const open = await openStream();
    const [left, justLeft, unanswered] = [open.start(), open.start(), open.start()];
    left.post.answer(202);
    left.heard.handle?.cancel();
    const stop = await open.client.stop();
    justLeft.heard.handle?.cancel();
    const closed = open.connection.close(ended, 1_000);
    expect(open.stream.cancelled).toBe(true);
    expect(unanswered.post.cancelled).toBe(true);
    expect(await open.client.stops()).toEqual([stop]);
    expect(stop.cancelled).toBe(true);
    expect(open.client.state).toBe('closing');
    expect(open.start().heard.told).toEqual([]);
    await open.opening.settle();
    expect(open.opening.closure).toBeUndefined();
    open.client.finishClosing();
    await closed;
    expect(await open.closure()).toBe(ended);
    expect(open.clock.pending).toBe(0);
  });

  test('within the sending of a request takes that back', async () => {
    const open = await openStream();
    const heard = new Heard();
    heard.sending = () => void open.connection.close(ended, 1_000);
    const { post } = open.start({}, heard);
    expect(post.cancelled).toBe(true);
    expect(open.clock.pending).toBe(0);
  });

  test('leaves no operation that could still be stopped', async () => {
    const open = await openStream();
    const { heard, post } = open.start();
    post.answer(202);
    void open.connection.close(ended, 1_000);
    heard.handle?.cancel();
    expect(await open.client.stops()).toHaveLength(0);
  });

  test('at once waits for nobody, and happens once', async () => {
    const open = await openStream();
    const { id, heard } = open.start();
    open.connection.terminate(ended);
    open.connection.terminate({ ...ended, code: 4499 });
    open.stream.write(next(id, one));
    open.stream.end();
    expect(await open.closure()).toBe(ended);
    expect(heard.told).toEqual(['sending']);
    expect(open.client.state).toBe('destroyed');
    expect(open.clock.pending).toBe(0);
  });
});

test('an operation that is over is forgotten', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const open = await openStream();
  const begin = (): WeakRef<object> => {
    const { id, heard, post } = open.start();
    post.answer(202);
    open.stream.write(next(id, one) + complete(id));
    expect(heard.told.at(-1)).toBe('complete');
    open.client.sent.length = 0;
    return new WeakRef(heard);
  };
  const over = begin();
  // What a turn has looked at is kept until that is over.
  const isGone = (): boolean => {
    collect();
    return over.deref() === undefined;
  };
  await eventually(isGone, true);
  expect(open.connection.headers).toBeDefined();
});
