import { describe, expect, test } from 'vitest';
import { inParts } from './support/incremental.js';
import { ManualTimers } from './support/manual-timers.js';
import { readMultipart } from './support/multipart.js';
import { nothing, startServer, until } from './support/serving.js';
import { StreamClient } from './support/stream-client.js';

const subscriptions = 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json';
const inMultipart = 'multipart/mixed, application/json';

const read = (client: StreamClient) => readMultipart(client.headers['content-type'], client.text);

describe('a subscription as multipart', () => {
  test('has each event in a part as payload, and ends with an empty part and the end marker', async () => {
    await using t = await startServer();
    const client = await StreamClient.run(t.url, subscriptions, 'subscription { count(to: 2) }');
    expect(client.status).toBe(200);
    expect(client.headers).toMatchObject({
      'content-type': 'multipart/mixed; boundary=graphql; subscriptionSpec=1.0',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    });
    const head = 'Content-Type: application/json; charset=utf-8\r\n\r\n';
    expect(await client.complete()).toBe(
      `--graphql\r\n${head}{"payload":{"data":{"count":1}}}\r\n` +
        `--graphql\r\n${head}{"payload":{"data":{"count":2}}}\r\n` +
        `--graphql\r\n${head}{}\r\n--graphql--\r\n`,
    );
    expect(read(client)).toEqual({
      parts: [{ payload: { data: { count: 1 } } }, { payload: { data: { count: 2 } } }, {}],
      ended: true,
    });
    await until(() => t.server.stats().operations === 0);
    expect(t.server.stats()).toMatchObject(nothing);
  });

  test('a strict reader has an event before the next one happens', async () => {
    await using t = await startServer();
    const client = await StreamClient.run(t.url, subscriptions, 'subscription { gated(gate: "g") }');
    await until(() => read(client).parts.length === 1);
    expect(read(client)).toEqual({ parts: [{ payload: { data: { gated: 1 } } }], ended: false });
    t.probe.open('g');
    await client.complete();
    expect(read(client).ended).toBe(true);
  });

  test('an empty part after every 12 s of quiet', async () => {
    const timers = new ManualTimers();
    await using t = await startServer({}, { timers });
    const client = await StreamClient.run(t.url, subscriptions, 'subscription { gated(gate: "g") }');
    await until(() => read(client).parts.length === 1);
    timers.advance(12_000);
    await until(() => read(client).parts.length === 2);
    expect(read(client).parts[1]).toEqual({});
    t.probe.open('g');
    await client.complete();
    expect(read(client).parts.slice(2)).toEqual([{ payload: { data: { gated: 2 } } }, {}]);
  });

  test('a source that fails in the middle ends it with a payload of null and the errors', async () => {
    await using t = await startServer();
    const client = await StreamClient.run(t.url, subscriptions, 'subscription { throwsAfterTwo }');
    await client.complete();
    const { parts, ended } = read(client);
    expect(parts.slice(2)).toEqual([{ payload: null, errors: [{ message: 'Source broke' }] }]);
    expect(ended).toBe(true);
  });

  test('an event that is no JSON ends it with errors, and is reported', async () => {
    await using t = await startServer();
    const client = await StreamClient.run(t.url, subscriptions, 'subscription { unserialisable }');
    await client.complete();
    expect(read(client).parts.slice(1)).toEqual([
      { payload: null, errors: [{ message: 'The answer could not be serialised as JSON.' }] },
    ]);
    await until(() => t.server.stats().sources === 0);
    expect(t.probe.finalised).toEqual(['unserialisable']);
    expect(t.failures.map(({ source }) => source)).toEqual(['result']);
  });

  test('a refusal before it began is JSON', async () => {
    await using t = await startServer();
    const precise = 'multipart/mixed;subscriptionSpec=1.0, application/graphql-response+json;q=0.9';
    for (const [accept, status, type] of [
      [subscriptions, 200, 'application/json'],
      [precise, 400, 'application/graphql-response+json'],
    ] as const) {
      const client = await StreamClient.run(t.url, accept, 'subscription { nothing }');
      expect([client.status, client.headers['content-type']]).toEqual([status, `${type}; charset=utf-8`]);
      expect(JSON.parse(await client.complete())).toMatchObject({ errors: [{ message: /nothing/ }] });
    }
  });

  test('multipart without subscriptionSpec is another protocol: 400 that names the types', async () => {
    await using t = await startServer();
    const client = await StreamClient.run(t.url, 'multipart/mixed', 'subscription { count(to: 1) }');
    expect(client.status).toBe(400);
    expect(await client.complete()).toContain('SUBSCRIPTION_NEEDS_STREAM');
  });

  test('a client that goes away closes the source', async () => {
    await using t = await startServer();
    const client = await StreamClient.run(t.url, subscriptions, 'subscription { forever(name: "f") }');
    await until(() => read(client).parts.length === 1);
    client.leave();
    await until(() => t.probe.finalised.includes('f') && t.server.stats().operations === 0);
    expect(t.server.stats()).toMatchObject(nothing);
  });
});

