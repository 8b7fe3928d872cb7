import * as graphql from 'graphql';
import { describe, expect, test } from 'vitest';
import { Documents, type DocumentsOptions } from '../../../src/server/execution/documents.js';
import { graphqlJs } from '../../../src/server/execution/graphql-js.js';
import type { GraphQLModule } from '../../../src/server/execution/graphql-module.js';
import { resolveLimits } from '../../../src/server/server-limits.js';
import { input, module, operationOf } from './support/engines.js';

const schema = graphql.buildSchema(`
  type Query { me: User, hello(name: String, color: Color, filter: Filter): String }
  type User { name: String, friends: [User], best: User }
  enum Color { RED }
  input Filter { prefix: String }
  type Mutation { add(amount: Int): Int }
  type Subscription { ticks: Int }
`);

/** Counts what is parsed and validated. */
function make(options: Partial<DocumentsOptions> = {}) {
  const counts = { parsed: 0, validated: 0 };
  const counting: GraphQLModule = {
    ...module,
    parse: (...args) => {
      counts.parsed += 1;
      return graphql.parse(...args);
    },
    validate: (...args) => {
      counts.validated += 1;
      return graphql.validate(...args);
    },
  };
  const documents = new Documents({
    graphql: counting,
    schema,
    engine: graphqlJs(),
    limits: resolveLimits({}),
    development: true,
    ...options,
  });
  return { documents, counts, get: (text: string) => documents.get(text) };
}

const messages = (of: { readonly errors?: readonly { readonly message: string }[] | undefined }): string[] =>
  (of.errors ?? []).map(({ message }) => message);

describe('a document', () => {
  test('is one thing to run for each of its operations, with its kind and name', () => {
    const { operations } = make().get('query A { hello } mutation { add } subscription B { ticks }');
    // Beside others, one without a name is not valid.
    expect(operations).toBeUndefined();
    const named = make().get('query A { hello } mutation C { add } subscription B { ticks }').operations;
    expect(named?.map(({ kind, name }) => [kind, name])).toEqual([
      ['query', 'A'],
      ['mutation', 'C'],
      ['subscription', 'B'],
    ]);
    expect(
      make()
        .get('{ hello }')
        .operations?.map(({ kind, name }) => [kind, name]),
    ).toEqual([['query', undefined]]);
  });

  test('is parsed and validated once per text, refused ones too', () => {
    const { get, counts } = make();
    for (let i = 0; i < 5; i++) {
      get('{ hello }');
      get('{ nothing }');
      get('{');
    }
    expect(counts).toEqual({ parsed: 3, validated: 2 });
    expect(get('{ hello }')).toBe(get('{ hello }'));
  });

  test('that is wrong has errors with their places', () => {
    const { get } = make();
    expect(get('{').errors).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('Syntax Error'),
        locations: [{ line: 1, column: 2 }],
      }),
    ]);
    expect(get('').errors).toHaveLength(1);
    expect(get('{ nothing }').errors).toEqual([expect.objectContaining({ locations: [{ line: 1, column: 3 }] })]);
    expect(get('type Query { a: Int }').errors).toHaveLength(1);
  });

  test('that is wrong all over is told of twenty errors, and that there are more', () => {
    const errors = messages(make().get(`{ ${'nothing '.repeat(500)} }`));
    expect(errors).toHaveLength(21);
    expect(errors[20]).toContain('Too many validation errors');
  });
});

