// The API of a generated module: what its calls take and give is known to the compiler, and its codecs are used.

import { expect, expectTypeOf, test } from 'vitest';
import type { ApiRequest } from '../../../src/schema/api/api-request.js';
import { createApi } from '../../../src/schema/api/create-api.js';
import { openApi } from '../../../src/schema/api/open-api.js';
import { createServer, serve } from '../../../src/server/index.js';
import { readySession } from '../../session/support/harness.js';
import { schema } from '../types/library/generated.js';

test('an API has the types of its schema, and the codecs of its module', async () => {
  const { session, connection, settle } = await readySession();
  const api = createApi(session, schema);
  const call = api.query.book({ id: '1' }, { title: true, published: true });
  expectTypeOf(call).resolves.toEqualTypeOf<{ readonly title: string; readonly published: Date | null } | null>();
  await settle();
  connection.latest.data({ book: { title: 'The Dispossessed', published: '1974-05-01T00:00:00.000Z' } });
  expect((await call)?.published).toEqual(new Date('1974-05-01T00:00:00.000Z'));

  const request = api.request('query', { 'one: version': true });
  expectTypeOf(request).toEqualTypeOf<ApiRequest<{ readonly one: string }>>();
  expectTypeOf(api.execute(request)).resolves.toEqualTypeOf<{ readonly one: string }>();
  expectTypeOf(request.with({ variables: {} })).toEqualTypeOf(request);
  void api.execute(request).catch(() => {});

  const ticks = api.subscription.ticks({ everyMs: 10 });
  await settle();
  connection.latest.data({ ticks: 1 });
  for await (const event of ticks) {
    expectTypeOf(event).extract<{ type: 'data' }>().toHaveProperty('data').toEqualTypeOf<number>();
    expect(event).toMatchObject({ type: 'data', data: 1 });
    break;
  }
  // @ts-expect-error the schema has no such field
  expect(() => api.query.boks).toThrow('books');
});

test('codecs of the call stand before those of the module', async () => {
  const { session, connection, settle } = await readySession();
  const year = { encode: (date: Date) => date.getUTCFullYear(), decode: (wire: number) => new Date(Date.UTC(wire)) };
  const call = createApi(session, schema, { scalars: { DateTime: year } }).query.books(
    { filter: { published: { from: new Date('1974-05-01') } } },
    ['copies', 'published'],
  );
  await settle();
  expect(connection.latest.request.variables?.value).toEqual({ filter: { published: { from: 1974 } } });
  connection.latest.data({ books: [{ copies: '12', published: 1974 }] });
  expect(await call).toEqual([{ copies: 12n, published: new Date('1974-01-01') }]);
});

test('an API that is opened with a generated schema has its types, and asks the server for none', async () => {
  const server = createServer({ schema: await schema.graphql(), rootValue: { version: '1.0' } });
  const serving = await serve(server, { port: 0, quiet: true, signals: false });
  try {
    await using api = await openApi(serving.url, { schema });
    const version = api.query.version();
    expectTypeOf(version).resolves.toEqualTypeOf<string>();
    expect(await version).toBe('1.0');
  } finally {
    await serving.close({ graceMs: 0 });
  }
});
