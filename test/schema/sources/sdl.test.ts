import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { schema as github } from '@octokit/graphql-schema';
import { parse, printSchema, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { OptionError } from '../../../src/protocol/errors/option-error.js';
import { introspectionOf, loadSchema, readSchema, type Schema } from '../../../src/schema/index.js';
import { bookSdl } from './support/asked-session.js';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'schemas-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('SDL', () => {
  it('is read with its root types, whatever they are called', async () => {
    const { model, source } = await loadSchema(
      'schema { query: Q subscription: S }\ntype Q { a: Int }\ntype S { b: Int }\ntype Query { c: Int }',
    );
    expect(model.roots).toEqual({ query: 'Q', mutation: undefined, subscription: 'S' });
    expect(source).toBe('the SDL text');
  });

  it('is read with the extensions of its types', async () => {
    const { model, placeOf } = await loadSchema(`
      extend type Query { more: Kind }
      type Query { a: Int }
      enum Kind { ONE }
      extend enum Kind { TWO @deprecated(reason: "Use ONE") }
      extend schema { mutation: Write }
      schema { query: Query }
      type Write { b: Int }
    `).then(bound);
    expect(namesIn(model, 'Query')).toEqual(['a', 'more']);
    expect(namesIn(model, 'Kind')).toEqual(['ONE', 'TWO']);
    expect(model.roots.mutation).toBe('Write');
    expect(placeOf('Query')).toEqual({ line: 3, column: 12 });
    expect(placeOf('Query.more')).toEqual({ line: 2, column: 27 });
  });

  it('says where each thing is defined', async () => {
    const { placeOf } = await loadSchema(bookSdl).then(bound);
    expect(placeOf('Book')).toEqual({ line: 10, column: 8 });
    expect(placeOf('Book.title')).toEqual({ line: 11, column: 5 });
    expect(placeOf('Shop.books(first:)')).toEqual({ line: 8, column: 11 });
    expect(placeOf('@cost')).toEqual({ line: 6, column: 14 });
    expect(placeOf('@cost(weight:)')).toEqual({ line: 6, column: 19 });
    expect(placeOf('Book.toString')).toBeUndefined();
    expect(placeOf('constructor')).toBeUndefined();
  });

  it('gives graphql-js what graphql-js made of it', async () => {
    const schema = await loadSchema(bookSdl);
    const graphql = await schema.graphql();
    expect(graphql.getType('Book')?.astNode?.loc?.startToken.line).toBe(10);
    expect(await schema.graphql()).toBe(graphql);
  });

  it('may deprecate what its servers should not: documents are checked against it all the same', async () => {
    const schema = await loadSchema('type Query { a(b: Int! @deprecated): Int }');
    const documents = ['{ a(b: 1) }', '{ a(b: 1) c }'].map((text) => parse(text));
    for (const read of [schema, readSchema(introspectionOf(schema.model))]) {
      const graphql = await read.graphql();
      expect(documents.map((document) => validate(graphql, document).length)).toEqual([0, 1]);
    }
  });

  it('of a large published schema says what its introspection says', async () => {
    const told = readSchema(github.json);
    const read = await loadSchema(printSchema(await told.graphql()));
    expect([...read.model.types.keys()].sort()).toEqual([...told.model.types.keys()].sort());
    for (const [name, type] of told.model.types) expect(read.model.types.get(name)?.kind).toBe(type.kind);
    expect(namesIn(read.model, 'Repository')).toEqual(namesIn(told.model, 'Repository'));
    expect(read.placeOf('Repository.issues')?.line).toBeGreaterThan(1_000);
  });
});

describe('A text', () => {
  it('that begins with a brace is introspection JSON', async () => {
    const introspection = introspectionOf((await loadSchema(bookSdl)).model);
    expect((await loadSchema(JSON.stringify({ data: introspection }))).model.roots.query).toBe('Shop');
  });

  it('of one line without a brace is the path of a file', async () => {
    expect((await loadSchema(await file('shop.graphql', bookSdl))).model.roots.query).toBe('Shop');
  });
});

describe('A file', () => {
  it('may be given as an address', async () => {
    const address = pathToFileURL(await file('by-address.graphql', bookSdl));
    expect((await loadSchema(address)).source).toBe(address.href);
    expect((await loadSchema(address.href)).model.roots.query).toBe('Shop');
  });

  it('of introspection JSON is known by its contents, not by its name', async () => {
    const introspection = introspectionOf((await loadSchema(bookSdl)).model);
    const path = await file('shop.txt', `\uFEFF\n ${JSON.stringify(introspection)}\n`);
    expect((await loadSchema(path)).model.roots.query).toBe('Shop');
  });

  it('says its path and the place of what is wrong in it', async () => {
    const path = await file('broken.graphql', 'type Query {\n  a: Int\n  b: [Missing]\n}\n');
    await expect(loadSchema(path)).rejects.toMatchObject({
      code: 'unreadable',
      source: path,
      place: { line: 3, column: 7 },
      message: `${path}, line 3, column 7: Unknown type "Missing".`,
    });
    await expect(loadSchema(path, { source: 'the shop' })).rejects.toThrow(/^the shop, line 3/);
  });

  it('with several faults tells the first, and has all of them, in their order, as its cause', async () => {
    const error = await loadSchema('type Query {\n  a: Gone\n  b: Away\n}').catch((thrown) => thrown);
    expect(error.message).toBe('the SDL text, line 2, column 6: Unknown type "Gone". (and 1 more)');
    expect(error.cause.errors.map(({ message }: Error) => message)).toEqual([
      'Unknown type "Gone".',
      'Unknown type "Away".',
    ]);
  });

  it('that is not there is told by its path', async () => {
    await expect(loadSchema(join(folder, 'none.graphql'))).rejects.toMatchObject({
      code: 'unreadable',
      message: expect.stringMatching(/none\.graphql: The file cannot be read: ENOENT/),
    });
  });

  it('cannot be had where there are no files', async () => {
    const builtin = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
    try {
      await expect(loadSchema('shop.graphql')).rejects.toThrow(OptionError);
      await expect(loadSchema('shop.graphql')).rejects.toThrow(/no files here/);
    } finally {
      builtin.mockRestore();
    }
  });
});