describe('what is kept', () => {
  const text = (name: string, length = 0): string => `{ hello(name: "${name.padEnd(length, 'x')}") }`;

  test('is bounded in bytes, by text and what was made of it, and what is used stays', () => {
    const { get, documents, counts } = make({ capacityBytes: 100_000 });
    get(text('kept'));
    for (let i = 0; i < 1_000; i++) {
      get(text(`${i}`, 100));
      get(text('kept'));
      expect(documents.bytes).toBeLessThanOrEqual(100_000);
    }
    expect(counts.parsed).toBe(1_001);
    expect(documents.size).toBeLessThan(60);
    expect(documents.size).toBeGreaterThan(10);
  });

  test('counts refused documents as well', () => {
    const { get, documents } = make({ capacityBytes: 100_000 });
    for (let i = 0; i < 1_000; i++) get(`{ nothing${i} }`);
    expect(documents.bytes).toBeLessThanOrEqual(100_000);
    expect(documents.size).toBeGreaterThan(10);
  });

  test('does not hold a document that would push out many others: it is prepared each time', () => {
    const { get, documents, counts } = make({ capacityBytes: 100_000 });
    get('{ hello }');
    const before = documents.size;
    for (let i = 0; i < 3; i++) get(text('big', 10_000));
    expect(counts.parsed).toBe(4);
    expect(documents.size).toBe(before);
  });

  test('holds every document within the limit of tokens, by default', () => {
    const { get, counts } = make();
    for (let i = 0; i < 3; i++) get(`{ ${'hello '.repeat(4_990)} }`);
    expect(counts.parsed).toBe(1);
  });

  test('by default takes about 16 MiB', () => {
    const { get, documents } = make();
    const fields = 'hello '.repeat(500);
    for (let i = 0; i < 300; i++) get(`query Q${i} { ${fields} }`);
    expect(documents.bytes).toBeLessThanOrEqual(16 * 1024 * 1024);
    expect(documents.bytes).toBeGreaterThan(15 * 1024 * 1024);
  });
});

describe('limits.tokens', () => {
  // Braces are tokens, and the parser counts neither the start nor the end of the text.
  const of = (tokens: number): string => `{ ${'hello '.repeat(tokens - 2)}}`;
  const valid: GraphQLModule = { ...module, validate: () => [] };

  test('holds at the bound, and refuses one more by its name', () => {
    const { get } = make({ graphql: valid });
    expect(messages(get(of(5_000)))).toEqual([]);
    expect(get(of(5_001)).errors).toEqual([
      {
        message: expect.stringMatching(/5000 lexical tokens.*"limits\.tokens"/),
        extensions: { code: 'TOKEN_LIMIT_EXCEEDED' },
      },
    ]);
  });

  test('Infinity is none', () => {
    const { get } = make({ graphql: valid, limits: resolveLimits({ tokens: Number.POSITIVE_INFINITY }) });
    expect(messages(get(of(20_000)))).toEqual([]);
  });

  test('a syntax error that says something alike stays what it is', () => {
    expect(messages(make().get('{ hello } tokens. Parsing aborted.'))[0]).toContain('Unexpected Name');
  });
});

describe('limits.depth', () => {
  const nested = (levels: number): string => `{ me ${'{ best '.repeat(levels - 2)}{ name }${' }'.repeat(levels - 2)} }`;
  const depthError = [
    {
      message: expect.stringMatching(/15 deep.* 16 deep.*"limits\.depth"/),
      extensions: { code: 'DEPTH_LIMIT_EXCEEDED' },
    },
  ];

  test('holds at the bound, and refuses one more by its name', () => {
    const { get } = make();
    expect(messages(get(nested(15)))).toEqual([]);
    expect(get(nested(16)).errors).toEqual(depthError);
  });

  test('follows fragments, named and inline', () => {
    const { get } = make();
    const through = (levels: number): string =>
      `query { me { best { ...A } } } fragment A on User { best { ... on User { ... { ...B } } } } fragment B on User ${'{ best '.repeat(levels - 4)}{ name }${' }'.repeat(levels - 4)}`;
    expect(messages(get(through(15)))).toEqual([]);
    expect(get(through(16)).errors).toEqual(depthError);
  });

  test('counts the deepest of several operations', () => {
    expect(make().get(`query A { hello } query B ${nested(16)}`).errors).toEqual(depthError);
  });

  test('does not count what is asked about the schema: the standard introspection query passes', () => {
    const limits = resolveLimits({ depth: 2 });
    expect(messages(make({ limits }).get(graphql.getIntrospectionQuery()))).toEqual([]);
  });

  test('fragments that spread each other or themselves are left to validation', () => {
    const { get } = make();
    for (const text of [
      '{ me { ...A } } fragment A on User { best { ...A } }',
      '{ me { ...A } } fragment A on User { best { ...B } } fragment B on User { best { ...A } }',
    ]) {
      expect(messages(get(text))[0]).toContain('within itself');
    }
    expect(messages(get('{ me { ...Missing } }'))[0]).toContain('Unknown fragment');
  });

  test('Infinity is none', () => {
    const limits = resolveLimits({ depth: Number.POSITIVE_INFINITY });
    expect(messages(make({ limits }).get(nested(200)))).toEqual([]);
  });
});

