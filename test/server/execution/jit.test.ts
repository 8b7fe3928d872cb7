import * as fc from 'fast-check';
import type { GraphQLObjectType } from 'graphql';
import * as graphql from 'graphql';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { graphqlJs } from '../../../src/server/execution/graphql-js.js';
import { jit } from '../../../src/server/execution/jit/jit.js';
import type { PreparedOperation } from '../../../src/server/execution/prepared.js';
import { failsOnEscapedErrors } from '../support/escaped.js';
import { input, isGraphQL17, module, operationOf, preparing } from './support/engines.js';
import { makeZoo } from './support/zoo.js';

/** What the compiler was asked for, and how often its programs ran. */
const compiler = vi.hoisted(() => ({ compiled: 0, ran: 0 }));

vi.mock('graphql-jit', async (original) => {
  const real = await original<typeof import('graphql-jit')>();
  const compileQuery: typeof real.compileQuery = (...args) => {
    const made = real.compileQuery(...args);
    if (!('query' in made)) return made;
    compiler.compiled += 1;
    const query: typeof made.query = (...given) => {
      compiler.ran += 1;
      return made.query(...given);
    };
    return { ...made, query };
  };
  return { ...real, compileQuery };
});

beforeEach(() => {
  compiler.compiled = 0;
  compiler.ran = 0;
});

// What the compiler leaves behind in a promise must be heard of.
failsOnEscapedErrors();

/** As a client gets it, and with the errors that it is told of. */
const seen = (result: unknown): unknown => JSON.parse(JSON.stringify(result));

interface Case {
  readonly text: string;
  readonly variables: Record<string, unknown> | undefined;
}

const cases = (...all: (readonly [text: string, variables?: Record<string, unknown>])[]): readonly Case[] =>
  all.map(([text, variables]) => ({ text, variables }));

/** Run by the compiled program from the second time on. */
const compiled: readonly Case[] = cases(
  ['{ person { id name age height admin color born extra tags matrix __typename } }'],
  ['{ people { id name children { id children { id } } } }'],
  ['{ a: person(id: 1) { n: name } b: person(id: "2") { n: name, m: name } }'],
  [
    '{ person { ...P ...P } person { ...Q } } fragment P on Person { id ...Q } fragment Q on Person { name parent { id } }',
  ],
  [
    '{ animals { name legs __typename ... on Dog { barks friend { name ... on Bird { sings } } } ...B } } fragment B on Bird { sings }',
  ],
  ['{ things { __typename ... on Named { name } ... on Stone { weight } } }'],
  ['{ stone { name ... on Stone { weight } ... on Animal { legs } } }'],
  ['{ people(first: 2) { pets { name ... on Dog { fails } } broken } }'],
  ['{ people { strict brokenStrict } }'],
  ['{ person { parent { brokenStrict id } id } }'],
  ['{ plain method promised nothing }'],
  ['{ methodPerson { id } }'],
  ['{ fails failsAsync coded plain }'],
  ['{ failsStrict plain }'],
  ['{ returnsError plain }'],
  ['{ info other: info }'],
  ['{ personPromises { id } }'],
  ['{ jsonPromise }'],
  ['{ user_name user { name } }'],
  ['{ constructor: plain toString: plain hasOwnProperty: method }'],
  ['{ __typename alias: __typename plain }'],
  [
    '{ echo(text: "\\"quoted\\" \\u2028 `1`", int: -3, float: 1e3, bool: true, id: 7, color: BLUE, list: [1, null, 3], matrix: [[1], [2, 3]]) }',
  ],
  ['{ echo(list: 1, matrix: 2, range: { to: 5, tags: "one" }) }'],
  ['{ echo(filter: { range: { from: 2 } }) }'],
  ['{ echo(text: null, range: null) defaults other: defaults(text: "given", list: null) }'],
  ['query ($t: String) { echo(text: $t) defaults(text: "x") }', {}],
  ['query ($t: String) { echo(text: $t) }', { t: null }],
  ['query ($t: String = "default") { echo(text: $t) }', {}],
  ['query ($t: String = "default") { echo(text: $t) }', { t: null }],
  ['query ($t: String = "default") { defaults(text: $t) }', {}],
  [
    'query ($i: Int, $f: Float, $b: Boolean, $d: ID, $c: Color) { echo(int: $i, float: $f, bool: $b, id: $d, color: $c) }',
    { i: 1, f: 2, b: false, d: 5, c: 'RED' },
  ],
  ['query ($i: Int) { echo(int: $i) }', { i: 'three' }],
  ['query ($i: Int) { echo(int: $i) }', { i: 2 ** 40 }],
  ['query ($i: Int!) { echo(int: $i) }', {}],
  ['query ($c: Color) { echo(color: $c) }', { c: 'PINK' }],
  ['query ($r: Range) { echo(range: $r) }', { r: { to: 3 } }],
  ['query ($r: Range) { echo(range: $r) }', { r: { to: 3, tags: 'one', color: null } }],
  ['query ($r: Range) { echo(range: $r) }', { r: { too: 3 } }],
  ['query ($r: Range) { echo(range: $r) }', { r: { tags: ['a', null] } }],
  ['query ($r: Range = { from: 7 }) { echo(range: $r) }', {}],
  ['query ($f: Filter) { echo(filter: $f) }', { f: { range: {}, at: '2021-01-01' } }],
  ['query ($l: [Int]) { echo(list: $l) }', { l: 5 }],
  ['query ($l: [Int]) { echo(list: $l) }', { l: [1, null, 2] }],
  ['query ($m: [[Int]]) { echo(matrix: $m) }', { m: [1, [2], null] }],
  ['query ($m: [[Int]]) { echo(matrix: $m) }', { m: 4 }],
  ['query ($t: Time) { echo(at: $t) }', { t: '2022-02-02' }],
  ['query ($j: Json) { echo(json: $j) }', { j: { a: [1, { b: null }] } }],
);