describe('What is no schema', () => {
  it.each([
    ['a text that does not parse', 'type Query {\n  a Int\n}', 'unreadable', { line: 2, column: 5 }, /Expected ":"/],
    [
      'a field of an unknown type',
      'type Query {\n  a: Nope\n}',
      'unreadable',
      { line: 2, column: 6 },
      /Unknown type "Nope"/,
    ],
    [
      'a type that is defined twice',
      'type Query { a: Int }\ntype Query { b: Int }',
      'unreadable',
      { line: 1, column: 6 },
      /only one type named "Query"/,
    ],
    [
      'an extension of nothing',
      'type Query { a: Int }\nextend type Boook { b: Int }',
      'unreadable',
      { line: 2, column: 13 },
      /Cannot extend type "Boook"/,
    ],
    [
      'an unknown directive',
      'type Query {\n  a: Int @secret\n}',
      'unreadable',
      { line: 2, column: 10 },
      /Unknown directive "@secret"/,
    ],
    [
      'an argument that a directive needs',
      'type Query {\n  a: Int @specifiedBy\n}',
      'unreadable',
      { line: 2, column: 10 },
      /specifiedBy/,
    ],
    [
      'a type that does not do what its interface says',
      'type Query implements Node {\n  a: Int\n}\ninterface Node { id: ID! }',
      'unreadable',
      { line: 4, column: 18 },
      /Interface field Node\.id expected/,
    ],
    [
      'several faults, of which the first is told and the others counted',
      'type Query {\n  a: No\n  b: Nor\n  c: Neither\n}',
      'unreadable',
      { line: 2, column: 6 },
      /Unknown type "No".*\(and 2 more\)/s,
    ],
    ['operations instead of types', '{ books { title } }\n', 'unreadable', undefined, /begins like JSON and is none/],
    ['a named operation', 'query Books { books { title } }', 'unreadable', { line: 1, column: 1 }, /defines no types/],
    [
      'no query type',
      '# Books.\ntype Book { title: String }',
      'no-query-type',
      { line: 2, column: 1 },
      /has no query type/,
    ],
    [
      'no query type beside mutations',
      'type Mutation { add: Int }',
      'no-query-type',
      { line: 1, column: 1 },
      /Define "type Query"/,
    ],
    ['an empty text', '', 'unreadable', undefined, /It is empty/],
    ['a text of blanks', ' \n\n ', 'unreadable', undefined, /It is empty/],
    ['comments only', '# a schema\n# to come', 'unreadable', undefined, /Unexpected <EOF>/],
    [
      'JSON of something else',
      '{ "name": "holdfast", "version": "1.0.0" }',
      'unreadable',
      undefined,
      /no introspection/,
    ],
    ['a list of JSON', '[\n1]', 'unreadable', undefined, /no introspection/],
  ])('is told with its place: %s', async (_, text, code, place, message) => {
    const error = await loadSchema(text).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'SchemaError', code, message: expect.stringMatching(message) });
    if (place !== undefined)
      expect(error).toMatchObject({ place, message: expect.stringContaining(`line ${place.line}`) });
  });

  it('is told with its place in JSON, where the platform says it', async () => {
    await expect(loadSchema('{\n  __schema: {}\n}')).rejects.toMatchObject({
      code: 'unreadable',
      place: { line: 2, column: 3 },
    });
  });

  it.each([
    ['a number', 7],
    ['nothing', undefined],
    ['an address of another scheme', new URL('ftp://example.com/schema')],
    ['an address of a WebSocket', 'wss://example.com/graphql'],
    ['an address that is none', 'http://'],
    ['an address that is none, of two lines', 'https://exa mple\n/'],
  ])('is refused as an option: %s', async (_, source) => {
    await expect(loadSchema(source as string)).rejects.toThrow(OptionError);
  });

  it.each([
    ['an unknown option', { header: {} }, /Did you mean "headers"/],
    ['headers twice', { headers: { a: 'b' }, session: { credentials: {} } }, /not both/],
    [
      'a transport beside an address',
      { session: { transport: 'https://example.com' } as object },
      /give loadSchema\(\) a session/,
    ],
    ['a cache that is none', { cache: {} as never }, /memoryCache/],
    ['a deadline that is no number', { deadlineMs: '5' as never }, /deadlineMs/],
    ['a clock that is no function', { now: 5 as never }, /"now" must be a function/],
    ['an empty key', { cacheKey: '' }, /cacheKey/],
  ])('is not looked at with %s', async (_, options, message) => {
    await expect(loadSchema(bookSdl, options as object)).rejects.toThrow(message);
  });
});

function bound(schema: Schema): Pick<Schema, 'model' | 'placeOf'> {
  return { model: schema.model, placeOf: (coordinate) => schema.placeOf(coordinate) };
}

function namesIn({ types }: Schema['model'], name: string): readonly string[] {
  const type = types.get(name);
  if (type?.kind === 'enum') return [...type.values.keys()];
  return type?.kind === 'object' ? [...type.fields.keys()] : [];
}
