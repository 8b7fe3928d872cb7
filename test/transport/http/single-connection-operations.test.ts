// Single connection mode: operations on an open stream, each with a request of its own and events that come by the stream.

import { describe, expect, test } from 'vitest';
import { JsonText } from '../../../src/protocol/json-text.js';
import { writeVariables } from '../../../src/protocol/upload/write-variables.js';
import { complete, next, type OpenStream, openStream, sse } from './support/shared-stream.js';

const one = { data: { ticks: 1 } };
const two = { data: { ticks: 2 } };
const call = { kind: 'query', query: '{ hello }' } as const;
const toldOne = `next ${JSON.stringify(one)}`;

describe('an operation', () => {
  test('is asked for with the token and its id, and hears its events until they are complete', async () => {
    const { start, stream } = bound(await openStream({ headers: { authorization: 'Bearer a' } }));
    const { id, heard, post } = start({ headers: { 'X-Call': '1' }, variables: new JsonText('{"a":1}') });
    expect(post.request).toEqual({
      method: 'POST',
      path: '/graphql',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        authorization: 'Bearer a',
        'x-call': '1',
        'x-graphql-event-stream-token': 'token-1',
      },
      body: `{"query":"subscription { ticks }","variables":{"a":1},"extensions":{"operationId":"${id}"}}`,
      longLived: false,
    });
    post.answer(202);
    stream.write(next(id, one)).write(complete(id));
    expect(heard.told).toEqual(['sending', toldOne, 'complete']);
  });

  test('keeps its other extensions, and its own id wins', async () => {
    const { start } = bound(await openStream());
    const { id, post } = start({ extensions: new JsonText('{ "operationId": "mine", "a": {"b": 1} }') });
    expect(JSON.parse(String(post.request.body)).extensions).toEqual({ operationId: id, a: { b: 1 } });
    const empty = start({ extensions: new JsonText('{}') });
    expect(JSON.parse(String(empty.post.request.body)).extensions).toEqual({ operationId: empty.id });
  });

  test('of one answer ends with it: what the server still says is for nobody', async () => {
    const { start, stream, opening } = bound(await openStream());
    const { id, heard, post } = start(call);
    post.answer(202);
    stream.write(next(id, one) + next(id, two) + complete(id));
    expect(heard.told).toEqual(['sending', toldOne]);
    expect(opening.clock.pending).toBe(0);
  });

  test('of an answer in parts ends with the last one', async () => {
    const { start, stream } = bound(await openStream());
    const { id, heard, post } = start(call);
    post.answer(202);
    stream.write(next(id, { ...one, hasNext: true }));
    stream.write(next(id, { incremental: [], hasNext: false }) + complete(id));
    expect(heard.results.map(({ hasNext }) => hasNext)).toEqual([true, false]);
    expect(heard.told).not.toContain('complete');
  });

  test('that is completed without an answer is told so', async () => {
    const { start, stream } = bound(await openStream());
    const { id, heard, post } = start(call);
    post.answer(202);
    stream.write(complete(id));
    expect(heard.told).toEqual(['sending', 'complete']);
  });

  test('whose answer is on the stream before its request is accepted is answered, once', async () => {
    const { start, stream, client } = bound(await openStream());
    const { id, heard, post } = start(call);
    stream.write(next(id, one) + complete(id));
    post.answer(202);
    const events = start();
    stream.write(next(events.id, one));
    events.post.answer(202);
    stream.write(complete(events.id));
    expect(heard.told).toEqual(['sending', toldOne]);
    expect(events.heard.told).toEqual(['sending', toldOne, 'complete']);
    expect(client.count('DELETE')).toBe(0);
  });

  test('that is over takes the connection from a request that is never answered', async () => {
    const { start, stream, opening } = bound(await openStream());
    const { id, post } = start(call);
    stream.write(next(id, one) + complete(id));
    await opening.clock.advance(4_999);
    expect(post.cancelled).toBe(false);
    await opening.clock.advance(1);
    expect(post.cancelled).toBe(true);
    expect(opening.clock.pending).toBe(0);
  });

  test('never hears events of another one, nor of nobody', async () => {
    const { start, stream } = bound(await openStream());
    const [first, second] = [start(), start()];
    stream.write(next(second.id, two) + next('unknown', one) + next(first.id, one) + next('__proto__', one));
    expect(first.heard.results).toEqual([one]);
    expect(second.heard.results).toEqual([two]);
  });

  test('is read from any pieces of the stream', async () => {
    const { start, stream } = bound(await openStream());
    const { id, heard } = start();
    for (const byte of `${next(id, one)}: a comment\r\n\r\n${next(id, two)}`) stream.write(byte);
    expect(heard.results).toEqual([one, two]);
  });

  test('with files is sent as a form that names its id', async () => {
    const { start, client } = bound(await openStream());
    const { id } = start({ kind: 'mutation', query: 'mutation ($f: Upload!) { put(f: $f) }', ...withFile() });
    const { headers, body } = client.latest('POST').request;
    expect(headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(headers['x-graphql-event-stream-token']).toBe('token-1');
    if (typeof body !== 'object') throw new Error('It has no form.');
    const [head] = body.parts;
    expect(new TextDecoder().decode(head as Uint8Array)).toContain(`"extensions":{"operationId":"${id}"}`);
  });
});

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
    expect(client.count('DELETE')).toBe(0);
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