/** Run by it once, and by graphql-js as soon as its answer was in doubt. */
const doubted: readonly Case[] = cases(
  ['{ sparse { id name } }'],
  ['{ strictPeople { id } plain }'],
  ['{ asyncAnimals { __typename name ... on Dog { fails } } }'],
  ['{ person { children { brokenStrict } broken } fails plain }'],
  ['{ failsLocated plain }'],
  ['{ throwsText plain }'],
  ['{ throwsNothing plain }'],
  ['{ badInt plain }'],
  ['{ badTime nullTime plain }'],
  ['{ badEnum plain }'],
  ['{ notList textList iterable }'],
  ['{ promises rejections strictRejections }'],
  ['{ unknownAnimal { name } }'],
  ['{ asyncAnimal { name legs } }'],
  ['{ unnamedThing { __typename } }'],
  ['{ getter { id name } }'],
  ['{ getterLater { id name } plain }'],
  ['{ getterLaterInList { id name } plain }'],
  ['{ methodsInside { id name greet(word: "Hi") broken } }'],
  ['{ promisesInside { id name lazyChildren { id } } }'],
  ['{ promiseOfChild { id lazyParent { id name } } }'],
  ['{ nullTime plain }'],
  ['{ methodsInside { lazyParent { name } } }'],
  ['{ promiseOfChild { lazyParent { name } } }'],
  ['{ jsonMethod }'],
  ['query ($t: String = "default") { defaults(text: $t) plain }', { t: null }],
);

/** Never compiled, or kept from what was. */
const left: readonly Case[] = cases(
  ['query ($r: Range) { echo(range: $r) }', { r: [] }],
  ['query ($f: Filter) { echo(filter: $f) }', { f: { range: [{}] } }],
  ['{ name_user: user_name user { name slow } }'],
  ['{ __proto__: method plain }'],
  ['{ __schema { queryType { name } } plain }'],
  [
    'query ($a: Boolean!) { plain @include(if: $a) method @skip(if: $a) person { id @skip(if: $a) name } }',
    { a: true },
  ],
  ['query ($a: Boolean!) { ...F @include(if: $a) ...F } fragment F on Query { plain }', { a: false }],
  ['{ echo(at: "2020-01-01") }'],
  ['{ echo(json: { a: [1, "x"] }) }'],
  ['query ($t: Int! = 3) { echo(int: $t) }', {}],
  ['query ($n: Int) { echo(range: { from: $n, to: $n }) }', {}],
  ['query ($n: Int) { echo(list: [$n, 2]) }', { n: 1 }],
  ['query ($c: Chain) { echo(chain: $c) }', { c: { next: { value: 2 } } }],
  ['query ($t: Time = "2000-01-01") { echo(at: $t) }', {}],
  ['mutation { add(amount: 1) more: add(amount: 2) }'],
  ['mutation { one: addSlowly(amount: 1) two: addSlowly(amount: 2) failing three: add(amount: 3) }'],
  ['mutation { add(amount: 1) strictFailing }'],
);

