// Texts that a server tells of its schema and that are not what they should be: the module that is generated can be read all
// the same.

import { transformSync } from 'esbuild';
import fc from 'fast-check';
import { parseConstValue, parse as parseDocument, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { generate } from '../../../src/schema/codegen/index.js';
import { readGenerated } from '../../../src/schema/codegen/read-generated.js';
import { generatedSchema, readSchema, type Schema } from '../../../src/schema/index.js';
import { shortestValue } from '../../../src/schema/model/default-text.js';
import { isRequired } from '../../../src/schema/model/model.js';
import { introspectionOf } from '../../../src/schema/sources/introspection/write.js';
import { patienceMs } from '../../server/fuzz/support/patience.js';
import { thrownBy } from '../../testing/thrown-by.js';

interface Texts {
  readonly defaultValue?: string;
  readonly description?: string;
  readonly reason?: string;
  readonly location?: string;
}

const oddDefaults = [
  '<E.X: 1>',
  "'single'",
  '{a:1',
  '[1,',
  '(x)',
  '# c',
  '  ',
  '@x',
  '$x',
  '1 2',
  '}',
  '{a}',
  '{a:}',
  '{1:1}',
  '01',
  '1.',
  '"open',
  '"line\nbreak"',
  '"\\x"',
  '"""open',
  '["""abc"]',
  'True)',
  '?"x"',
  '"\ud83d"',
  '"\\ud83d"',
  '"\\ud83dx\\ude00"',
  '"\\ude00\\ud83d"',
  '"\\u{}"',
  '"\\u{g}"',
  '"\\u{41"',
  '"\\u{D800}"',
  '"\\u{dfff}"',
  '"\\u{110000}"',
  '"\\u{100000041}"',
  '"""\n"""}',
  '{1:2}',
  '[{]}',
  '{a:1 b}',
  'a:1',
  '['.repeat(600) + ']'.repeat(600),
];

const named = (kind: string, name: string): object => ({ kind, name, ofType: null });
const nonNull = (ofType: object): object => ({ kind: 'NON_NULL', name: null, ofType });

function introspection({ defaultValue = '1', description, reason, location = 'FIELD' }: Texts): object {
  const input = {
    name: 'by',
    description,
    type: nonNull(named('SCALAR', 'Int')),
    defaultValue,
    isDeprecated: reason !== undefined,
    deprecationReason: reason,
  };
  const described = { description, isDeprecated: reason !== undefined, deprecationReason: reason };
  const books = { name: 'books', args: [input], type: named('SCALAR', 'String'), ...described };
  return {
    queryType: { name: 'Query' },
    types: [
      { kind: 'OBJECT', name: 'Query', description, interfaces: [], fields: [books] },
      { kind: 'INPUT_OBJECT', name: 'Filter', description, inputFields: [input, { ...input, name: 'after' }] },
      { kind: 'ENUM', name: 'Genre', description, enumValues: [{ name: 'POEM', ...described }] },
      { kind: 'SCALAR', name: 'Int' },
      { kind: 'SCALAR', name: 'String' },
    ],
    directives: [{ name: 'cost', description, locations: ['FIELD', location], args: [input] }],
  };
}

/** The module as a program imports it: its types taken away, what is left run. */
function imported(text: string): Schema {
  const { code } = transformSync(text, { loader: 'ts', format: 'cjs' });
  const module = { exports: {} as { readonly schema: Schema } };
  new Function('require', 'module', code)(() => ({ generatedSchema }), module);
  return module.exports.schema;
}

/** As a generated module has them: everything in it is read. */
function inputsOf({ model }: Schema): unknown[] {
  const query = model.types.get('Query');
  const filter = model.types.get('Filter');
  const args = query?.kind === 'object' ? query.fields.get('books')?.args : undefined;
  const fields = filter?.kind === 'input' ? filter.fields : undefined;
  return [
    ...(args?.values() ?? []),
    ...(fields?.values() ?? []),
    ...(model.directives.get('cost')?.args.values() ?? []),
  ].map((input) => [input.name, input.defaultValue, isRequired(input), input.deprecated !== undefined]);
}

function told({ model }: Schema): string {
  const query = model.types.get('Query');
  return (query?.kind === 'object' && query.fields.get('books')?.args.get('by')?.defaultValue) || '';
}

describe('A default that is no value of GraphQL', () => {
  test.each(oddDefaults)('is kept through introspection and the module: %j', async (defaultValue) => {
    const schema = readSchema(introspection({ defaultValue }));
    expect(JSON.stringify(introspectionOf(schema.model))).toContain(`"defaultValue":${JSON.stringify(defaultValue)}`);
    const text = generate(schema);
    const expected = ['by', 'by', 'after', 'by'].map((name) => [name, defaultValue, false, false]);
    for (const read of [imported(text), readGenerated(text)]) {
      expect(inputsOf(read as Schema).toSorted()).toEqual(expected.toSorted());
    }
  });

  test.each(oddDefaults)(
    'keeps no document from being checked, and need not be given there: %j',
    async (defaultValue) => {
      const schema = readSchema(introspection({ defaultValue }));
      for (const known of [schema, imported(generate(schema))]) {
        expect(validate(await known.graphql(), parseDocument('{ books }'))).toEqual([]);
        expect(validate(await known.graphql(), parseDocument('{ books(by: "x") }'))).toHaveLength(1);
      }
    },
  );
});

test.each([
  ['"\\u{1F600}"', '"\\u{1F600}"', '\u{1F600}'],
  ['"\\u{0}\\u{D7FF}\\u{E000}\\u{0010FFFF}"', '"\\u{0}\\u{D7FF}\\u{E000}\\u{0010FFFF}"', '\0\uD7FF\uE000\u{10FFFF}'],
  ['"\\uD83D\\uDE00"', '"\\uD83D\\uDE00"', '\u{1F600}'],
  ['"""\n   hi\n     x\n   """', '"hi\\n  x"', 'hi\n  x'],
  ['"""  one\r\n\t\ttwo\r\n \r\t\t three\n\n"""', '"  one\\ntwo\\n\\n three"', '  one\ntwo\n\n three'],
  ['""" \n\t\n  """', '""', ''],
  ['"""\n  \\""" \\n\n"""', '"\\"\\"\\" \\\\n"', '""" \\n'],
])('The default %j is the text that the specification says, live and generated', async (defaultValue, short, value) => {
  const live = readSchema(introspection({ defaultValue }));
  const generated = imported(generate(live));
  expect(inputsOf(generated)).toContainEqual(['by', short, false, false]);
  for (const schema of [live, generated]) {
    const [by] = (await schema.graphql()).getQueryType()?.getFields().books?.args ?? [];
    expect(String(by?.type)).toBe('Int!');
    expect(parseConstValue(told(schema))).toMatchObject({ kind: 'StringValue', value });
  }
});

test.each([
  ['numbers', `[${'1,'.repeat(300_000)}]`, `[${'1 '.repeat(299_999)}1]`],
  ['commas', `1${','.repeat(10_000_000)}`, '1'],
  ['a comment', `1 #${'x'.repeat(10_000_000)}`, '1'],
  ['a text', `"${'x'.repeat(10_000_000)}"`, `"${'x'.repeat(10_000_000)}"`],
  ['a block', `"""${'x\n'.repeat(1_000_000)}"""`, `"${'x\\n'.repeat(999_999)}x"`],
  ['lists in lists that do not end', '['.repeat(10_000_000), undefined],
  ['digits that are no number', `${'1'.repeat(10_000_000)}x`, undefined],
])('However much a default holds, it is read: %s', (_what, defaultValue, short) => {
  expect(shortestValue(defaultValue) === short).toBe(true);
});

test('A definition that is damaged is told with its name and what to do', () => {
  const damaged = generatedSchema({
    source: 'shop.json',
    definitions: ['schema{query:Query}', 'type Query{a(b:Int=<E.X: 1>):Int}'],
  });
  expect(thrownBy(() => damaged.model.types.get('Query'))).toMatchObject({
    name: 'SchemaError',
    code: 'unreadable',
    message: expect.stringMatching(
      /^shop.json: The generated definition of "type Query" cannot be read: .* Generate the module again\.$/,
    ),
  });
});

test('A directive whose location is no name makes introspection a damaged one', () => {
  expect(thrownBy(() => readSchema(introspection({ location: 'FIELD } evil' })))).toMatchObject({
    name: 'SchemaError',
    code: 'unreadable',
    message: expect.stringContaining('directive "cost", locations'),
  });
  expect(readSchema(introspection({ location: 'FROM_THE_FUTURE' })).model.directives.get('cost')?.locations).toEqual([
    'FIELD',
    'FROM_THE_FUTURE',
  ]);
});

/** Out of what means something to GraphQL, TypeScript and TSDoc. */
const junk: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc
    .array(
      fc.constantFrom(
        ...'[]{}()":,#$@!?<>|&\\\'`*/ \n\r\t\u2028_aE01.+-',
        '"""',
        '\\"""',
        '*/',
        '\\u0041',
        '\\u{1F600}',
        '\\u{',
        '\\uD83D',
        '\\uDE00',
        '\r\n',
        '\n  ',
        'true',
        '${',
      ),
      {
        maxLength: 12,
      },
    )
    .map((parts) => parts.join('')),
);

