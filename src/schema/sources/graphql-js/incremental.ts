// The schema that documents are checked with: `@defer` and `@stream` are known whatever it says, as they are to what the API
// builds, since servers with incremental delivery do not always declare them. Proposal for incremental delivery.

import type { GraphQLSchema } from 'graphql';

type GraphQL = typeof import('graphql');

const names: readonly string[] = ['defer', 'stream'];
const declared = /* GraphQL */ `
  directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
  directive @stream(if: Boolean! = true, label: String, initialCount: Int! = 0) on FIELD
`;

const extended = new WeakMap<GraphQLSchema, GraphQLSchema>();

/** The schema itself where it declares both. What it declares is as it says. */
export function withIncremental(graphql: GraphQL, schema: GraphQLSchema): GraphQLSchema {
  const missing = names.filter((name) => !schema.getDirective(name));
  if (missing.length === 0) return schema;
  const known = extended.get(schema);
  if (known !== undefined) return known;
  const { directives } = graphql.buildSchema(declared, { assumeValid: true }).toConfig();
  const made = new graphql.GraphQLSchema({
    ...schema.toConfig(),
    directives: [...schema.getDirectives(), ...directives.filter(({ name }) => missing.includes(name))],
  });
  extended.set(schema, made);
  return made;
}