/** The answers of both engines to an operation that is run five times, and what its resolvers did. */
async function compare(text: string, variables: Record<string, unknown> | undefined): Promise<void> {
  const [plain, fast] = await Promise.all(
    [graphqlJs(), jit({ after: 2 })].map(async (engine) => {
      const zoo = makeZoo();
      const operation = operationOf((await preparing(engine, zoo.schema))(text));
      const answers: unknown[] = [];
      for (let i = 0; i < 5; i++) {
        const { rootValue } = zoo;
        answers.push(seen(await operation.execute(input({ rootValue, contextValue: { viewer: true }, variables }))));
      }
      return { answers, log: zoo.log };
    }),
  );
  expect(fast).toEqual(plain);
}

describe('an operation that is asked for often answers as with graphql-js', () => {
  test.each(compiled)('compiled: $text $variables', async ({ text, variables }) => {
    await compare(text, variables);
    // graphql-js 17 keeps defaults in a form that the compiler does not read.
    if (!isGraphQL17) expect(compiler.ran).toBe(4);
  });

  test.each(doubted)('until its answer is in doubt: $text $variables', async ({ text, variables }) => {
    await compare(text, variables);
    if (!isGraphQL17) expect(compiler.ran).toBe(1);
  });

  test.each(left)('left to graphql-js: $text $variables', async ({ text, variables }) => {
    await compare(text, variables);
    expect(compiler.ran).toBe(0);
  });

  test.each(
    cases(
      ['subscription { ticks(to: 3) { id name children { id } broken } }'],
      ['subscription { plainTicks }'],
      ['subscription { failingTicks }'],
      ['subscription ($r: Range, $t: Time) { filtered(range: $r, at: $t) }', { r: { to: 2 }, t: '2020-01-01' }],
      ['subscription ($r: Range) { filtered(range: $r) }', { r: 5 }],
    ),
  )('event by event: $text', async ({ text, variables }) => {
    const [plain, fast] = await Promise.all(
      [graphqlJs(), jit({ after: 1 })].map(async (engine) => {
        const operation = operationOf((await preparing(engine, makeZoo().schema))(text));
        return eventsOf(operation, variables);
      }),
    );
    expect(fast).toEqual(plain);
    expect(plain?.length).toBeGreaterThan(0);
  });

  test('whatever the variables are', async () => {
    const text = `query ($i: Int, $f: Float, $b: Boolean, $s: String, $d: ID, $c: Color, $l: [Int], $m: [[Int]], $r: Range, $t: Time) {
      echo(int: $i, float: $f, bool: $b, text: $s, id: $d, color: $c, list: $l, matrix: $m, range: $r, at: $t)
    }`;
    const { schema } = makeZoo();
    const plain = operationOf((await preparing(graphqlJs(), schema))(text));
    const fast = operationOf((await preparing(jit({ after: 1 }), schema))(text));
    const leaf = fc.oneof(
      fc.constantFrom<unknown>(
        null,
        true,
        0,
        -1,
        2 ** 31,
        1.5,
        '',
        '1',
        'RED',
        'PINK',
        '__proto__',
        '2020-01-01',
        [],
        {},
      ),
      fc.string(),
      fc.integer(),
      fc.double(),
    );
    const range = fc.record(
      { from: leaf, to: leaf, color: leaf, tags: fc.oneof(leaf, fc.array(leaf)), other: leaf },
      { requiredKeys: [] },
    );
    const any = fc.oneof(
      leaf,
      fc.array(leaf, { maxLength: 3 }),
      fc.array(fc.array(leaf, { maxLength: 2 }), { maxLength: 2 }),
      range,
    );
    const fits = {
      i: fc.integer(),
      f: fc.integer(),
      b: fc.boolean(),
      s: fc.string(),
      d: fc.oneof(fc.string(), fc.integer()),
      c: fc.constantFrom('RED', 'BLUE'),
      l: fc.oneof(fc.integer(), fc.array(fc.option(fc.integer()))),
      m: fc.oneof(fc.integer(), fc.array(fc.option(fc.array(fc.option(fc.integer()))))),
      r: fc.record(
        { from: fc.integer(), to: fc.integer(), tags: fc.oneof(fc.string(), fc.array(fc.string())) },
        { requiredKeys: [] },
      ),
      t: fc.constantFrom('2020-01-01', '1999-12-31'),
    };
    const variables = fc.oneof(
      fc.record(fits, { requiredKeys: [] }),
      fc.record(Object.fromEntries(Object.entries(fits).map(([name, fit]) => [name, fc.oneof(fit, fit, fit, any)])), {
        requiredKeys: [],
      }),
    );
    await fc.assert(
      fc.asyncProperty(variables, async (given) => {
        const [one, other] = [
          await plain.execute(input({ variables: given })),
          await fast.execute(input({ variables: given })),
        ];
        expect(seen(other)).toEqual(seen(one));
      }),
      { numRuns: 500 },
    );
    if (!isGraphQL17) expect(compiler.ran).toBeGreaterThan(300);
  });
});

