import { describe, expect, test } from 'vitest';
import { RawClient } from './support/client.js';
import { nothing, startServer, until } from './support/serving.js';

const subscribe = (id: string, query: string, rest: object = {}) => ({
  type: 'subscribe',
  id,
  payload: { query, ...rest },
});
const start = (id: string, query: string) => ({ type: 'start', id, payload: { query } });

describe('answers', () => {
  test('a query, a mutation and a subscription work over one socket', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws);
    client.send(subscribe('q', 'query ($name: String) { hello(name: $name) }', { variables: { name: 'you' } }));
    expect(await client.next()).toEqual({ type: 'next', id: 'q', payload: { data: { hello: 'Hello you' } } });
    expect(await client.next()).toEqual({ type: 'complete', id: 'q' });
    client.send(subscribe('m', 'mutation { add(amount: 2) }'));
    expect(await client.next()).toEqual({ type: 'next', id: 'm', payload: { data: { add: 2 } } });
    expect(await client.next()).toEqual({ type: 'complete', id: 'm' });
    client.send(subscribe('s', 'subscription { count(to: 2) }'));
    expect(await client.next()).toEqual({ type: 'next', id: 's', payload: { data: { count: 1 } } });
    expect(await client.next()).toEqual({ type: 'next', id: 's', payload: { data: { count: 2 } } });
    expect(await client.next()).toEqual({ type: 'complete', id: 's' });
    expect(t.server.stats()).toMatchObject({ operations: 0, sources: 0 });
  });

  test('legacy: a query, a mutation and a subscription get data and complete', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws, 'graphql-ws');
    client.send(start('q', '{ hello }'));
    expect(await client.next()).toEqual({ type: 'data', id: 'q', payload: { data: { hello: 'Hello world' } } });
    expect(await client.next()).toEqual({ type: 'complete', id: 'q' });
    client.send(start('m', 'mutation { add(amount: 2) }'));
    expect(await client.next()).toEqual({ type: 'data', id: 'm', payload: { data: { add: 2 } } });
    expect(await client.next()).toEqual({ type: 'complete', id: 'm' });
    client.send(start('s', 'subscription { count(to: 1) }'));
    expect(await client.next()).toEqual({ type: 'data', id: 's', payload: { data: { count: 1 } } });
    expect(await client.next()).toEqual({ type: 'complete', id: 's' });
  });

  test('a fast query overtakes a slow one', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws);
    client.send(subscribe('slow', '{ slow(gate: "g") }'));
    client.send(subscribe('fast', '{ hello }'));
    expect((await client.next('next')).id).toBe('fast');
    expect((await client.next('complete')).id).toBe('fast');
    t.probe.open('g');
    expect(await client.next()).toEqual({ type: 'next', id: 'slow', payload: { data: { slow: 'after g' } } });
    expect((await client.next('complete')).id).toBe('slow');
  });

  test('three thousand events arrive, all of them and in order', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws);
    client.send(subscribe('s', 'subscription { count(to: 3000) }'));
    for (let i = 1; i <= 3_000; i++) expect((await client.next('next')).payload).toEqual({ data: { count: i } });
    await client.next('complete');
  });

  test('a source that never waits does not keep the server from reading the complete of its client', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws);
    client.send(subscribe('s', 'subscription { blob(bytes: 1) }'));
    await client.next('next');
    client.send({ type: 'complete', id: 's' });
    await until(() => t.probe.finalised.includes('blob'));
    await client.settled();
    expect(await client.settled()).toEqual([]);
  });
});