describe('a result in the place of an acceptance', () => {
  test('ends a subscription, which hears nothing more where it is left within it', async () => {
    const { start } = bound(await openStream());
    const [whole, left] = [start(), start()];
    const first = left.heard.next;
    left.heard.next = (result) => {
      first.call(left.heard, result);
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
    expect(client.count('DELETE')).toBe(0);
  });

  test('after that fails alone, with its outcome unknown, and is stopped as far as can be', async () => {
    const { start, client, opening, stream } = bound(await openStream());
    const other = start();
    const { id, heard, post } = start({ kind: 'mutation', query: 'mutation { add }' });
    post.fail();
    expect(heard.told).toEqual(['sending', 'error network']);
    expect(heard.failure?.delivery).toBeUndefined();
    expect(client.latest('DELETE').request.path).toBe(`/graphql?operationId=${id}`);
    await opening.settle();
    expect(opening.closure).toBeUndefined();
    stream.write(next(other.id, one));
    expect(other.heard.results).toEqual([one]);
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
    expect(client.count('DELETE')).toBe(0);
  });
});

describe('cancelling', () => {
  test('tells the server, with the token, and hears nothing more', async () => {
    const { start, stream, client, opening } = bound(
      await openStream({ address: 'https://example.com/graphql?tenant=a&operationId=b' }),
    );
    const { id, heard, post } = start();
    post.answer(202);
    heard.handle?.cancel();
    heard.handle?.cancel();
    const stop = client.latest('DELETE');
    expect(stop.request).toMatchObject({
      path: `/graphql?tenant=a&operationId=${id}`,
      headers: { 'x-graphql-event-stream-token': 'token-1' },
      body: undefined,
    });
    stream.write(next(id, one) + complete(id));
    stop.answer(200);
    expect(heard.told).toEqual(['sending']);
    expect(client.count('DELETE')).toBe(1);
    expect(opening.clock.pending).toBe(0);
  });

  test('before the request was on its way takes it back, and the server is not asked', async () => {
    const { start, client, opening } = bound(await openStream());
    client.sendsAtOnce = false;
    const { heard, post } = start();
    heard.handle?.cancel();
    expect(post.cancelled).toBe(true);
    expect(client.count('DELETE')).toBe(0);
    expect(heard.told).toEqual([]);
    expect(opening.clock.pending).toBe(0);
  });

  test('before the request was answered is told to the server again when that has taken it in', async () => {
    const { start, client, opening } = bound(await openStream());
    const { heard, post } = start();
    heard.handle?.cancel();
    expect(client.count('DELETE')).toBe(1);
    expect(post.cancelled).toBe(false);
    client.latest('DELETE').answer(200);
    post.answer(202);
    expect(client.count('DELETE')).toBe(2);
    client.latest('DELETE').answer(200);
    expect(heard.told).toEqual(['sending']);
    expect(opening.clock.pending).toBe(0);
  });

  test('is not told again to a server that has understood', async () => {
    const { start, client } = bound(await openStream());
    const { heard, post } = start();
    heard.handle?.cancel();
    post.answer(204);
    expect(client.count('DELETE')).toBe(1);
  });

  test('while files are on their way stops sending them', async () => {
    const { start } = bound(await openStream());
    const { heard, post } = start({ kind: 'mutation', query: 'mutation { put }', ...withFile() });
    heard.handle?.cancel();
    expect(post.cancelled).toBe(true);
  });

  test('gives up an order to stop that nobody answers', async () => {
    const { start, client, opening } = bound(await openStream({ limits: { openTimeoutMs: 2_000 } }));
    const { heard, post } = start();
    post.answer(202);
    heard.handle?.cancel();
    await opening.clock.advance(2_000);
    expect(client.latest('DELETE').cancelled).toBe(true);
    expect(opening.clock.pending).toBe(0);
  });

  test('of what is over does nothing', async () => {
    const { start, stream, client } = bound(await openStream());
    const { id, heard, post } = start();
    post.answer(202);
    stream.write(complete(id));
    heard.handle?.cancel();
    expect(client.count('DELETE')).toBe(0);
  });
});

describe('an event', () => {
  test('that is no result fails its operation alone, and the server is told to stop', async () => {
    const { start, stream, client, opening } = bound(await openStream());
    const [bad, worse, good] = [start(), start(), start()];
    stream.write(`${next(bad.id, { data: 5 })}event: next\ndata: {"id":"${worse.id}"}\n\n${next(good.id, one)}`);
    for (const { heard } of [bad, worse]) {
      expect(heard.failure).toMatchObject({ code: 'protocol-error', delivery: 'answered' });
    }
    expect(good.heard.results).toEqual([one]);
    expect(client.count('DELETE')).toBe(2);
    await opening.settle();
    expect(opening.closure).toBeUndefined();
  });

  test('that is too large fails its operation alone', async () => {
    const { start, stream, opening } = bound(await openStream());
    const [large, small] = [start(), start()];
    stream.write(next(large.id, { data: { ticks: 'x'.repeat(1_500) } }) + next(small.id, one));
    expect(large.heard.failure).toMatchObject({ code: 'too-large', message: expect.stringContaining('allows 1000') });
    expect(small.heard.results).toEqual([one]);
    await opening.settle();
    expect(opening.closure).toBeUndefined();
  });
});

describe('new credentials', () => {
  test('go with every request from then on', async () => {
    const { start, connection, client } = bound(await openStream({ headers: { authorization: 'old' } }));
    connection.reauthenticate({ headers: { Authorization: 'new' } });
    const { heard, post } = start();
    heard.handle?.cancel();
    expect(post.request.headers.authorization).toBe('new');
    expect(client.latest('DELETE').request.headers.authorization).toBe('new');
  });
});

/** With `start` as a function of its own. */
function bound(open: OpenStream): Pick<OpenStream, 'connection' | 'stream' | 'client' | 'opening' | 'start'> {
  const { connection, stream, client, opening } = open;
  return { connection, stream, client, opening, start: (given) => open.start(given) };
}

function withFile(): ReturnType<typeof writeVariables> {
  return writeVariables({ f: new File(['abc'], 'a.txt', { type: 'text/plain' }) });
}
