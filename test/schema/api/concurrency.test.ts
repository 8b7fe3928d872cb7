// Callers who run one document at the same time: nobody's variables or answers are anybody else's.

import { describe, expect, test } from 'vitest';
import { connect } from '../../../src/index.js';
import { createApi } from '../../../src/schema/api/create-api.js';
import { createServer, serve } from '../../../src/server/index.js';
import { undici } from '../../../src/transport/undici/index.js';
import { bookshopSchema, day, Shop, scalars } from './support/bookshop.js';
import { offlineApi } from './support/offline.js';

const authors = ['Le Guin', 'Tolkien', 'Nobody'];

describe('callers of one document', () => {
  test('keep their variables, also when they are sent again', async () => {
    const { api, connection, accept, settle } = await offlineApi({ scalars });
    const request = api.query.books!.request<{ title: string }[]>({ author: '' }, ['title', 'published']);
    const calls = [
      ...authors.map((author) => api.query.books!({ author }, ['title', 'published'])),
      ...authors.map((author) => api.execute(request.with({ variables: { author } }))),
    ];
    await settle();
    expect(new Set(connection.queries).size).toBe(1);
    connection.lose();
    const next = await accept();
    await settle();
    expect(new Set(next.queries)).toEqual(new Set(connection.queries));
    for (const sent of [...next.requests].reverse()) {
      const { author } = Object(sent.request.variables?.value) as { author: string };
      sent.data({ books: [{ title: `by ${author}`, published: '2001-02-03' }] });
    }
    const answers = await Promise.all(calls);
    const expected = authors.map((author) => [{ title: `by ${author}`, published: day('2001-02-03') }]);
    expect(answers).toEqual([...expected, ...expected]);
  });

  test('keep their variables in one batch, and each answer is read by its own document', async () => {
    const schema = bookshopSchema(new Shop());
    const serving = await serve(createServer({ schema, batching: true }), { port: 0, quiet: true, signals: false });
    try {
      await using session = await connect({ transport: undici(serving.url) });
      const api = createApi(session, schema, { scalars });
      const options = { batch: 'one' };
      const answers = await Promise.all([
        api.query.echo!({ text: 'a' }, undefined, options),
        api.query.echo!({ text: 'b' }, undefined, options),
        api.query.today!({}, undefined, options),
        api.execute('query Echo($text: String) { echo(text: $text) }', { text: 'c' }, options),
        api.query.book!({ id: '2' }, ['published'], options),
      ]);
      expect(answers).toEqual(['a', 'b', day('2026-01-01'), { echo: 'c' }, { published: day('1937-09-21') }]);
    } finally {
      await serving.close({ graceMs: 0 });
    }
  });
});