describe('an answer in parts', () => {
  const first = { data: { hello: null, list: [] }, pending: [{ id: '0', path: ['list'] }], hasNext: true };
  const second = { incremental: [{ id: '0', items: [1] }], hasNext: true };
  const third = { incremental: [{ id: '0', items: [2] }], completed: [{ id: '0' }], hasNext: false };

  test('is multipart where that is accepted, and its last part is followed by the end marker', async () => {
    let release = (_: object): void => {};
    const late = new Promise<object>((resolve) => {
      release = resolve;
    });
    await using t = await startServer({}, { load: () => Promise.resolve(inParts([second, late])) });
    const client = await StreamClient.run(t.url, inMultipart, '{ hello }');
    expect([client.status, client.headers['content-type']]).toEqual([200, 'multipart/mixed; boundary="-"']);
    await until(() => read(client).parts.length === 2);
    expect(read(client)).toEqual({ parts: [first, second], ended: false });
    release(third);
    await client.complete();
    expect(read(client)).toEqual({ parts: [first, second, third], ended: true });
    await until(() => t.server.stats().operations === 0);
    expect(t.server.stats()).toMatchObject(nothing);
  });

  test('is server-sent events where those are preferred', async () => {
    await using t = await startServer({}, { load: () => Promise.resolve(inParts([second, third])) });
    const client = await StreamClient.run(t.url, 'multipart/mixed;q=0.5, text/event-stream;q=0.6', '{ hello }');
    const events = [first, second, third].map((part) => `event: next\ndata: ${JSON.stringify(part)}\n\n`).join('');
    expect(await client.complete()).toBe(`:\n\n${events}event: complete\ndata:\n\n`);
  });

  test('is put together for a client that takes JSON only', async () => {
    await using t = await startServer({}, { load: () => Promise.resolve(inParts([second, third])) });
    for (const accept of ['application/json', 'multipart/mixed;subscriptionSpec=1.0, application/json', '*/*']) {
      const client = await StreamClient.run(t.url, accept, '{ hello }');
      expect([client.status, client.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
      expect(JSON.parse(await client.complete())).toEqual({ data: { hello: null, list: [1, 2] } });
    }
  });

  test('that fails on the way is ended with the errors, in every form', async () => {
    const errors = [{ message: 'It broke' }];
    await using t = await startServer({}, { load: () => Promise.resolve(inParts([second, new Error('It broke')])) });
    const multipart = await StreamClient.run(t.url, inMultipart, '{ hello }');
    await multipart.complete();
    expect(read(multipart)).toEqual({ parts: [first, second, { errors, hasNext: false }], ended: true });
    const events = await StreamClient.run(t.url, 'text/event-stream', '{ hello }');
    expect(await events.complete()).toContain(`event: next\ndata: ${JSON.stringify({ errors })}\n\nevent: complete`);
    const json = await StreamClient.run(t.url, 'application/json', '{ hello }');
    expect(JSON.parse(await json.complete())).toEqual({ data: null, errors });
    await until(() => t.server.stats().operations === 0);
    expect(t.server.stats()).toMatchObject(nothing);
  });

  test('that ends without a last part is ended all the same', async () => {
    await using t = await startServer({}, { load: () => Promise.resolve(inParts([second])) });
    const client = await StreamClient.run(t.url, inMultipart, '{ hello }');
    await client.complete();
    expect(read(client)).toEqual({ parts: [first, second, { hasNext: false }], ended: true });
  });

  test('whose client goes away is closed', async () => {
    let closed = 0;
    let release = (_: object): void => {};
    const late = new Promise<object>((resolve) => {
      release = resolve;
    });
    await using t = await startServer(
      {},
      {
        load: () =>
          Promise.resolve(
            inParts([second, late], () => {
              closed += 1;
            }),
          ),
      },
    );
    const client = await StreamClient.run(t.url, inMultipart, '{ hello }');
    await until(() => read(client).parts.length === 2);
    client.leave();
    await until(() => t.server.stats().operations === 0);
    release(third);
    await until(() => closed === 1 && t.server.stats().sources === 0);
    expect(t.failures).toEqual([]);
  });

  test('of one part is JSON, also for a client that takes multipart', async () => {
    await using t = await startServer();
    const client = await StreamClient.run(t.url, inMultipart, '{ hello }');
    expect([client.status, client.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
  });
});
