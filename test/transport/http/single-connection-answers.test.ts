// Single connection mode: what a request for an operation can be answered with in the place of "accepted", and how it fails.

import { describe, expect, test } from 'vitest';
import { brokenSource, read, withFile } from './support/files.js';
import { bound, next, openStream, sse } from './support/shared-stream.js';

const one = { data: { ticks: 1 } };
const two = { data: { ticks: 2 } };
const call = { kind: 'query', query: '{ hello }' } as const;
const toldOne = `next ${JSON.stringify(one)}`;

describe('a refusal', () => {
  test('with GraphQL errors is the answer, whatever the status', async () => {
    const { start, client } = bound(await openStream());
    const body = JSON.stringify({ errors: [{ message: 'No such field' }] });
    const { heard, post } = start(call);
    post.answer(400, body, { 'content-type': 'application/json' });
    const events = start();
    events.post.answer(400, body, { 'content-type': 'application/json' });
    expect(heard.results).toMatchObject([{ errors: [{ message: 'No such field' }] }]);
    expect(heard.told).toHaveLength(2);
    expect(events.heard.told.at(-1)).toBe('complete');
    expect(await client.stops()).toHaveLength(0);
  });

  test('without GraphQL fails with its status and how it begins', async () => {
    const { start } = bound(await openStream());
    const { heard, post } = start(call);
    post.answer(503, 'Too busy', { 'retry-after': '3' });
    expect(heard.failure).toMatchObject({
      code: 'http-status',
      status: 503,
      retryAfterMs: 3_000,
      delivery: 'answered',
      message: expect.stringContaining('Too busy'),
    });
  });

  test('by a conflict concerns the operation alone', async () => {
    const { start, opening } = bound(await openStream());
    const { heard, post } = start(call);
    post.answer(409, '{"errors":[{"message":"Operation with ID already exists"}]}');
    expect(heard.results).toHaveLength(1);
    await opening.settle();
    expect(opening.closure).toBeUndefined();
  });

  test('that is a stream of its own fails at once, without waiting for its end', async () => {
    const { start } = bound(await openStream());
    const { heard, post } = start();
    post.head(200, sse);
    expect(heard.failure).toMatchObject({ code: 'protocol-error', delivery: 'answered' });
    expect(post.cancelled).toBe(true);
  });

  test('that is larger than an answer may be fails, and is not read to its end', async () => {
    const { start, opening } = bound(await openStream());
    const { heard, post } = start();
    post.head(400).write('x'.repeat(1_001));
    expect(heard.failure).toMatchObject({ code: 'too-large' });
    expect(post.cancelled).toBe(true);
    expect(opening.clock.pending).toBe(0);
  });

  test('an empty success is an acceptance in other words', async () => {
    const { start, stream } = bound(await openStream());
    const { id, heard, post } = start();
    post.answer(200);
    stream.write(next(id, one));
    expect(heard.told).toEqual(['sending', toldOne]);
  });

  test('a result in the place of an acceptance is the answer', async () => {
    const { start } = bound(await openStream());
    const { heard, post } = start(call);
    post.answer(200, JSON.stringify(one), { 'content-type': 'application/json' });
    expect(heard.told).toEqual(['sending', toldOne]);
  });
});