test('Whatever a server tells as default, description and reason, the module says what it said', {
  timeout: patienceMs,
}, () => {
  fc.assert(
    fc.property(junk, junk, junk, (defaultValue, description, reason) => {
      const schema = readSchema(introspection({ defaultValue, description, reason }));
      const text = generate(schema);
      const read = imported(text);
      expect(generate(readSchema(introspectionOf(schema.model), { source: schema.source }))).toBe(text);
      expect(inputsOf(readGenerated(text) as Schema)).toEqual(inputsOf(read));
      const kept = shortestValue(defaultValue) ?? (defaultValue || undefined);
      for (const [, told, required, deprecated] of inputsOf(read) as [string, unknown, boolean, boolean][]) {
        expect([told, required, deprecated]).toEqual([kept, kept === undefined, true]);
      }
    }),
    { numRuns: 300 },
  );
});

test('What is taken for a value of GraphQL is one, and what is one is taken as the same', {
  timeout: patienceMs,
}, () => {
  const parsed = (text: string): unknown => {
    try {
      return JSON.stringify(parseConstValue(text, { noLocation: true }), (key, value) =>
        key === 'block' ? undefined : value,
      );
    } catch {
      return undefined;
    }
  };
  fc.assert(
    fc.property(junk, (text) => {
      const short = shortestValue(text);
      const value = parsed(text);
      if (short === undefined) expect(value).toBe(undefined);
      else expect(parsed(short)).toBe(value);
      if (short !== undefined) expect(shortestValue(short)).toBe(short);
    }),
    { numRuns: 5_000 },
  );
});
