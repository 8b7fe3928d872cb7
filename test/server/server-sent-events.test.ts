import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { FinaliseTimeoutError } from '../../src/server/index.js';
import { ManualTimers } from './support/manual-timers.js';
import { nothing, startServer, until } from './support/serving.js';
import { StreamClient } from './support/stream-client.js';

const sse = 'text/event-stream';
const opening = ':\n\n';
const next = (result: unknown): string => `event: next\ndata: ${JSON.stringify(result)}\n\n`;
const complete = 'event: complete\ndata:\n\n';

describe('a subscription as server-sent events', () => {
  test('begins with a comment, has one event for each result, and ends with complete', async () => {
    await using t = await startServer();
    const client = await StreamClient.run(t.url, sse, 'subscription { count(to: 3) }');
    expect(client.status).toBe(200);
    expect(client.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    });
    const events = [1, 2, 3].map((count) => next({ data: { count } })).join('');
    expect(await client.complete()).toBe(opening + events + complete);
    await until(() => t.server.stats().operations === 0);
    expect(t.server.stats()).toMatchObject(nothing);
  });

  test('is chunked on the wire, and each event is there before the next one happens', async () => {
    await using t = await startServer();
    const { hostname, port, pathname } = new URL(t.url);
    const body = JSON.stringify({ query: 'subscription { gated(gate: "g") }' });
    const socket = connect(Number(port), hostname);
    let wire = '';
    socket.on('data', (chunk) => {
      wire += chunk;
    });
    socket.write(
      `POST ${pathname} HTTP/1.1\r\nHost: x\r\nAccept: ${sse}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await until(() => wire.includes('"gated":1'));
    expect(wire).toContain('Transfer-Encoding: chunked\r\n');
    expect(wire).not.toContain('"gated":2');
    t.probe.open('g');
    await until(() => wire.endsWith('\r\n0\r\n\r\n'));
    expect(wire).toContain('"gated":2');
    socket.destroy();
  });

  test('may be asked for in an address', async () => {
    await using t = await startServer();
    const address = new URL(t.url);
    address.searchParams.set('query', 'subscription S($to: Int!) { count(to: $to) }');
    address.searchParams.set('variables', '{"to":1}');
    const client = await StreamClient.open(`${address}`, { method: 'GET', headers: { accept: sse } });
    expect(await client.complete()).toBe(opening + next({ data: { count: 1 } }) + complete);
  });

  test('has every line break of its data written as JSON', async () => {
    await using t = await startServer();
    const client = await StreamClient.run(t.url, sse, '{ hello(name: "a\\nb\\rc") }');
    expect(await client.complete()).toBe(opening + next({ data: { hello: 'Hello a\nb\rc' } }) + complete);
    expect(client.text).not.toContain('\r');
  });

  test.each([
    ['a syntax error', 'subscription {'],
    ['a validation error', 'subscription { nothing }'],
    ['a variable that does not fit', 'subscription ($to: Int!) { count(to: $to) }'],
    ['a source that cannot be made', 'subscription { throwsAtOnce }'],
    ['something that is no source', 'subscription { notIterable }'],
  ])('%s is one next with errors, then complete, with status 200', async (_, query) => {
    await using t = await startServer();
    const client = await StreamClient.run(t.url, sse, query);
    expect([client.status, client.headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const text = await client.complete();
    const data = /^:\n\nevent: next\ndata: (.*)\n\nevent: complete\ndata:\n\n$/.exec(text)?.[1] ?? '';
    expect(Object.keys(JSON.parse(data))).toEqual(['errors']);
  });

  test('a request that is none is answered with JSON and its status', async () => {
    await using t = await startServer();
    const client = await StreamClient.open(t.url, { headers: { accept: sse }, body: {} });
    expect([client.status, client.headers['content-type']]).toEqual([400, 'application/json; charset=utf-8']);
    expect(JSON.parse(await client.complete())).toEqual({
      errors: [{ message: expect.stringContaining('"query"'), extensions: { code: 'BAD_REQUEST' } }],
    });
  });

  test('a query and a mutation are one next, then complete', async () => {
    await using t = await startServer();
    for (const [query, data] of [
      ['{ hello }', { hello: 'Hello world' }],
      ['mutation { add(amount: 2) }', { add: 2 }],
    ] as const) {
      const client = await StreamClient.run(t.url, sse, query);
      expect(await client.complete()).toBe(opening + next({ data }) + complete);
    }
    await until(() => t.server.stats().operations === 0);
    expect((t.probe.contexts as { signal: AbortSignal }[]).every(({ signal }) => !signal.aborted)).toBe(true);
  });
});

describe('a source that fails', () => {
  test('in the middle: what came before, the errors, complete', async () => {
    await using t = await startServer();
    const client = await StreamClient.run(t.url, sse, 'subscription { throwsAfterTwo }');
    const events = [1, 2].map((throwsAfterTwo) => next({ data: { throwsAfterTwo } })).join('');
    expect(await client.complete()).toBe(opening + events + next({ errors: [{ message: 'Source broke' }] }) + complete);
    await until(() => t.server.stats().operations === 0);
    expect(t.server.stats()).toMatchObject(nothing);
  });

  test('with one event: the others come', async () => {
    await using t = await startServer();
    const client = await StreamClient.run(t.url, sse, 'subscription { oneBadEvent }');
    const text = await client.complete();
    expect(text.match(/event: next/g)).toHaveLength(3);
    expect(text).toContain('Bad event');
  });

  test('with an event that is no JSON: errors, complete, the source is closed and it is reported', async () => {
    await using t = await startServer();
    const client = await StreamClient.run(t.url, sse, 'subscription { unserialisable }');
    expect(await client.complete()).toBe(
      opening +
        next({ data: { unserialisable: 1 } }) +
        next({ errors: [{ message: 'The answer could not be serialised as JSON.' }] }) +
        complete,
    );
    await until(() => t.server.stats().sources === 0);
    expect(t.probe.finalised).toEqual(['unserialisable']);
    expect((t.probe.contexts[0] as { signal: AbortSignal }).signal.aborted).toBe(true);
    expect(t.failures.map(({ source }) => source)).toEqual(['result']);
  });

  test('a context hook that throws, rejects or never settles is one next with errors', async () => {
    const timers = new ManualTimers();
    const ways: (() => object | Promise<object>)[] = [
      () => {
        throw new Error('thrown');
      },
      () => Promise.reject(new Error('rejected')),
      () => new Promise(() => {}),
    ];
    let asked = 0;
    await using t = await startServer({ hookTimeoutMs: 100, context: () => ways[asked++]?.() ?? {} }, { timers });
    for (const message of ['thrown', 'rejected', 'did not settle within 100 ms']) {
      const answer = StreamClient.run(t.url, sse, 'subscription { count(to: 1) }');
      if (asked === 2) {
        await until(() => asked === 3);
        timers.advance(100);
      }
      expect(await (await answer).complete()).toContain(message);
    }
    expect(t.failures.map(({ source }) => source)).toEqual(['context', 'context', 'context']);
    expect(t.server.stats().sources).toBe(0);
  });
});

describe('a client that goes away', () => {
  test('aborts the signal and closes the source; nothing is reported', async () => {
    await using t = await startServer();
    const client = await StreamClient.run(t.url, sse, 'subscription { forever(name: "f") }');
    await client.receive('"forever":1');
    client.leave();
    await until(() => t.probe.finalised.includes('f'));
    await until(() => t.server.stats().operations === 0 && t.server.stats().sources === 0);
    expect(t.failures).toEqual([]);
  });

  test('before its source is there: the source is closed when it comes', async () => {
    await using t = await startServer();
    const { hostname, port, pathname } = new URL(t.url);
    const body = JSON.stringify({ query: 'subscription { late(gate: "g") }' });
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST ${pathname} HTTP/1.1\r\nHost: x\r\nAccept: ${sse}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await until(() => t.probe.began.includes('late'));
    socket.destroy();
    await until(() => t.server.stats().operations === 0);
    t.probe.open('g');
    await until(() => t.probe.finalised.includes('g'));
    expect(t.server.stats()).toMatchObject(nothing);
    expect(t.failures).toEqual([]);
  });

  test('from a source that cannot be left: it is let go when its time is over', async () => {
    const timers = new ManualTimers();
    await using t = await startServer({ finaliseTimeoutMs: 500, keepAliveMs: 0 }, { timers });
    const client = await StreamClient.run(t.url, sse, 'subscription { stuck(name: "s") }');
    await client.receive('"stuck":1');
    client.leave();
    await until(() => t.server.stats().operations === 0);
    expect(t.server.stats().sources).toBe(1);
    timers.advance(500);
    await until(() => t.server.stats().sources === 0);
    expect(t.failures[0]?.error).toBeInstanceOf(FinaliseTimeoutError);
  });

  test('a hundred streams, left in every way: everything returns to zero', async () => {
    const timers = new ManualTimers();
    await using t = await startServer({}, { timers });
    for (let i = 0; i < 100; i++) {
      const query = ['forever(name: "f")', 'gated(gate: "never")', 'count(to: 2)', 'throwsAfterTwo'][i % 4];
      const client = await StreamClient.run(t.url, sse, `subscription { ${query} }`);
      if (i % 4 > 1) await client.complete();
      else if (i % 3 === 0) await client.receive('event: next');
      client.leave();
    }
    t.probe.open('never');
    await until(() => t.server.stats().operations === 0 && t.server.stats().sources === 0);
    expect(t.server.stats()).toMatchObject(nothing);
    await until(() => timers.armed === 0);
  });
});

describe('a client that reads slowly', () => {
  test('stops its own source and not the memory of the server, and gets everything when it reads again', async () => {
    await using t = await startServer();
    const pulled = () => t.probe.began.filter((name) => name === 'blob pulled').length;
    const slow = await StreamClient.run(t.url, sse, 'subscription { blob(bytes: 100000) }');
    slow.pause();
    await until(() => pulled() > 5);
    await standsStill(pulled);
    // What the kernel and the buffers of two processes' ends take; a source that is not stopped passes this at once.
    expect(pulled()).toBeLessThan(200);
    const other = await StreamClient.run(t.url, sse, '{ hello }');
    await other.complete();
    const stopped = pulled();
    slow.resume();
    await until(() => slow.text.length > (stopped + 20) * 100_000);
    slow.leave();
    await until(() => t.probe.finalised.includes('blob'));
  });

  test('and then goes: the source is closed', async () => {
    await using t = await startServer();
    const pulled = () => t.probe.began.filter((name) => name === 'blob pulled').length;
    const slow = await StreamClient.run(t.url, sse, 'subscription { blob(bytes: 100000) }');
    slow.pause();
    await until(() => pulled() > 5);
    await standsStill(pulled);
    slow.leave();
    await until(() => t.probe.finalised.includes('blob') && t.server.stats().operations === 0);
    expect(t.server.stats()).toMatchObject(nothing);
  });
});

describe('signs of life', () => {
  test('a comment after every 12 s in which nothing else was sent', async () => {
    const timers = new ManualTimers();
    await using t = await startServer({}, { timers });
    const client = await StreamClient.run(t.url, sse, 'subscription { gated(gate: "g") }');
    await client.receive('"gated":1');
    const before = client.text;
    timers.advance(11_999);
    timers.advance(1);
    await until(() => client.text === `${before}:\n\n`);
    timers.advance(12_000);
    await until(() => client.text === `${before}:\n\n:\n\n`);
    timers.advance(11_000);
    t.probe.open('g');
    await client.complete();
    expect(client.text).toBe(`${before}:\n\n:\n\n${next({ data: { gated: 2 } })}${complete}`);
    await until(() => timers.armed === 0);
  });

  test('data counts as one', async () => {
    const timers = new ManualTimers();
    await using t = await startServer({ keepAliveMs: 1_000 }, { timers });
    const client = await StreamClient.run(t.url, sse, 'subscription { steps(gates: ["g", "h"]) }');
    await client.receive('"steps":1');
    timers.advance(900);
    t.probe.open('g');
    await client.receive('"steps":2');
    const before = client.text;
    timers.advance(999);
    // What is written first arrives first: the answer of another request would come after a comment.
    await (await StreamClient.run(t.url, sse, '{ hello }')).complete();
    expect(client.text).toBe(before);
    timers.advance(1);
    await until(() => client.text === `${before}:\n\n`);
    t.probe.open('h');
    await client.complete();
  });

  test('0 turns them off', async () => {
    const timers = new ManualTimers();
    await using t = await startServer({ keepAliveMs: 0 }, { timers });
    const client = await StreamClient.run(t.url, sse, 'subscription { gated(gate: "g") }');
    await client.receive('"gated":1');
    expect(timers.armed).toBe(0);
    t.probe.open('g');
    await client.complete();
  });
});

describe('a server that closes', () => {
  test('lets a stream run on until the grace is over, and does not wait for more', async () => {
    const timers = new ManualTimers();
    await using t = await startServer({}, { timers });
    const client = await StreamClient.run(t.url, sse, 'subscription { gated(gate: "g") }');
    await client.receive('"gated":1');
    const closed = t.serving.close({ graceMs: 1_000 });
    t.probe.open('g');
    expect(await client.complete()).toContain(complete);
    await closed;
  });

  test('cuts what is left without complete, and waits for its source to close', async () => {
    const timers = new ManualTimers();
    await using t = await startServer({}, { timers });
    const client = await StreamClient.run(t.url, sse, 'subscription { slowToClose(gate: "g") }');
    await until(() => t.server.stats().sources === 1);
    let done = false;
    const closed = t.serving.close({ graceMs: 1_000 }).then(() => {
      done = true;
    });
    timers.advance(999);
    expect(await Promise.race([client.ended, new Promise((resolve) => setImmediate(resolve, 'open'))])).toBe('open');
    timers.advance(1);
    expect(await client.ended).toBe('cut');
    expect(client.text).toBe(opening);
    await until(() => t.server.stats().operations === 0);
    expect(done).toBe(false);
    t.probe.open('g');
    await closed;
    expect(t.probe.finalised).toEqual(['g']);
  });
});

/** Settles when a number has not changed although the server has had many turns of the event loop. */
async function standsStill(count: () => number): Promise<void> {
  let before = count();
  for (let calm = 0; calm < 200; ) {
    await new Promise((resolve) => setImmediate(resolve));
    calm = count() === before ? calm + 1 : 0;
    before = count();
  }
}
