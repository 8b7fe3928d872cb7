// Answers in parts (`@defer`, `@stream`) of real servers: GraphQL Yoga executes them by itself and streams them in the format of
// old, as events or parts; Apollo Server writes what an executor of either format gives it; the others answer with the whole.

import { describe, expect, test } from 'vitest';
import type { Session } from '../../../src/session/session.js';
import { eventually } from '../../testing/eventually.js';
import {
  apollo,
  apolloAnswering,
  graphqlHttp,
  mercuriusOn,
  ours,
  type Parts,
  startPeer,
  yoga,
} from './support/peers.js';
import { open, ways } from './support/ways.js';

const document = `query ($of: [Item!]!) {
  hello
  list(of: $of) @stream(initialCount: 1, label: "rest")
  ... @defer(label: "later") { slow(gate: "gate") }
}`;
const variables = { of: [{ name: 'a', times: 2 }, { name: 'b' }] };
const whole = { hello: 'Hello world', list: ['a', 'a', 'b'], slow: 'after gate' };

async function lastOf(session: Session): Promise<{ readonly data: unknown; readonly count: number }> {
  let data: unknown;
  let count = 0;
  for await (const snapshot of session.stream(document, variables)) {
    data = snapshot.data;
    count += 1;
  }
  return { data, count };
}

const inForms = ways.flatMap(([name, way]) =>
  (['sse', 'multipart'] as const).map((form) => ({ name, form, make: (url: string) => way(url, { streams: [form] }) })),
);

describe.each(inForms)('GraphQL Yoga over $name, as $form', ({ form, make }) => {
  test('sends first what is there, and the rest when it comes', async () => {
    const { url, app } = await startPeer(yoga);
    const session = open(make(url));
    const snapshots: unknown[] = [];
    for await (const { data, hasNext } of session.stream(document, variables)) {
      snapshots.push(data);
      // Nothing of what was deferred, and the gate opens only now.
      if (snapshots.length === 1) {
        expect(hasNext).toBe(true);
        expect(data).not.toHaveProperty('slow');
        app.open('gate');
      }
    }
    expect(snapshots[0]).toMatchObject({ hello: 'Hello world' });
    expect(snapshots.at(-1)).toEqual(whole);
    expect(app.asked[0]?.headers.accept).toMatch(form === 'sse' ? /^text\/event-stream/ : /^multipart\/mixed/);
  });

  test('gives a program that wants the whole the whole', async () => {
    const { url, app } = await startPeer(yoga);
    app.open('gate');
    expect(await open(make(url)).execute(document, variables)).toEqual(whole);
  });

  test('is told when nobody waits for the rest', async () => {
    const { url, app } = await startPeer(yoga);
    const session = open(make(url));
    for await (const _snapshot of session.stream(document, variables)) break;
    await eventually(() => session.operations, 0);
    app.open('gate');
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
  });
});

const ofOld: Parts = {
  initialResult: { data: { hello: 'Hello world', list: ['a'] }, hasNext: true },
  subsequentResults: [
    { incremental: [{ items: ['a', 'b'], path: ['list', 1], label: 'rest' }], hasNext: true },
    { incremental: [{ data: { slow: 'after gate' }, path: [], label: 'later' }], hasNext: false },
  ],
};

const ofNow: Parts = {
  initialResult: {
    data: { hello: 'Hello world', list: ['a'] },
    pending: [
      { id: '0', path: ['list'], label: 'rest' },
      { id: '1', path: [], label: 'later' },
    ],
    hasNext: true,
  },
  subsequentResults: [
    { incremental: [{ id: '0', items: ['a', 'b'] }], completed: [{ id: '0' }], hasNext: true },
    { incremental: [{ id: '1', data: { slow: 'after gate' } }], completed: [{ id: '1' }], hasNext: false },
  ],
};

describe.each(ways)('Apollo Server over %s', (_name, way) => {
  test.each([
    ['of old', ofOld],
    ['of now', ofNow],
  ])('sends the parts of the format %s, which are merged', async (_format, parts) => {
    const { url } = await startPeer(apolloAnswering(parts));
    const session = open(way(url));
    const snapshots: unknown[] = [];
    for await (const { data } of session.stream(document, variables)) snapshots.push(data);
    expect(snapshots.at(-1)).toEqual(whole);
    expect(await session.execute(document, variables)).toEqual(whole);
  });
});

test.each([
  ['Apollo Server', apollo],
  ['graphql-http', graphqlHttp],
  ['Mercurius', mercuriusOn],
  ['our own server', ours],
])('%s, whose graphql-js knows no parts, answers with the whole as one', async (_name, start) => {
  const { url, app } = await startPeer(start);
  app.open('gate');
  for (const [, way] of ways) expect(await lastOf(open(way(url)))).toEqual({ data: whole, count: 1 });
});
