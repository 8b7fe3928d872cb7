import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { ManualTimers } from './support/manual-timers.js';
import { nothing, startServer, type TestServer, until } from './support/serving.js';
import { StreamClient } from './support/stream-client.js';

const sse = 'text/event-stream';
const header = 'x-graphql-event-stream-token';
const next = (id: string, payload: unknown): string => `event: next\ndata: ${JSON.stringify({ id, payload })}\n\n`;
const complete = (id: string): string => `event: complete\ndata: ${JSON.stringify({ id })}\n\n`;

async function reserve(t: TestServer): Promise<string> {
  const response = await fetch(t.url, { method: 'PUT' });
  expect([response.status, response.headers.get('content-type')]).toEqual([201, 'text/plain; charset=utf-8']);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return response.text();
}

function open(t: TestServer, token: string): Promise<StreamClient> {
  return StreamClient.open(t.url, { method: 'GET', headers: { accept: sse, [header]: token } });
}

function start(t: TestServer, token: string, operationId: unknown, query: string): Promise<Response> {
  return fetch(t.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [header]: token },
    body: JSON.stringify({ query, extensions: { operationId } }),
  });
}

function stop(t: TestServer, token: string, id: string): Promise<Response> {
  return fetch(`${t.url}?operationId=${id}`, { method: 'DELETE', headers: { [header]: token } });
}