describe('limits.aliases', () => {
  const aliased = (aliases: number): string =>
    `{ ${Array.from({ length: aliases }, (_, i) => `a${i}: hello`).join(' ')} }`;
  const aliasError = [
    {
      message: expect.stringMatching(/30 aliases.*uses 31.*"limits\.aliases"/),
      extensions: { code: 'ALIAS_LIMIT_EXCEEDED' },
    },
  ];

  test('holds at the bound, and refuses one more by its name', () => {
    const { get } = make();
    expect(messages(get(aliased(30)))).toEqual([]);
    expect(get(aliased(31)).errors).toEqual(aliasError);
  });

  test('counts a fragment each time it is spread, and what is inside of inline ones and of fields', () => {
    const { get } = make();
    const spread = (more: string): string =>
      `{ me { ${more} best { ...A } friends { ...A ... on User { ...A } } } } fragment A on User { ${Array.from({ length: 10 }, (_, i) => `a${i}: name`).join(' ')} }`;
    expect(messages(get(spread('')))).toEqual([]);
    expect(get(spread('n: name')).errors).toEqual(aliasError);
  });

  test('is for each operation of a document by itself', () => {
    expect(messages(make().get(`query A ${aliased(30)} query B ${aliased(30)}`))).toEqual([]);
  });

  test('Infinity is none', () => {
    const limits = resolveLimits({ aliases: Number.POSITIVE_INFINITY });
    expect(messages(make({ limits }).get(aliased(200)))).toEqual([]);
  });
});

describe('a document made to be expensive', () => {
  /** Each fragment spreads the next one twice: two to the power of their number, written out. */
  const doubling = (fragments: number, alias: string): string =>
    `{ me { ...F0 } } ${Array.from({ length: fragments }, (_, i) => `fragment F${i} on User { ${alias}best { ...F${i + 1} } friends { ...F${i + 1} } }`).join(' ')} fragment F${fragments} on User { name }`;

  /** Counts how often the selections of a document are looked at. */
  function counted(text: string): { readonly parse: GraphQLModule['parse']; readonly looks: () => number } {
    let looks = 0;
    const document = graphql.visit(graphql.parse(text), {
      SelectionSet: (node) => {
        const { selections } = node;
        return Object.defineProperty({ ...node }, 'selections', {
          enumerable: true,
          get: () => {
            looks += 1;
            return selections;
          },
        });
      },
    });
    looks = 0;
    return { parse: () => document, looks: () => looks };
  }

  test.each([
    ['DEPTH_LIMIT_EXCEEDED', doubling(100, '')],
    ['ALIAS_LIMIT_EXCEEDED', doubling(12, 'a: ')],
    ['ALIAS_LIMIT_EXCEEDED', `{ ${Array.from({ length: 1_000 }, (_, i) => `a${i}: hello`).join(' ')} }`],
  ])('is refused with %s before graphql-js validates it', (code, text) => {
    const { get, counts } = make();
    expect(get(text).errors).toEqual([expect.objectContaining({ extensions: { code } })]);
    expect(counts.validated).toBe(0);
  });

  test('is told so where graphql-js gives up comparing its fields', () => {
    expect(make().get(`{ ${'hello '.repeat(4_990)} }`).errors).toEqual([
      { message: expect.stringContaining('compared'), extensions: { code: 'DOCUMENT_TOO_COMPLEX' } },
    ]);
  });

  test('is looked at in proportion to its text, not to what it would be written out', () => {
    const sets = (text: string): number => text.split('{').length;
    for (const text of [doubling(100, ''), doubling(200, 'a: ')]) {
      const { parse, looks } = counted(text);
      const limits = resolveLimits({ depth: 1_000 });
      make({ graphql: { ...module, parse, validate: () => [] }, limits, development: false }).get(text);
      expect(looks()).toBeGreaterThan(0);
      expect(looks()).toBeLessThanOrEqual(3 * sets(text));
    }
  });
});

