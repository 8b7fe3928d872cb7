import { schema as github } from '@octokit/graphql-schema';
import fc from 'fast-check';
import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  graphqlSync,
  type IntrospectionQuery,
  lexicographicSortSchema,
  printSchema,
  validateSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { introspectionOf, loadSchema, readSchema, type Schema } from '../../../src/schema/index.js';
import { featuresQuery, introspectionQuery, readFeatures } from '../../../src/schema/sources/introspection/query.js';
import { patienceMs } from '../../server/fuzz/support/patience.js';
import { arbitrarySchema } from '../support/arbitrary-schema.js';
import { answerOf } from './support/asked-session.js';

/** The same default is written with and without blanks. */
function told({ model }: Schema): unknown {
  return JSON.parse(JSON.stringify(introspectionOf(model)), (key, value) =>
    key === 'defaultValue' && typeof value === 'string' ? value.replaceAll(/[\s,]/g, '') : value,
  );
}

/** Valid for this graphql-js: 17 has more rules than 16. */
const validSchema = arbitrarySchema.filter(({ sdl }) => validateSchema(buildSchema(sdl)).length === 0);

const printed = (schema: Parameters<typeof printSchema>[0]): string => printSchema(lexicographicSortSchema(schema));

describe('Every schema', () => {
  it('is the same after it was written as introspection and read again', { timeout: patienceMs }, () => {
    fc.assert(
      fc.property(validSchema, ({ sdl }) => {
        const { model } = readSchema(buildSchema(sdl));
        expect(readSchema(introspectionOf(model)).model).toEqual(model);
      }),
    );
  });

  it('is the same as a GraphQLSchema, as SDL, and asked of a server', { timeout: patienceMs }, async () => {
    await fc.assert(
      fc.asyncProperty(validSchema, async ({ sdl }) => {
        const built = buildSchema(sdl);
        const answer = answerOf(built);
        const query = introspectionQuery(readFeatures(answer(featuresQuery).data));
        const expected = told(readSchema(built));
        expect(told(await loadSchema(sdl))).toEqual(expected);
        expect(told(readSchema(answer(query)))).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('is for graphql-js what it was', { timeout: patienceMs }, async () => {
    await fc.assert(
      fc.asyncProperty(validSchema, async ({ sdl }) => {
        const schema = buildSchema(sdl);
        const introspection = JSON.parse(JSON.stringify(graphqlSync({ schema, source: everything }).data));
        expect(printed(await readSchema(introspection).graphql())).toBe(printed(schema));
      }),
      { numRuns: 50 },
    );
  });
});

describe('A large published schema', () => {
  it('is the same after it was written as introspection and read again', () => {
    const { model } = readSchema(github.json);
    expect(model.types.size).toBeGreaterThan(1_000);
    expect(readSchema(introspectionOf(model)).model).toEqual(model);
  });

  it('is for graphql-js what it was', async () => {
    const whole = { __schema: { ...github.json.__schema } } as IntrospectionQuery;
    expect(printed(await readSchema(github.json).graphql())).toBe(printed(buildClientSchema(whole)));
  });
});

const everything = getIntrospectionQuery({
  inputValueDeprecation: true,
  oneOf: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
});
