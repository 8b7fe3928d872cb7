// Single connection mode: operations on an open stream, each with a request of its own and events that come by the stream.

import { describe, expect, test } from 'vitest';
import { JsonText } from '../../../src/protocol/json-text.js';
import { withFile } from './support/files.js';
import { bound, complete, next, openStream } from './support/shared-stream.js';

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
    expect(await client.stops()).toHaveLength(0);
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

describe('an event', () => {
  test('that is no result fails its operation alone, and the server is told to stop', async () => {
    const { start, stream, client, opening } = bound(await openStream());
    const [bad, worse, good] = [start(), start(), start()];
    stream.write(`${next(bad.id, { data: 5 })}event: next\ndata: {"id":"${worse.id}"}\n\n${next(good.id, one)}`);
    for (const { heard } of [bad, worse]) {
      expect(heard.failure).toMatchObject({ code: 'protocol-error', delivery: 'answered' });
    }
    expect(good.heard.results).toEqual([one]);
    expect(await client.stops()).toHaveLength(2);
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
    expect((await client.stop()).request.headers.authorization).toBe('new');
  });
});