describe('outside development', () => {
  const quiet = (): ReturnType<typeof make> => make({ development: false });

  test.each([
    ['__schema', '{ __schema { queryType { name } } }'],
    [
      '__type',
      '{ hello me { ...A } } fragment A on User { name } query B { ... on Query { t: __type(name: "User") { name } } }',
    ],
    ['__schema', '{ ...F } fragment F on Query { __schema { queryType { name } } }'],
  ])('%s is refused, wherever it stands', (field, text) => {
    expect(quiet().get(text).errors).toEqual([
      { message: expect.stringContaining(`"${field}"`), extensions: { code: 'INTROSPECTION_DISABLED' } },
    ]);
  });

  test('__typename is answered', () => {
    expect(messages(quiet().get('{ __typename me { __typename } }'))).toEqual([]);
  });

  test.each([
    ['a field', '{ helo }'],
    ['an argument', '{ hello(nam: "x") }'],
    ['an enum value', '{ hello(color: REED) }'],
    ['an input field', '{ hello(filter: { prefx: "x" }) }'],
    ['a type', '{ ... on Usr { name } }'],
    ['a fragment', '{ ...F } fragment F on Querry { hello }'],
    ['a directive', '{ hello @skp(if: true) }'],
  ])('names near to a wrong one are not told: %s', (_what, text) => {
    const [there] = messages(make().get(text));
    const [here] = messages(quiet().get(text));
    expect(here).not.toMatch(/did you mean/i);
    if (!there?.includes('Did you mean')) expect(here).toBe(there);
  });

  test('nor in the errors of variables, which belong to no field', async () => {
    const text = 'query ($f: Filter) { hello(filter: $f) }';
    const variables = { f: { prefx: 'x' } };
    const run = async (development: boolean): Promise<string> =>
      JSON.stringify(await operationOf(make({ development }).get(text)).execute(input({ variables })));
    expect(await run(true)).toContain('Did you mean');
    expect(await run(false)).not.toContain('Did you mean');
    expect(await run(false)).toContain('"locations":[{"line":1,"column":8}]');
  });

  test('what an application says itself is left alone', async () => {
    const field = schema.getQueryType()?.getFields().hello;
    if (field === undefined) throw new Error('No field');
    field.resolve = () => {
      throw new graphql.GraphQLError('Unknown name. Did you mean "Bob"?');
    };
    const answer = await operationOf(quiet().get('{ hello }')).execute(input());
    field.resolve = undefined as never;
    expect(JSON.stringify(answer)).toContain('Did you mean');

    const ticks = schema.getSubscriptionType()?.getFields().ticks;
    if (ticks === undefined) throw new Error('No field');
    ticks.subscribe = () => {
      throw new graphql.GraphQLError('Unknown topic. Did you mean "news"?');
    };
    const subscribed = await operationOf(quiet().get('subscription { ticks }')).subscribe(input());
    expect(JSON.stringify(subscribed)).toContain('Did you mean');
  });
});
