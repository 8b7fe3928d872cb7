import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { loadSchema, memoryCache, type Schema } from '../../../src/schema/index.js';
import { featuresQuery, introspectionQuery, readFeatures } from '../../../src/schema/sources/introspection/query.js';
import { CancelledError } from '../../../src/session/errors/cancelled-error.js';
import { ConnectError } from '../../../src/session/errors/connect-error.js';
import { DeadlineError } from '../../../src/session/errors/deadline-error.js';
import { SessionClosedError } from '../../../src/session/errors/session-closed-error.js';
import { answerOf, answerOf2016, books, sessionAnswering } from './support/asked-session.js';

describe('A server that is asked for its schema', () => {
  it('tells everything that introspection of today knows', async () => {
    const session = sessionAnswering(answerOf(books));
    const { model, source } = await loadSchema(session);
    expect(source).toBe('the server of the session');
    expect(model.description).toBe('What is for sale.');
    expect(model.types.get('Date')).toMatchObject({ specifiedByURL: 'https://example.com/date' });
    expect(model.types.get('One')).toMatchObject({ oneOf: true });
    expect(model.directives.get('cost')).toMatchObject({ repeatable: true });
    expect(model.directives.get('cost')?.args.get('old')?.deprecated).toBe('No longer supported');
    expect(fieldsOf({ model }, 'Shop')?.get('books')?.args.get('limit')?.deprecated).toBe('Use first');
    expect(fieldsOf({ model }, 'Book')?.get('isbn')?.deprecated).toBe('No longer supported');
    expect(session.asked.map((query) => /query (\w+)/.exec(query)?.[1])).toEqual([
      'IntrospectionFeatures',
      'IntrospectionQuery',
    ]);
  });

  it('that is old is asked for nothing that it does not know', async () => {
    const session = sessionAnswering(answerOf2016(books));
    const { model } = await loadSchema(session);
    expect(model.roots.query).toBe('Shop');
    expect(model.types.get('One')).toMatchObject({ kind: 'input', oneOf: false });
    expect(fieldsOf({ model }, 'Book')?.get('isbn')?.deprecated).toBe('No longer supported');
    expect([...model.directives.keys()]).toEqual(expect.arrayContaining(['include', 'skip', 'deprecated', 'oneOf']));
  });

  it('that does not answer the first question is asked as an old one', async () => {
    const answer = answerOf2016(books);
    const session = sessionAnswering((query) =>
      query === featuresQuery ? { errors: [{ message: 'Too many aliases' }] } : answer(query),
    );
    expect((await loadSchema(session)).model.roots.query).toBe('Shop');
  });

  it('that knows no locations of directives is asked for the flags of before, and they are read', async () => {
    const fields = ['name', 'description', 'args', 'onOperation', 'onFragment', 'onField'];
    const features = readFeatures({ Directive: { fields: fields.map((name) => ({ name, args: [] })) } });
    const query = introspectionQuery(features);
    expect(query).toContain('fragment Directive on __Directive { name description args { ...InputValue } onOperation');
    expect(query).not.toContain('locations');
    const { data } = answerOf(books)(introspectionQuery(readFeatures(undefined)));
    const { __schema: old } = data as { __schema: { directives: unknown[] } };
    old.directives = [{ name: 'client', onOperation: false, onFragment: true, onField: true, args: [] }];
    const session = sessionAnswering(() => ({ data }));
    expect((await loadSchema(session)).model.directives.get('client')?.locations).toEqual([
      'FIELD',
      'FRAGMENT_DEFINITION',
      'FRAGMENT_SPREAD',
      'INLINE_FRAGMENT',
    ]);
  });

  it('is asked only with documents that are valid', () => {
    for (const query of [featuresQuery, introspectionQuery(readFeatures(undefined))]) {
      expect(validate(books, parse(query))).toEqual([]);
    }
  });

  it('may hide @skip and @include: they can be used all the same', async () => {
    const answer = answerOf(books);
    const session = sessionAnswering((query) => {
      const answered = answer(query);
      const { __schema: schema } = answered.data as { __schema?: { directives: { name: string }[] } };
      if (schema !== undefined) schema.directives = schema.directives.filter(({ name }) => name === 'cost');
      return answered;
    });
    const schema = await loadSchema(session);
    expect([...schema.model.directives.keys()]).toEqual([
      'cost',
      'include',
      'skip',
      'deprecated',
      'specifiedBy',
      'oneOf',
    ]);
    const document = parse('query ($yes: Boolean!) { books { title @include(if: $yes) isbn @skip(if: $yes) } }');
    expect(validate(await schema.graphql(), document)).toEqual([]);
  });

  it('may answer late errors beside a whole schema', async () => {
    const session = sessionAnswering((query) => ({ ...answerOf(books)(query), errors: [{ message: 'Slow query' }] }));
    expect((await loadSchema(session)).model.roots.query).toBe('Shop');
  });
});