describe('one stream for every operation', () => {
  test('carries the events of each with its id', async () => {
    await using t = await startServer();
    const token = await reserve(t);
    const stream = await open(t, token);
    expect([stream.status, stream.headers['content-type']]).toEqual([200, `${sse}; charset=utf-8`]);
    expect((await start(t, token, 'a', 'subscription { gated(gate: "g") }')).status).toBe(202);
    await stream.receive(next('a', { data: { gated: 1 } }));
    expect((await start(t, token, 'b', '{ hello }')).status).toBe(202);
    await stream.receive(complete('b'));
    t.probe.open('g');
    await stream.receive(complete('a'));
    expect(stream.text).toBe(
      `:\n\n${next('a', { data: { gated: 1 } })}${next('b', { data: { hello: 'Hello world' } })}${complete('b')}` +
        `${next('a', { data: { gated: 2 } })}${complete('a')}`,
    );
    await until(() => t.server.stats().operations === 0);
    stream.leave();
  });

  test('may be opened with its token in the address, as EventSource has to', async () => {
    await using t = await startServer();
    const token = await reserve(t);
    const stream = await StreamClient.open(`${t.url}?token=${token}`, { method: 'GET', headers: { accept: sse } });
    const response = await fetch(`${t.url}?token=${token}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ hello }', extensions: { operationId: '1' } }),
    });
    expect(response.status).toBe(202);
    await stream.receive(complete('1'));
    stream.leave();
  });

  test('what begins before it is open waits for it', async () => {
    await using t = await startServer();
    const token = await reserve(t);
    await start(t, token, 'a', 'subscription { count(to: 2) }');
    await start(t, token, 'b', '{ hello }');
    expect(t.server.stats().operations).toBe(2);
    const stream = await open(t, token);
    await until(() => stream.text.includes(complete('a')) && stream.text.includes(complete('b')));
    stream.leave();
  });

  test('is opened once', async () => {
    await using t = await startServer();
    const token = await reserve(t);
    const stream = await open(t, token);
    expect((await open(t, token)).status).toBe(409);
    stream.leave();
    await until(() => t.server.stats().operations === 0);
    await eventually(async () => (await open(t, token)).status === 404);
  });

  test('a token that means nothing: 404; as a parameter it may be somebody else’s', async () => {
    await using t = await startServer();
    expect((await open(t, 'guessed')).status).toBe(404);
    expect((await start(t, 'guessed', '1', '{ hello }')).status).toBe(404);
    expect((await stop(t, 'guessed', '1')).status).toBe(404);
    expect((await fetch(`${t.url}?operationId=1`, { method: 'DELETE' })).status).toBe(404);
    expect((await fetch(`${t.url}?token=mine&query={hello}`)).status).toBe(200);
  });

  test('a reservation that nobody comes for ends after 10 s, with what was begun on it', async () => {
    const timers = new ManualTimers();
    await using t = await startServer({}, { timers });
    const token = await reserve(t);
    const kept = await reserve(t);
    await start(t, token, 'a', 'subscription { forever(name: "f") }');
    await start(t, token, 'b', '{ hello }');
    const stream = await open(t, kept);
    timers.advance(9_999);
    expect(t.server.stats().operations).toBe(2);
    timers.advance(1);
    await until(() => t.server.stats().operations === 0 && t.server.stats().sources === 0);
    expect((await open(t, token)).status).toBe(404);
    expect((await start(t, kept, 'c', '{ hello }')).status).toBe(202);
    stream.leave();
  });
});

describe('an operation', () => {
  test('is stopped by DELETE: its source is closed, and nothing more is sent for it', async () => {
    await using t = await startServer();
    const token = await reserve(t);
    const stream = await open(t, token);
    await start(t, token, 'a', 'subscription { forever(name: "f") }');
    await stream.receive('"forever":1');
    const response = await stop(t, token, 'a');
    expect([response.status, await response.text()]).toEqual([200, '']);
    await until(() => t.probe.finalised.includes('f') && t.server.stats().operations === 0);
    expect((await stop(t, token, 'a')).status).toBe(200);
    await start(t, token, 'a', '{ hello }');
    await stream.receive(complete('a'));
    expect(stream.text).toBe(
      `:\n\n${next('a', { data: { forever: 1 } })}${next('a', { data: { hello: 'Hello world' } })}${complete('a')}`,
    );
    stream.leave();
  });

  test('that is stopped before it runs to its events is answered with 204', async () => {
    await using t = await startServer();
    const token = await reserve(t);
    const stream = await open(t, token);
    const started = start(t, token, 'a', 'subscription { late(gate: "g") }');
    await until(() => t.probe.began.includes('late'));
    await stop(t, token, 'a');
    t.probe.open('g');
    expect((await started).status).toBe(204);
    await until(() => t.probe.finalised.includes('g') && t.server.stats().sources === 0);
    expect(stream.text).toBe(':\n\n');
    stream.leave();
  });

  test('whose client goes before it is taken in is stopped', async () => {
    await using t = await startServer();
    const token = await reserve(t);
    const stream = await open(t, token);
    const { hostname, port, pathname } = new URL(t.url);
    const body = JSON.stringify({ query: 'subscription { late(gate: "g") }', extensions: { operationId: 'a' } });
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST ${pathname} HTTP/1.1\r\nHost: x\r\n${header}: ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await until(() => t.probe.began.includes('late'));
    socket.destroy();
    await until(() => t.server.stats().operations === 0);
    t.probe.open('g');
    await until(() => t.probe.finalised.includes('g') && t.server.stats().sources === 0);
    expect(t.failures).toEqual([]);
    stream.leave();
  });

  test.each([
    ['a syntax error', '{'],
    ['a validation error', 'subscription { nothing }'],
    ['a variable that does not fit', 'subscription ($to: Int!) { count(to: $to) }'],
  ])('%s is the answer to its request, with 400, and its id is free', async (_, query) => {
    await using t = await startServer();
    const token = await reserve(t);
    const response = await start(t, token, 'a', query);
    expect([response.status, Object.keys((await response.json()) as object)]).toEqual([400, ['errors']]);
    expect((await start(t, token, 'a', '{ hello }')).status).toBe(202);
    const stream = await open(t, token);
    await stream.receive(complete('a'));
    stream.leave();
  });

  test('a source that cannot be made is told in the stream: its client would repeat a request that is refused', async () => {
    await using t = await startServer();
    const token = await reserve(t);
    const stream = await open(t, token);
    expect((await start(t, token, 'a', 'subscription { throwsAtOnce }')).status).toBe(202);
    await stream.receive('"id":"a","payload":{"errors":[{"message":"No source"');
    await stream.receive(complete('a'));
    expect(t.probe.began).toEqual(['throwsAtOnce']);
    expect((await start(t, token, 'a', '{ hello }')).status).toBe(202);
    stream.leave();
  });

  test('that fails in the middle ends alone', async () => {
    await using t = await startServer();
    const token = await reserve(t);
    const stream = await open(t, token);
    await start(t, token, 'other', 'subscription { gated(gate: "g") }');
    await start(t, token, 'a', 'subscription { throwsAfterTwo }');
    await start(t, token, 'b', 'subscription { unserialisable }');
    await stream.receive(next('a', { errors: [{ message: 'Source broke' }] }) + complete('a'));
    await stream.receive(
      next('b', { errors: [{ message: 'The answer could not be serialised as JSON.' }] }) + complete('b'),
    );
    t.probe.open('g');
    await stream.receive(complete('other'));
    await until(() => t.server.stats().operations === 0 && t.server.stats().sources === 0);
    expect(t.failures.map(({ source }) => source)).toEqual(['result']);
    stream.leave();
  });

  test('that has ended leaves its id free, however long its source takes to close', async () => {
    await using t = await startServer();
    const token = await reserve(t);
    const stream = await open(t, token);
    await start(t, token, 'a', 'subscription { unserialisableSlow(gate: "g") }');
    await stream.receive(complete('a'));
    expect((await start(t, token, 'a', '{ hello }')).status).toBe(202);
    t.probe.open('g');
    await until(() => t.server.stats().sources === 0);
    stream.leave();
  });

  test.each([
    ['no id', undefined],
    ['an empty one', ''],
    ['a number', 1],
    ['one that is too long', 'ü'.repeat(65)],
  ])('needs an id: %s is 400', async (_, id) => {
    await using t = await startServer();
    const token = await reserve(t);
    expect((await start(t, token, id, '{ hello }')).status).toBe(400);
    expect(t.probe.began).toEqual([]);
  });

  test('needs one of its own, and there is a bound on how many there are', async () => {
    await using t = await startServer({ limits: { operationsPerConnection: 2 } });
    const token = await reserve(t);
    await start(t, token, 'a', 'subscription { forever(name: "a") }');
    expect((await start(t, token, 'a', '{ hello }')).status).toBe(409);
    await start(t, token, 'b', 'subscription { forever(name: "b") }');
    expect((await start(t, token, 'c', '{ hello }')).status).toBe(429);
    await stop(t, token, 'a');
    expect((await start(t, token, 'c', '{ hello }')).status).toBe(202);
  });

  test('a mutation by GET: 405', async () => {
    await using t = await startServer();
    const token = await reserve(t);
    const parameters = new URLSearchParams({
      query: 'mutation { add(amount: 1) }',
      extensions: '{"operationId":"a"}',
    });
    const response = await fetch(`${t.url}?${parameters}`, { headers: { [header]: token } });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(t.probe.began).toEqual([]);
  });
});

describe('when the stream ends', () => {
  test('everything on it is stopped', async () => {
    await using t = await startServer();
    const token = await reserve(t);
    const stream = await open(t, token);
    for (const name of ['a', 'b', 'c']) await start(t, token, name, `subscription { forever(name: "${name}") }`);
    await start(t, token, 'done', '{ hello }');
    await stream.receive(complete('done'));
    stream.leave();
    await until(() => t.probe.finalised.length === 3 && t.server.stats().operations === 0);
    expect(t.server.stats()).toMatchObject(nothing);
    expect(t.failures).toEqual([]);
  });

  test('a client that reads slowly stops its sources', async () => {
    await using t = await startServer();
    const token = await reserve(t);
    const stream = await open(t, token);
    stream.pause();
    for (const id of ['a', 'b']) await start(t, token, id, 'subscription { blob(bytes: 100000) }');
    const pulled = () => t.probe.began.filter((name) => name === 'blob pulled').length;
    await until(() => pulled() > 5);
    let before = pulled();
    for (let calm = 0; calm < 200; ) {
      await new Promise((resolve) => setImmediate(resolve));
      calm = pulled() === before ? calm + 1 : 0;
      before = pulled();
    }
    expect(before).toBeLessThan(200);
    stream.resume();
    await until(() => pulled() > before + 20);
    stream.leave();
    await until(() => t.server.stats().operations === 0 && t.server.stats().sources === 0);
  });

  test('a server that closes cuts it at the end of the grace, and gives reservations up at once', async () => {
    const timers = new ManualTimers();
    await using t = await startServer({}, { timers });
    const [token, waiting] = [await reserve(t), await reserve(t)];
    const stream = await open(t, token);
    await start(t, token, 'a', 'subscription { forever(name: "a") }');
    await start(t, waiting, 'b', 'subscription { forever(name: "b") }');
    await stream.receive('"forever":1');
    const closed = t.serving.close({ graceMs: 1_000 });
    await until(() => t.server.stats().operations === 1);
    timers.advance(1_000);
    await closed;
    expect(await stream.ended).toBe('cut');
    expect(t.probe.finalised).toEqual(['a']);
    expect(t.server.stats()).toMatchObject(nothing);
    expect(timers.armed).toBe(0);
  });

  test('a server that closes waits for the sources to close', async () => {
    const timers = new ManualTimers();
    await using t = await startServer({}, { timers });
    const token = await reserve(t);
    const stream = await open(t, token);
    await start(t, token, 'a', 'subscription { slowToClose(gate: "g") }');
    let done = false;
    const closed = t.serving.close({ graceMs: 1_000 }).then(() => {
      done = true;
    });
    timers.advance(1_000);
    expect(await stream.ended).toBe('cut');
    await until(() => t.server.stats().operations === 0);
    for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
    expect(done).toBe(false);
    t.probe.open('g');
    await closed;
  });
});

/** Waits until an answer is what it should be; fails after twenty seconds. */
async function eventually(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) if (Date.now() > deadline) throw new Error(`This never came true: ${condition}`);
}