describe('a text of a client never becomes code', () => {
  // Texts by which graphql-jit marks values of its own, and which it takes from anybody.
  const magic = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d';

  test.each([
    `{ echo(text: "${magic}globalThis.broken=1") }`,
    `{ echo(text: "\\u005f\\u005fMAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74dglobalThis.broken=1") }`,
    `{ echo(text: """${magic}globalThis.broken=1""") }`,
    `{ echo(id: "${magic}globalThis.broken=1") }`,
    `{ echo(range: { tags: ["${magic}globalThis.broken=1"] }) }`,
    `query ($t: String = "${magic}globalThis.broken=1") { echo(text: $t) }`,
  ])('%s', async (text) => {
    const operation = operationOf((await preparing(jit({ after: 1 }), makeZoo().schema))(text));
    const answer = await operation.execute(input());
    expect(globalThis).not.toHaveProperty('broken');
    expect(JSON.stringify(answer)).toContain(`${magic}globalThis.broken=1`);
    expect(compiler.compiled).toBe(0);
  });
});

describe('compiling', () => {
  const run = async (operation: PreparedOperation, times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await operation.execute(input());
  };

  test('happens on the tenth execution, once', async () => {
    const operation = operationOf((await preparing(jit(), makeZoo().schema))('{ person { id } }'));
    await run(operation, 9);
    expect(compiler).toEqual({ compiled: 0, ran: 0 });
    await run(operation, 1);
    expect(compiler).toEqual({ compiled: 1, ran: 1 });
    await run(operation, 5);
    expect(compiler).toEqual({ compiled: 1, ran: 6 });
  });

  test('happens on the tenth event of a subscription', async () => {
    const operation = operationOf((await preparing(jit(), makeZoo().schema))('subscription { ticks(to: 12) { id } }'));
    expect(await eventsOf(operation, undefined)).toHaveLength(12);
    expect(compiler).toEqual({ compiled: 1, ran: 3 });
  });

  test('is undone for what was not used lately, when there are too many', async () => {
    const get = await preparing(jit({ after: 1, maxOperations: 2 }), makeZoo().schema);
    const [a, b, c] = ['a', 'b', 'c'].map((alias) => operationOf(get(`{ ${alias}: nothing }`)));
    if (a === undefined || b === undefined || c === undefined) throw new Error('Three');
    await run(a, 2);
    await run(b, 1);
    await run(c, 1);
    expect(compiler.compiled).toBe(3);
    await run(a, 1);
    expect(compiler.compiled).toBe(3);
    await run(b, 1);
    expect(compiler.compiled).toBe(4);
  });

  test('leaves the schema as it was', async () => {
    const { schema } = makeZoo();
    const before = functionsOf(schema);
    const operation = operationOf(
      (await preparing(jit({ after: 1 }), schema))('{ animals { name } person { children { id } } }'),
    );
    await run(operation, 1);
    expect(compiler.compiled).toBe(1);
    expect(functionsOf(schema)).toEqual(before);
  });

  test('is not tried where the schema is frozen', async () => {
    const { schema } = makeZoo();
    for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) Object.freeze(field);
    const operation = operationOf((await preparing(jit({ after: 1 }), schema))('{ person { id } }'));
    expect(seen(await operation.execute(input()))).toEqual({ data: { person: { id: '1' } } });
    expect(compiler.compiled).toBe(0);
  });

  test('has an end: an operation that would become very long code is left to graphql-js', async () => {
    const fragments = Array.from(
      { length: 12 },
      (_, i) => `fragment F${i} on Person { id a: parent { ...F${i + 1} } b: parent { ...F${i + 1} } }`,
    );
    const text = `{ person { ...F0 } } ${fragments.join(' ')} fragment F12 on Person { id }`;
    const operation = operationOf((await preparing(jit({ after: 1 }), makeZoo().schema))(text));
    await run(operation, 1);
    expect(compiler.compiled).toBe(0);
  });

  test('is refused for types that know themselves by more than their data', async () => {
    const { schema } = makeZoo();
    (schema.getType('Dog') as GraphQLObjectType).isTypeOf = (_value, context) => context !== undefined;
    const operation = operationOf((await preparing(jit({ after: 1 }), schema))('{ animals { name } }'));
    await run(operation, 1);
    expect(compiler.compiled).toBe(0);
  });

  test('keeps two fields apart whose names run together', async () => {
    const schema = graphql.buildSchema('type Query { a: AB aB: A } type A { BC: String } type AB { C: String }');
    const value = { a: { C: 'of AB' }, aB: { BC: 'of A' } };
    const fields = (name: string) => (schema.getType(name) as GraphQLObjectType).getFields();
    for (const [type, field] of [
      ['A', 'BC'],
      ['AB', 'C'],
    ] as const) {
      const one = fields(type)[field];
      if (one !== undefined) one.resolve = (source) => source[field];
    }
    const operation = operationOf((await preparing(jit({ after: 1 }), schema))('{ a { C } aB { BC } }'));
    expect(seen(await operation.execute(input({ rootValue: value })))).toEqual({ data: value });
  });
});

