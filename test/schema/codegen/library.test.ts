// The module that `generate` writes for the schema of a library. `test/schema/types/library/generated.ts` is that module: the
// compiler checks it with everything else, and the tests of types use it. `vitest -u` writes it again.

import { readFile } from 'node:fs/promises';
import { buildSchema, introspectionFromSchema, lexicographicSortSchema } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { generate } from '../../../src/schema/codegen/index.js';
import { readSchema, type Schema } from '../../../src/schema/index.js';

const folder = new URL('../types/library/', import.meta.url);
const options = { codecs: './scalars.js', source: 'library.graphql' };

let schema: Schema;
let text: string;

beforeAll(async () => {
  schema = readSchema(buildSchema(await readFile(new URL('library.graphql', folder), 'utf8')));
  text = generate(schema, options);
});

test('The module of the library is the one that the compiler checks', async () => {
  // Inside the package itself `holdfast/schema` would be the built one.
  const inside = text.replace("from 'holdfast/schema'", "from '../../../../src/schema/index.js'");
  await expect(inside).toMatchFileSnapshot('../types/library/generated.ts');
});

test('It is the same out of introspection, in whatever order the server tells it', async () => {
  const sorted = lexicographicSortSchema(await schema.graphql());
  const introspection = introspectionFromSchema(sorted, { inputValueDeprecation: true, oneOf: true });
  expect(generate(readSchema(introspection), options)).toBe(text);
});
