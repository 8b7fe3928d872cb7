// Answers in parts through the API of a schema, from a real server that sends them.

import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../../src/index.js';
import { createApi } from '../../../src/schema/api/create-api.js';
import { ScalarError } from '../../../src/schema/errors/scalar-error.js';
import { type Serving, serve } from '../../../src/server/index.js';
import { createServerIn } from '../../../src/server/server.js';
import { endpoint } from '../../../src/transport/route/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { inParts } from '../../server/support/incremental.js';
import { rejection } from '../../session/support/harness.js';
import { day, scalars } from './support/bookshop.js';

const schema = buildSchema(/* GraphQL */ `
  directive @stream(if: Boolean! = true, label: String, initialCount: Int = 0) on FIELD
  scalar Date
  type Query { hello: String list: [Date] }
`);
const parts = [
  { incremental: [{ id: '0', items: ['2026-01-01'] }], hasNext: true },
  { incremental: [{ id: '0', items: ['2026-01-02'] }], completed: [{ id: '0' }], hasNext: false },
];
const streamed = { $directives: { stream: { initialCount: 0 } } };

let serving: Serving;

beforeAll(async () => {
  const server = createServerIn({ load: () => Promise.resolve(inParts(parts)) }, { schema, development: true });
  serving = await serve(server, { port: 0, quiet: true, signals: false });
});
afterAll(() => serving.close({ graceMs: 100 }));

const ways = {
  'over HTTP': () => endpoint(serving.url),
  'over WebSocket': () => webSocket(serving.webSocketUrl),
};

describe.each(Object.entries(ways))('a streamed field %s', (_, transport) => {
  test('is its value so far, decoded, and at last the whole of it', async () => {
    await using session = await connect({ transport: transport() });
    const api = createApi(session, schema, { scalars });
    let last: unknown;
    for await (const { data, hasNext } of api.query.list!.stream({}, streamed)) last = [data, hasNext];
    expect(last).toEqual([[day('2026-01-01'), day('2026-01-02')], false]);
  });

  test('is what each part adds to it, where that is wanted', async () => {
    await using session = await connect({ transport: transport() });
    const api = createApi(session, schema, { scalars });
    const added: unknown[] = [];
    for await (const part of api.query.list!.stream({}, streamed, { as: 'patch' })) {
      added.push(part.data ?? part.patches.map(({ path, items }) => [path, items]));
    }
    expect(added).toEqual([[], [[[], [day('2026-01-01')]]], [[[], [day('2026-01-02')]]]]);
  });

  test('ends with the place of what cannot be decoded', async () => {
    await using session = await connect({ transport: transport() });
    const decode = (wire: string): Date => {
      if (wire === '2026-01-02') throw new RangeError('No such day');
      return day(wire);
    };
    const api = createApi(session, schema, { scalars: { Date: { ...scalars.Date!, decode } } });
    const stream = api.query.list!.stream({}, streamed, { as: 'patch' });
    await stream.next();
    await stream.next();
    expect(await rejection(stream.next(), ScalarError)).toMatchObject({
      scalar: 'Date',
      path: ['list', expect.any(Number)],
    });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(session.operations).toBe(0);
  });
});