describe('what is said of a failure', () => {
  test('is the status as well, where there was one', async () => {
    const { start } = bound(await openStream());
    const { heard, post } = start(call);
    post.head(400, { 'x-a': 'b' });
    post.fail();
    expect(heard.failure).toMatchObject({ code: 'network', status: 400, headers: { 'x-a': 'b' } });
  });

  test('an empty body of a server in trouble is no acceptance', async () => {
    const { start } = bound(await openStream());
    const { heard, post } = start(call);
    post.answer(500);
    expect(heard.failure).toMatchObject({ code: 'http-status', status: 500 });
  });

  test('a server that is overloaded says when to come again, also beside GraphQL errors', async () => {
    const { start } = bound(await openStream());
    const { heard, post } = start(call);
    post.answer(429, '{"errors":[{"message":"Too many"}]}', { 'retry-after': '2' });
    expect(heard.heads).toMatchObject([{ status: 429, retryAfterMs: 2_000 }]);
  });

  test('a file that cannot be read is why, whatever the client of HTTP made of that', async () => {
    const { start } = bound(await openStream());
    const { heard, post } = start({ kind: 'mutation', query: 'mutation { put }', ...withFile(brokenSource()) });
    await read(post);
    post.fail();
    expect(heard.failure).toMatchObject({ code: 'aborted', message: expect.stringContaining('The disk is gone') });
  });

  test('the head of an event is that of the stream it came in', async () => {
    const { start, stream } = bound(await openStream());
    const { id, heard, post } = start();
    post.answer(202);
    stream.write(next(id, one));
    expect(heard.heads).toEqual([{ status: 200, headers: sse }]);
  });
});

describe('a result in the place of an acceptance', () => {
  test('ends a subscription, which hears nothing more where it is left within it', async () => {
    const { start } = bound(await openStream());
    const [whole, left] = [start(), start()];
    const first = left.heard.next;
    left.heard.next = (result, bytes) => {
      first.call(left.heard, result, bytes);
      left.heard.handle?.cancel();
    };
    for (const { post } of [whole, left]) post.answer(200, JSON.stringify(one), { 'content-type': 'application/json' });
    expect(whole.heard.told).toEqual(['sending', toldOne, 'complete']);
    expect(left.heard.told).toEqual(['sending', toldOne]);
  });

  test('that promises more is a broken promise', async () => {
    const { start } = bound(await openStream());
    const { heard, post } = start(call);
    post.answer(200, JSON.stringify({ ...one, hasNext: true }), { 'content-type': 'application/json' });
    expect(heard.failure).toMatchObject({ code: 'protocol-error', delivery: 'answered' });
  });
});

describe('a request that the network fails', () => {
  test('before anything of it was sent says so, and there is nothing to stop', async () => {
    const { start, client } = bound(await openStream());
    client.sendsAtOnce = false;
    const { heard, post } = start({ kind: 'mutation', query: 'mutation { add }' });
    post.fail({ delivery: 'not-sent' });
    expect(heard.told).toEqual(['error network']);
    expect(heard.failure).toMatchObject({ delivery: 'not-sent' });
    expect(await client.stops()).toHaveLength(0);
  });

  test('after that fails alone, with its outcome unknown, and is stopped as far as can be', async () => {
    const { start, client, opening, stream } = bound(await openStream());
    const other = start();
    const { id, heard, post } = start({ kind: 'mutation', query: 'mutation { add }' });
    post.fail();
    expect(heard.told).toEqual(['sending', 'error network']);
    expect(heard.failure?.delivery).toBeUndefined();
    expect((await client.stop()).request.path).toBe(`/graphql?operationId=${id}`);
    await opening.settle();
    expect(opening.closure).toBeUndefined();
    stream.write(next(other.id, one));
    expect(other.heard.results).toEqual([one]);
  });

  test('is no matter any more once it was accepted, however much is said beside that', async () => {
    const { start, stream } = bound(await openStream());
    const { id, heard, post } = start();
    post.head(202).write('x'.repeat(5_000)).end();
    stream.write(next(id, one));
    expect(heard.told).toEqual(['sending', toldOne]);
  });

  test('changes nothing where the server was seen to have it', async () => {
    const { start, stream, client } = bound(await openStream());
    const [running, accepted] = [start(), start()];
    stream.write(next(running.id, one));
    running.post.fail();
    accepted.post.head(202);
    accepted.post.fail();
    stream.write(next(running.id, two) + next(accepted.id, one));
    expect(running.heard.results).toEqual([one, two]);
    expect(accepted.heard.results).toEqual([one]);
    expect(await client.stops()).toHaveLength(0);
  });
});
