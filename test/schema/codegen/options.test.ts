// What `generate` is told beside the schema, and what it refuses.

import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { createSession } from '../../../src/index.js';
import { type GenerateOptions, generate, readGenerated } from '../../../src/schema/codegen/index.js';
import { createApi, generatedSchema, readSchema } from '../../../src/schema/index.js';

const schema = readSchema(
  buildSchema('scalar Stamp scalar Upload type Query { at: Stamp file: Upload date: Date } type Date { day: Int }'),
);
const scalarsIn = (options: GenerateOptions): string[] =>
  /export interface \$Scalars \{\n([^}]*)\}/
    .exec(generate(schema, options))?.[1]
    ?.split('\n')
    .map((line) => line.trim()) ?? [];

test('Scalars are unknown, uploads, what the program says, or what its codecs say', () => {
  expect(scalarsIn({})).toEqual(['readonly Stamp: unknown;', 'readonly Upload: $Upload;', '']);
  expect(scalarsIn({ scalars: { Stamp: 'globalThis.Date' } })[0]).toBe('readonly Stamp: globalThis.Date;');
  expect(scalarsIn({ codecs: './s.js' })).toEqual([
    "readonly Stamp: $ScalarType<typeof $scalars, 'Stamp'>;",
    "readonly Upload: $ScalarType<typeof $scalars, 'Upload', $Upload>;",
    '',
  ]);
});

test('A schema without mutations and subscriptions says so, and imports nothing that it does not use', () => {
  const text = generate(readSchema(buildSchema('type Query { a: Int }')));
  expect(text).toContain(
    '  readonly query: Query;\n  readonly mutation: undefined;\n  readonly subscription: undefined;\n',
  );
  expect(text).toContain(
    "import { generatedSchema as $generatedSchema, type Schema as $Schema } from 'holdfast/schema';\n",
  );
});

test.each<[string, GenerateOptions, string]>([
  [
    'a scalar that the schema does not have',
    { scalars: { Stmap: 'string' } },
    'The schema has no custom scalar "Stmap". Did you mean "Stamp"?',
  ],
  ['a scalar of GraphQL itself', { scalars: { ID: 'string' } }, 'no custom scalar "ID". It has Stamp, Upload.'],
  ['a type that is none', { scalars: { Stamp: ' ' } }, 'must be a type of TypeScript; it is " "'],
  ['a type with more behind it', { scalars: { Stamp: 'string; }' } }, '"string; }" has a ";"'],
  ['a type that would end the module', { scalars: { Stamp: 'bi gint}' } }, '"bi gint}" has a "}" that closes nothing.'],
  [
    'a global type that the schema hides',
    { scalars: { Stamp: 'Date | null' } },
    'Write globalThis.Date for the global one.',
  ],
  ['an empty module path', { codecs: '' }, 'Option "codecs" must be a text that is not empty'],
  ['an unknown option', { codec: './s.js' } as GenerateOptions, 'Unknown option "codec"'],
])('Refused: %s', (_name, options, message) => {
  expect(() => generate(schema, options)).toThrow(
    expect.objectContaining({ name: 'OptionError', message: expect.stringContaining(message) }),
  );
});

test('Refused: what is no schema', () => {
  for (const given of [null, {}, 'type Query { a: Int }', Promise.resolve(schema)]) {
    expect(() => generate(given as never)).toThrow(
      /^generate\(\) takes a Schema as "schema", as readSchema\(\) and await loadSchema/,
    );
  }
});

test('An API refuses a module whose codecs are for a scalar that its schema does not have', async () => {
  const codec = { encode: (value: unknown) => value, decode: (wire: unknown) => wire };
  const definitions = ['schema{query:Query}', 'scalar Stamp', 'type Query{at:Stamp}'];
  const session = createSession('http://127.0.0.1:9/graphql');
  const make = (name: string) =>
    createApi(session, generatedSchema({ source: 'x', definitions, codecs: { [name]: codec } }) as object);
  expect(() => make('Stamp')).not.toThrow();
  expect(() => make('Stmap')).toThrow(expect.objectContaining({ name: 'OptionError', option: 'codecs.Stmap' }));
  await session.close();
});

test('A module is read without being run, whatever a formatter made of it, and not where it is damaged', () => {
  const text = generate(schema, { source: 'it\'s \\ "odd"' });
  const formatted = text.replace(
    /^ {4}'(.*)',$/gm,
    (_line, inside: string) => `\t"${inside.replaceAll('"', '\\"')}"\n,`,
  );
  for (const one of [text, formatted]) {
    const read = readGenerated(one);
    expect(read?.source).toBe('it\'s \\ "odd"');
    expect([...(read?.model.types.keys() ?? [])].sort()).toEqual([
      'Boolean',
      'Date',
      'Float',
      'ID',
      'Int',
      'Query',
      'Stamp',
      'String',
      'Upload',
    ]);
  }
  expect(readGenerated('export const schema = 1;')).toBeUndefined();
  for (let end = text.indexOf('generatedSchema<$Types>'); end < text.length - 10; end += 7) {
    expect(readGenerated(text.slice(0, end))).toBeUndefined();
  }
});