describe('one bad operation is one error, and the socket stays', () => {
  const bad: readonly [string, object][] = [
    ['a syntax error', { query: '{ hello' }],
    ['an empty query', { query: '' }],
    ['a query nested too deeply to be parsed', { query: '{a'.repeat(50_000) }],
    ['an unknown operation', { query: 'query A { hello }', operationName: 'B' }],
    ['an ambiguous operation', { query: 'query A { hello } query B { hello }' }],
    ['a validation error', { query: '{ nothing }' }],
    ['a missing variable', { query: 'query ($n: Int!) { huge(bytes: $n) }' }],
    ['a bad variable', { query: 'query ($n: Int!) { huge(bytes: $n) }', variables: { n: 'x' } }],
    ['a subscribe resolver that throws', { query: 'subscription { throwsAtOnce }' }],
    ['a source that is no source', { query: 'subscription { notIterable }' }],
    ['an answer that is no JSON', { query: '{ unserialisable }' }],
  ];

  test.each(bad)('%s', async (_, payload) => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws);
    client.send({ type: 'subscribe', id: '1', payload });
    const { id, payload: errors } = await client.next('error');
    expect(id).toBe('1');
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringMatching(/./) })]);
    expect(await client.settled()).toEqual([]);
    // The id is free again.
    client.send(subscribe('1', '{ hello }'));
    await client.next('next');
    await client.next('complete');

    const legacy = await RawClient.accepted(t.ws, 'graphql-ws');
    legacy.send({ type: 'start', id: '1', payload });
    const answer = await legacy.next('error');
    expect(answer.payload).toMatchObject({ message: expect.stringMatching(/./) });
    expect(await legacy.settled()).toEqual([]);
    expect(t.server.stats()).toMatchObject({ operations: 0, sources: 0 });
  });

  test('a resolver that throws is part of the answer', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws);
    client.send(subscribe('1', '{ fails hello }'));
    expect((await client.next('next')).payload).toEqual({
      data: { fails: null, hello: 'Hello world' },
      errors: [{ message: 'It failed', path: ['fails'], locations: [{ line: 1, column: 3 }] }],
    });
    await client.next('complete');
  });

  test('a source that throws after two events: two events, one error, no complete', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws);
    client.send(subscribe('1', 'subscription { throwsAfterTwo }'));
    await client.next('next');
    await client.next('next');
    expect(await client.next()).toEqual({ type: 'error', id: '1', payload: [{ message: 'Source broke' }] });
    expect(await client.settled()).toEqual([]);
    expect(t.server.stats()).toMatchObject({ operations: 0, sources: 0 });
  });

  test('one event that fails a nullable field is an event with errors, and the stream goes on', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws);
    client.send(subscribe('1', 'subscription { oneBadEvent }'));
    expect((await client.next('next')).payload).toEqual({ data: { oneBadEvent: 1 } });
    expect((await client.next('next')).payload).toMatchObject({
      data: { oneBadEvent: null },
      errors: [{ message: 'Bad event' }],
    });
    expect((await client.next('next')).payload).toEqual({ data: { oneBadEvent: 3 } });
    await client.next('complete');
  });

  test('an event that is no JSON ends its subscription with one error and closes the source', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws);
    client.send(subscribe('1', 'subscription { unserialisable }'));
    await client.next('next');
    await client.next('error');
    expect(await client.settled()).toEqual([]);
    await until(() => t.probe.finalised.includes('unserialisable'));
    expect(t.server.stats()).toMatchObject({ operations: 0, sources: 0 });
    expect(t.failures.map(({ source }) => source)).toEqual(['result']);
  });

  test('a context function that throws or never settles is one error, and reported', async () => {
    await using t = await startServer({
      context: ({ payload }) => {
        if (payload.query.includes('fails')) throw new Error('No context');
        return Promise.reject(new Error('No context later'));
      },
    });
    const client = await RawClient.accepted(t.ws);
    client.send(subscribe('1', '{ fails }'));
    expect((await client.next('error')).payload).toEqual([{ message: 'No context' }]);
    client.send(subscribe('2', '{ hello }'));
    expect((await client.next('error')).payload).toEqual([{ message: 'No context later' }]);
    expect(t.probe.began).toEqual([]);
    expect(t.failures.map(({ source }) => source)).toEqual(['context', 'context']);
  });
});

