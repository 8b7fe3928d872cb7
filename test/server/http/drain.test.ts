import { describe, expect, test } from 'vitest';
import type { Execution } from '../../../src/protocol/executor.js';
import { eventually } from '../../testing/eventually.js';
import { errorsOf, FakeReader } from '../support/plain.js';
import { Feed, makeEndpoint, subscription } from './support.js';

const events = { accept: 'text/event-stream' };
const query = { body: { query: '{ x }' } };
const stream = { body: { query: 'subscription { x }' }, headers: events };

function make() {
  const feeds: Feed[] = [];
  const gates: ((execution: Execution) => void)[] = [];
  const made = makeEndpoint(({ payload, context }) => {
    if (!payload.query.startsWith('subscription')) return new Promise((resolve) => gates.push(resolve));
    const feed = new Feed(context.signal);
    feeds.push(feed);
    return subscription(feed);
  });
  return { ...made, feeds, gates };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a server that drains', () => {
  test('refuses what is new with 503, is not ready, and lives', async () => {
    const { ask, core } = make();
    const drained = core.life.drain({});
    const response = await ask(query);
    expect([response.status, response.headers['Retry-After'], response.endsConnection]).toEqual([503, '1', true]);
    expect(errorsOf(response)[0]?.extensions).toEqual({ code: 'SHUTTING_DOWN' });
    expect((await ask({ method: 'PUT' })).status).toBe(503);
    expect((await ask({ method: 'GET', url: '/ready' })).status).toBe(503);
    expect((await ask({ method: 'GET', url: '/health' })).status).toBe(200);
    await drained;
  });

  test('answers what runs, on a connection that ends with it', async () => {
    const { ask, core, gates } = make();
    const answer = ask(query);
    await eventually(() => gates.length, 1);
    let done = false;
    const drained = core.life.drain({}).then(() => {
      done = true;
    });
    await settle();
    expect(done).toBe(false);
    gates[0]?.({ kind: 'result', result: { data: { x: 1 } } });
    expect(await answer).toMatchObject({ status: 200, endsConnection: true, body: '{"data":{"x":1}}' });
    await drained;
    expect(core.timers.armed).toBe(0);
  });

  test('ends streams one after the other, unfinished, and asks their clients to come back', async () => {
    const { ask, core, feeds } = make();
    const readers: FakeReader[] = [];
    for (let i = 0; i < 4; i++) readers.push(new FakeReader(await ask({ ...stream, remoteAddress: `10.0.0.${i}` })));
    const ended = () => readers.filter((reader) => reader.ended === 'complete').length;
    const drained = core.life.drain({ spreadMs: 1_000 });
    const seen: number[] = [];
    for (const ms of [0, 249, 1, 249, 1, 250]) {
      core.timers.advance(ms);
      await settle();
      seen.push(ended());
    }
    expect(seen).toEqual([1, 1, 2, 2, 3, 4]);
    await drained;
    for (const { text } of readers) {
      expect(text).toMatch(/^:\n\nretry: (1\d{3}|2000)\n\n$/);
    }
    expect(feeds.every(({ returned }) => returned > 0)).toBe(true);
    expect([core.counters.operations, core.admission.principals, core.timers.armed]).toEqual([0, 0, 0]);
  });

  test('leaves nothing of a multipart subscription that a reader could take for its end', async () => {
    const { ask, core } = make();
    const accept = 'multipart/mixed;subscriptionSpec=1.0';
    const reader = new FakeReader(await ask({ ...stream, headers: { accept } }));
    const drained = core.life.drain({ spreadMs: 0 });
    core.timers.advance(0);
    await drained;
    expect(reader.text).not.toContain('--graphql--');
  });

  test('ends a stream too that begins only now', async () => {
    const { ask, core, gates } = make();
    const feed = new Feed();
    const answer = ask({ ...query, headers: events });
    await eventually(() => gates.length, 1);
    const drained = core.life.drain({ spreadMs: 1_000 });
    gates[0]?.(subscription(feed));
    const reader = new FakeReader(await answer);
    core.timers.advance(1_000);
    await drained;
    expect([reader.ended, feed.returned]).toEqual(['complete', 1]);
  });

  test('waits for an answer in parts, and cuts it at the deadline', async () => {
    const { ask, core, gates } = make();
    const feed = new Feed();
    const answer = ask({ ...query, headers: events });
    await eventually(() => gates.length, 1);
    gates[0]?.({ kind: 'stream', events: feed, incremental: true });
    const reader = new FakeReader(await answer);
    const drained = core.life.drain({ spreadMs: 100, deadlineMs: 5_000 });
    core.timers.advance(4_999);
    await settle();
    expect(reader.ended).toBe(undefined);
    core.timers.advance(1);
    await drained;
    expect([reader.ended, feed.returned]).toEqual(['cut', 1]);
  });

  test('cuts a query that does not end at the deadline', async () => {
    const { ask, core, gates } = make();
    const answer = ask(query);
    await eventually(() => gates.length, 1);
    const drained = core.life.drain({ deadlineMs: 5_000 });
    core.timers.advance(5_000);
    await drained;
    expect(new FakeReader(await answer).ended).toBe('cut');
  });

  test('lets the queries of a shared stream be answered before it ends the stream, and lets operations be stopped', async () => {
    const { ask, core, gates } = make();
    const token = String((await ask({ method: 'PUT' })).body);
    const headers = { 'x-graphql-event-stream-token': token };
    const reader = new FakeReader(await ask({ method: 'GET', headers: { ...headers, ...events } }));
    const body = (text: string, operationId: string) => ({ query: text, extensions: { operationId } });
    await ask({ body: body('subscription { x }', 's'), headers });
    const answer = ask({ body: body('{ x }', 'q'), headers });
    await eventually(() => gates.length, 1);
    const drained = core.life.drain({ spreadMs: 100, deadlineMs: 5_000 });
    expect((await ask({ body: body('{ x }', 'late'), headers })).status).toBe(503);
    expect((await ask({ method: 'DELETE', url: '/graphql?operationId=s', headers })).status).toBe(200);
    core.timers.advance(100);
    await settle();
    expect(reader.ended).toBe(undefined);
    gates[0]?.({ kind: 'result', result: { data: { x: 1 } } });
    expect((await answer).status).toBe(202);
    await drained;
    expect(reader.text).toMatch(
      /"id":"q","payload":\{"data":\{"x":1\}\}\}\n\nevent: complete\ndata: \{"id":"q"\}\n\nretry: /,
    );
    expect(reader.ended).toBe('complete');
  });
});
