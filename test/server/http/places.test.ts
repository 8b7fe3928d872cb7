import { describe, expect, test } from 'vitest';
import type { ServerOptions } from '../../../src/server/index.js';
import { eventually } from '../../testing/eventually.js';
import { errorsOf, FakeReader, FakeRequest } from '../support/plain.js';
import { Feed, makeEndpoint, subscription } from './support.js';

const ask = {
  body: { query: 'subscription { x }' },
  headers: { accept: 'text/event-stream' },
  remoteAddress: '10.0.0.1',
};

function make(options: Partial<ServerOptions>) {
  const feeds: Feed[] = [];
  const made = makeEndpoint(() => {
    const feed = new Feed();
    feeds.push(feed);
    return subscription(feed);
  }, options);
  return { ...made, feeds };
}

describe('the places of streams', () => {
  test('in all: as many as the limit, then 503 that names it, and the source is closed', async () => {
    const { ask: send, core, feeds } = make({ limits: { connections: 2 } });
    const first = new FakeReader(await send(ask));
    new FakeReader(await send({ ...ask, remoteAddress: '10.0.0.2' }));
    const refused = await send({ ...ask, remoteAddress: '10.0.0.3' });
    expect([refused.status, refused.headers['Retry-After'], errorsOf(refused)]).toEqual([
      503,
      '5',
      [{ message: expect.stringContaining('"limits.connections"'), extensions: { code: 'LIMIT_EXCEEDED' } }],
    ]);
    expect([feeds[2]?.returned, core.counters.operations]).toEqual([1, 2]);
    first.leave();
    expect((await send(ask)).status).toBe(200);
  });

  test('of one address: as many as the limit, then 429 that names it; another one has its own', async () => {
    const { ask: send, core, feeds } = make({ limits: { connectionsPerPrincipal: 1 } });
    const first = new FakeReader(await send(ask));
    const refused = await send(ask);
    expect([refused.status, errorsOf(refused)[0]]).toEqual([
      429,
      { message: expect.stringContaining('"limits.connectionsPerPrincipal"'), extensions: { code: 'LIMIT_EXCEEDED' } },
    ]);
    expect(feeds[1]?.returned).toBe(1);
    new FakeReader(await send({ ...ask, remoteAddress: '10.0.0.2' })).leave();
    first.leave();
    new FakeReader(await send(ask)).leave();
    expect([core.admission.principals, core.counters.operations]).toEqual([0, 0]);
  });

  test('of one principal, wherever it asks from', async () => {
    const { ask: send } = make({
      limits: { connectionsPerPrincipal: 1 },
      principal: ({ headers }) => headers['x-user'],
    });
    const as = (user: string, remoteAddress: string) => ({
      ...ask,
      headers: { ...ask.headers, 'x-user': user },
      remoteAddress,
    });
    new FakeReader(await send(as('a', '10.0.0.1')));
    expect((await send(as('a', '10.0.0.2'))).status).toBe(429);
    expect((await send(as('b', '10.0.0.1'))).status).toBe(200);
  });

  test('a principal that cannot be named is answered with 500 and reported, and has no place', async () => {
    const reported: unknown[] = [];
    const { endpoint, core, feeds } = make({
      principal: () => Promise.reject(new Error('no names')),
    });
    Object.assign(core, { report: (...of: unknown[]) => reported.push(of) });
    const response = await endpoint.respond(new FakeRequest(ask));
    expect([response.status, errorsOf(response)[0]?.message]).toEqual([500, 'Internal server error']);
    expect(reported).toEqual([[expect.objectContaining({ message: 'no names' }), 'principal']]);
    expect([feeds[0]?.returned, core.admission.principals, core.counters.operations]).toEqual([1, 0, 0]);
  });

  test('an answer of one part takes none', async () => {
    const { ask: send } = makeEndpoint(undefined, { limits: { connections: 1 } });
    for (let i = 0; i < 3; i++) expect((await send(ask)).status).toBe(200);
  });
});

describe('a client that does not read', () => {
  test('the end of its stream is cut when it has not for the time of the option, and its place is free', async () => {
    const { ask: send, core, feeds } = make({ stallTimeoutMs: 500, keepAliveMs: 0 });
    const response = await send(ask);
    const { body } = response;
    if (typeof body === 'string') throw new Error('It must be a stream.');
    const ends: string[] = [];
    const events = body.start({
      write() {},
      end: () => void ends.push('end'),
      cut: () => void ends.push('cut'),
      backlog: 1,
    });
    feeds[0]?.finish();
    await eventually(() => ends, ['end']);
    core.timers.advance(499);
    expect(ends).toEqual(['end']);
    core.timers.advance(1);
    expect(ends).toEqual(['end', 'cut']);
    events.closed();
    expect([core.admission.principals, core.counters.operations, core.timers.armed]).toEqual([0, 0, 0]);
  });
});