describe('A server that does not tell its schema', () => {
  it.each([
    [
      'GraphQL introspection is not allowed by Apollo Server, but the query contained __schema or __type. To enable introspection, pass introspection: true to ApolloServer in production',
    ],
    ['GraphQL introspection has been disabled, but the requested query contained the field "__schema".'],
    ['Introspection is disabled'],
    ['introspection disabled'],
    ["Cannot query '__schema': introspection is disabled."],
    ['field "__schema" not found in type: \'query_root\''],
    ["Field '__schema' doesn't exist on type 'Query'"],
    ["Validation error (FieldUndefined@[__schema]) : Field '__schema' in type 'Query' is undefined"],
    ['Cannot query field "__schema" on type "RootQueryType".'],
    ['Unknown field "__type" on type "Query".'],
    ['Introspection is not allowed for the current request.'],
  ])('is told from others where it says: %s', async (message) => {
    const session = sessionAnswering(() => ({ data: null, errors: [{ message }] }));
    await expect(loadSchema(session, { source: 'the shop' })).rejects.toMatchObject({
      name: 'SchemaError',
      code: 'introspection-disabled',
      source: 'the shop',
      message: expect.stringMatching(
        /^the shop: The server does not tell its schema; it says ".*holdfast schema.*switch introspection on/,
      ),
    });
  });

  it.each([
    ['by its code', { errors: [{ message: 'Bad request', extensions: { code: 'INTROSPECTION_DISABLED' } }] }],
    [
      'by the code of its validation',
      {
        errors: [
          {
            message: 'No.',
            extensions: { code: 'GRAPHQL_VALIDATION_FAILED', validationErrorCode: 'INTROSPECTION_DISABLED' },
          },
        ],
      },
    ],
    ['by answering null', { data: { __schema: null } }],
    ['by answering nothing', { data: {} }],
  ])('is known %s', async (_, answer) => {
    const session = sessionAnswering(() => answer);
    await expect(loadSchema(session)).rejects.toMatchObject({ code: 'introspection-disabled', delivery: 'answered' });
  });
});

describe('A server that fails when it is asked for its schema', () => {
  it.each([
    ['Cannot query field "isOneOf" on type "__Type".'],
    ['Maximum introspection depth exceeded'],
    ['Unauthorized'],
    ['The query is too complex'],
  ])('is not said to keep it to itself where it says: %s', async (message) => {
    const session = sessionAnswering(() => ({ errors: [{ message }] }));
    await expect(loadSchema(session)).rejects.toMatchObject({
      code: 'introspection-failed',
      delivery: 'answered',
      message: expect.stringContaining(message),
      cause: [{ message }],
    });
  });

  it('gives the failure as the cause', async () => {
    const failure = new Error('The session is closed');
    const session = sessionAnswering(() => Promise.reject(failure));
    await expect(loadSchema(session)).rejects.toMatchObject({
      code: 'introspection-failed',
      message: 'the server of the session: The server could not be asked for its schema: The session is closed',
      cause: failure,
    });
  });

  it.each([
    ['', {}],
    [' for a cache', { cache: memoryCache({ maxAgeMs: 1_000 }), cacheKey: 'books' }],
  ])('was asked all the same where its answer is damaged%s', async (_how, options) => {
    const session = sessionAnswering((query) => {
      const { data } = answerOf(books)(query);
      if (query === featuresQuery) return { data };
      const { __schema: damaged } = data as { __schema: { directives: unknown[] } };
      damaged.directives = [{ name: 'no name' }];
      return { data };
    });
    await expect(loadSchema(session, options)).rejects.toMatchObject({
      code: 'unreadable',
      delivery: 'answered',
      message: expect.stringContaining('The introspection is damaged at a directive'),
    });
  });

  it('says of its failure whether asking again may help, as the cause says it', async () => {
    const failure = new ConnectError('The session could not be connected', undefined, 3, true, 'unknown');
    await expect(loadSchema(sessionAnswering(() => Promise.reject(failure)))).rejects.toMatchObject({
      code: 'introspection-failed',
      retryable: true,
      delivery: 'unknown',
      attempts: 3,
      cause: failure,
    });
  });

  it.each([
    new CancelledError('The query', 'enough', 'unknown', 1),
    new DeadlineError('The query', 200, 'unknown', 1, undefined),
    new SessionClosedError('The query', 'not-sent', 0),
  ])('fails with what the program itself did: $name', async (failure) => {
    await expect(loadSchema(sessionAnswering(() => Promise.reject(failure)))).rejects.toBe(failure);
  });
});

function fieldsOf({ model }: Pick<Schema, 'model'>, name: string) {
  const type = model.types.get(name);
  return type?.kind === 'object' ? type.fields : undefined;
}