describe('the options of jit', () => {
  test.each([{ after: 0 }, { maxOperations: 0 }, { before: 1 }])('%o is refused', (options) => {
    expect(() => jit(options)).toThrow(/Option|option/);
  });

  test('another copy of graphql-js is named at once, instead of compiling nothing', async () => {
    class Stranger extends graphql.GraphQLSchema {
      override getRootType(): undefined {
        return undefined;
      }
    }
    const buildSchema = (): graphql.GraphQLSchema => new Stranger({});
    await expect(jit().load?.({ ...module, buildSchema })).rejects.toThrow('npm ls graphql');
    await expect(jit().load?.(module)).resolves.toBeUndefined();
  });
});

async function eventsOf(
  operation: PreparedOperation,
  variables: Record<string, unknown> | undefined,
): Promise<unknown[]> {
  const subscribed = await operation.subscribe(input({ variables }));
  if (!('next' in subscribed)) return [seen(subscribed)];
  const events: unknown[] = [];
  for (let step = await subscribed.next(); step.done !== true; step = await subscribed.next())
    events.push(seen(step.value));
  return events;
}

/** What the compiler takes from the schema, by types and fields. */
function functionsOf(schema: graphql.GraphQLSchema): readonly unknown[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => [
    'isTypeOf' in type ? type.isTypeOf : undefined,
    'resolveType' in type ? type.resolveType : undefined,
    ...('getFields' in type ? Object.values(type.getFields()).flatMap((field) => Object.entries(field)) : []),
  ]);
}
