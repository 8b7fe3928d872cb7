// Schemas whose names mean something in TypeScript. `names/generated.ts` is the module of one; the compiler checks it with
// everything else. `vitest -u` writes it again.

import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { generate } from '../../../src/schema/codegen/index.js';
import { readSchema, type Schema } from '../../../src/schema/index.js';
import { schema as generated } from './names/generated.js';

const words =
  `any unknown never number bigint boolean string symbol void object undefined globalThis break case catch class const
continue debugger default delete do else enum export extends finally for function if import in instanceof new return super switch
this throw try typeof var while with implements interface let package private protected public static yield await keyof readonly
unique infer asserts is abstract intrinsic type declare module namespace async out accessor satisfies as of get set from require
exports arguments eval NaN Infinity Array Object Function String_ Symbol Promise Record Partial Readonly ReadonlyArray Date Map
Schema schema generatedSchema ScalarType Upload scalars constructor hasOwnProperty toString then string_ string__`.split(
    /\s+/,
  );

const sdl = `
  "Ends a comment: */ and goes on."
  type Query {
    ${words.map((word) => `${word}(${word}: Boolean): [${word}!]`).join('\n    ')}
    "First line.\\r\\nSecond line.  \\n\\n"
    lines: odd
    choice(pick: Pick, one: One): Empty @deprecated(reason: "Use */ this\\nand that.")
  }
  ${words.map((word) => `type ${word} { ${word}: ${word} }`).join('\n  ')}
  scalar odd
  interface Lonely { id: ID }
  union Empty = Query
  enum Pick { constructor toString prototype }
  input One @oneOf { only: Pick }
  directive @await(if: Boolean = true, at: String = "a 'quoted' \\\\ \\"text\\"", in: [Pick!] = [toString, prototype]) repeatable on FIELD
  schema { query: Query }
`;

const schemaOf = (text: string): Schema => readSchema(buildSchema(text));

test('Every name of TypeScript and JavaScript can be the name of a type, field or argument', async () => {
  const text = generate(schemaOf(sdl), { source: "names '*/' of\ntypes" });
  const inside = text.replace("from 'holdfast/schema'", "from '../../../../src/schema/index.js'");
  await expect(inside).toMatchFileSnapshot('names/generated.ts');
});

test('The generated module holds every type under the name that GraphQL knows', () => {
  const { model, source } = generated;
  expect(source).toBe("names '*/' of\ntypes");
  for (const word of words) expect(model.types.get(word)).toMatchObject({ kind: 'object', name: word });
  const { args, repeatable } = model.directives.get('await') ?? {};
  expect(repeatable).toBe(true);
  expect(args?.get('at')?.defaultValue).toBe('"a \'quoted\' \\\\ \\"text\\""');
  expect(args?.get('in')?.defaultValue).toBe('[toString prototype]');
});

test('graphql-js has the same schema out of the module, but for descriptions', async () => {
  const { getTypeMap } = await generated.graphql().then((schema) => ({ getTypeMap: () => schema.getTypeMap() }));
  expect(Object.keys(getTypeMap())).toEqual(expect.arrayContaining(words));
});

test('A name that is taken gets an underscore, and one more for each type that is called so', () => {
  const text = generate(schemaOf('type Query { a: string } type string { a: Int } type string_ { a: Int }'));
  expect(text).toContain("export interface string__ {\n  readonly __typename: 'string';");
  expect(text).toContain('readonly a: string__ | null;');
  expect(text).toContain('    readonly string: string__;\n');
});