describe('ids', () => {
  test.each([
    ['a subscription', 'subscription { forever(name: "f") }'],
    ['a query', '{ slow(gate: "never") }'],
    ['a subscription that is not ready yet', 'subscription { late(gate: "never") }'],
  ])('the id of %s that is active cannot be used again: 4409', async (_, query) => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws);
    client.send(subscribe('1', query));
    client.send(subscribe('1', '{ hello }'));
    expect((await client.ended).code).toBe(4409);
    expect(t.probe.began).not.toContain('hello');
    await until(() => t.server.stats().connections === 0);
    expect(t.server.stats().operations).toBe(0);
  });

  test('an id is free straight after error, complete and the own complete of its client', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws);
    client.send(subscribe('1', '{'));
    await client.next('error');
    client.send(subscribe('1', '{ hello }'));
    await client.next('next');
    await client.next('complete');
    client.send(subscribe('1', 'subscription { gated(gate: "old") }'));
    await client.next('next');
    client.send({ type: 'complete', id: '1' });
    client.send(subscribe('1', 'subscription { gated(gate: "new") }'));
    await client.next('next');
    // What is left of the old one must not touch the new one.
    t.probe.open('old');
    await until(() => t.probe.finalised.includes('old'));
    expect(t.server.stats().operations).toBe(1);
    t.probe.open('new');
    expect((await client.next('next')).payload).toEqual({ data: { gated: 2 } });
    await client.next('complete');
    expect(t.probe.finalised).toEqual(['old', 'new']);
  });

  test('legacy: a second start with an active id finalises the old operation, without a word, and runs the new one', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws, 'graphql-ws');
    client.send(start('1', 'subscription { forever(name: "old") }'));
    await client.next('data');
    client.send(start('1', 'subscription { gated(gate: "new") }'));
    expect((await client.next('data')).payload).toEqual({ data: { gated: 1 } });
    await until(() => t.probe.finalised.includes('old'));
    expect(t.server.stats().operations).toBe(1);
    t.probe.open('new');
    expect((await client.next('data')).payload).toEqual({ data: { gated: 2 } });
    await client.next('complete');
  });
});

describe('stopping', () => {
  test('complete for an unknown id is ignored', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws);
    client.send({ type: 'complete', id: 'nobody' });
    expect(await client.settled()).toEqual([]);
  });

  test('after complete nothing comes, although the source wakes up later', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws);
    client.send(subscribe('1', 'subscription { gated(gate: "g") }'));
    await client.next('next');
    client.send({ type: 'complete', id: '1' });
    await client.settled();
    t.probe.open('g');
    await until(() => t.probe.finalised.includes('g'));
    expect(await client.settled()).toEqual([]);
    expect(t.server.stats()).toMatchObject({ operations: 0, sources: 0 });
  });

  test('complete before the result of a query: no result', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws);
    client.send(subscribe('1', '{ slow(gate: "g") }'));
    await until(() => t.probe.began.includes('slow'));
    client.send({ type: 'complete', id: '1' });
    await client.settled();
    t.probe.open('g');
    await new Promise((resolve) => setImmediate(resolve));
    expect(await client.settled()).toEqual([]);
  });

  test('complete while the subscribe resolver is still busy: its source is closed when it comes, nothing is sent', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws);
    client.send(subscribe('1', 'subscription { late(gate: "g") }'));
    await until(() => t.probe.began.includes('late'));
    client.send({ type: 'complete', id: '1' });
    await client.settled();
    expect(t.server.stats().operations).toBe(0);
    t.probe.open('g');
    await until(() => t.probe.finalised.includes('g'));
    expect(await client.settled()).toEqual([]);
    expect(t.server.stats().sources).toBe(0);
  });

  test('a client that stops an operation while its context is being made runs nothing', async () => {
    await using t = await startServer({ context: (own) => t.probe.wait('context').then(() => own) });
    const client = await RawClient.accepted(t.ws);
    client.send(subscribe('1', 'mutation { add(amount: 1) }'));
    client.send({ type: 'complete', id: '1' });
    await client.settled();
    t.probe.open('context');
    await new Promise((resolve) => setImmediate(resolve));
    expect(t.probe.began).toEqual([]);
    expect(await client.settled()).toEqual([]);
  });

  test('legacy: stop is answered by complete; a second stop, an unknown one and one after complete by nothing', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws, 'graphql-ws');
    client.send(start('1', 'subscription { forever(name: "f") }'));
    await client.next('data');
    client.send({ type: 'stop', id: '1' });
    expect(await client.next()).toEqual({ type: 'complete', id: '1' });
    await until(() => t.probe.finalised.includes('f'));
    client.send({ type: 'stop', id: '1' });
    client.send({ type: 'stop', id: 'nobody' });
    client.send(start('2', '{ hello }'));
    await client.next('data');
    await client.next('complete');
    client.send({ type: 'stop', id: '2' });
    expect(await client.settled()).toEqual([]);
  });

  test('a source that is slow to close does not delay another operation', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws);
    client.send(subscribe('1', 'subscription { slowToClose(gate: "g") }'));
    await until(() => t.server.stats().sources === 1);
    client.send({ type: 'complete', id: '1' });
    client.send(subscribe('1', '{ hello }'));
    await client.next('next');
    await client.next('complete');
    expect(t.probe.finalised).toEqual([]);
    t.probe.open('g');
    await until(() => t.server.stats().sources === 0);
    expect(t.probe.finalised).toEqual(['g']);
  });
});

describe('limits', () => {
  test('one operation too many is an error for it alone, and every way of ending frees a place', async () => {
    await using t = await startServer({ limits: { operationsPerConnection: 3 } });
    const client = await RawClient.accepted(t.ws);
    const over = async (): Promise<void> => {
      client.send(subscribe('over', '{ hello }'));
      expect((await client.next('error')).id).toBe('over');
    };
    client.send(subscribe('a', 'subscription { gated(gate: "a") }'));
    await client.next('next');
    client.send(subscribe('b', '{ slow(gate: "b") }'));
    client.send(subscribe('late', 'subscription { late(gate: "late") }'));
    await over();

    client.send({ type: 'complete', id: 'late' });
    client.send(subscribe('c', 'subscription { forever(name: "c") }'));
    await client.next('next');
    await over();

    t.probe.open('b');
    await client.next('next');
    await client.next('complete');
    client.send(subscribe('d', 'subscription { throwsAfterTwo }'));
    await client.next('next');
    await client.next('next');
    await client.next('error');
    client.send(subscribe('e', '{'));
    await client.next('error');
    t.probe.open('a');
    await client.next('next');
    await client.next('complete');
    t.probe.open('late');
    await until(() => t.probe.finalised.includes('late'));
    client.send(subscribe('f', 'subscription { forever(name: "f") }'));
    await client.next('next');
    client.send(subscribe('g', 'subscription { forever(name: "g") }'));
    await client.next('next');
    await over();
    expect(t.server.stats()).toMatchObject({ operations: 3, sources: 3 });
  });

  test('legacy: a thousand finished operations without stop leave nothing behind', async () => {
    await using t = await startServer({ limits: { messagesPerSecond: Number.POSITIVE_INFINITY } });
    const client = await RawClient.accepted(t.ws, 'graphql-ws');
    for (let i = 0; i < 20; i++) {
      for (let k = 0; k < 50; k++) client.send(start(`${i * 50 + k}`, 'subscription { count(to: 1) }'));
      for (let completed = 0; completed < 50; ) {
        const { type } = await client.next();
        expect(['data', 'complete']).toContain(type);
        if (type === 'complete') completed += 1;
      }
    }
    expect(t.server.stats()).toMatchObject({ operations: 0, sources: 0 });
    await client.close();
    await until(() => t.server.stats().connections === 0);
    expect(t.server.stats()).toMatchObject(nothing);
  });
});
