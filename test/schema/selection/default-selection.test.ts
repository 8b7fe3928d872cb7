// What is selected of a type where a program does not say.

import { schema as githubSchema } from '@octokit/graphql-schema';
import { NoUnusedFragmentsRule, parse, specifiedRules, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { OperationBuilder } from '../../../src/schema/build/operation-builder.js';
import { isComposite, isRequired } from '../../../src/schema/model/model.js';
import type { Schema } from '../../../src/schema/schema.js';
import { defaultNames, defaultSelection } from '../../../src/schema/selection/default-selection.js';
import { readSelection } from '../../../src/schema/selection/read-selection.js';
import { readSchema } from '../../../src/schema/sources/read-schema.js';
import { printDefault } from '../support/naive-document.js';
import { schemaOf } from '../support/schema-of.js';

const printed = ({ model }: Schema, name: string) => printDefault(defaultSelection(model, name));
const many = Array.from({ length: 11 }, (_, index) => `T${index}`);

const schema = schemaOf(`
  type Query { a: A node: Node some: Some many: Many empty: Empty only: OnlyObjects }
  enum Color { RED }
  scalar Url
  interface Node { id: ID! color: Color node: Node }
  type A implements Node {
    id: ID! color: Color! url: [Url!] text(limit: Int = 3, mark: String): String
    needs(limit: Int!): String old: Int @deprecated other: B self: A required(id: ID!): B
    outdated: B @deprecated nested: OnlyObjects some: Some node: Node list: [[B!]!]
  }
  type B implements Node { id: ID! color: Color size: Int kind: String deep: A node: Node }
  type C { size: Int! kind: String lonely: Int }
  union Some = A | B | C
  ${many.map((name) => `type ${name} { x: Int }`).join('\n')}
  union Many = ${many.join(' | ')}
  type OnlyObjects { a: A b: B }
  type Empty { only: OnlyObjects needs(x: Int!): Int none: Nothing }
  type Nothing { needs(x: Int!): Int self: Nothing }
`);

describe('the default selection', () => {
  test('takes scalars and enums, and one level of objects, but nothing that needs an argument or is deprecated', () => {
    expect(printed(schema, 'B')).toBe(
      '{ id color size kind deep { id color url text } node { __typename id color ... on A { url text } ... on B { size kind } } }',
    );
    expect(printed(schema, 'A')).toMatch(
      /^\{ id color url text other \{ id color size kind \} self \{ id color url text \} some \{/,
    );
    for (const name of ['needs', 'old', 'required', 'outdated', 'nested'])
      expect(printed(schema, 'A')).not.toContain(name);
  });

  test('has no braces without fields', () => {
    expect(printed(schema, 'OnlyObjects')).toBe('{ a { id color url text } b { id color size kind } }');
    expect(printed(schema, 'Empty')).toBe('{ __typename }');
    expect(printed(schema, 'Nothing')).toBe('{ __typename }');
  });

  test('of abstract types takes __typename, and the leaves of every possible type that fit together', () => {
    expect(printed(schema, 'Node')).toBe('{ __typename id color ... on A { url text } ... on B { size kind } }');
    expect(printed(schema, 'Some')).toBe(
      '{ __typename ... on A { id url text } ... on B { id kind } ... on C { kind lonely } }',
    );
  });

  test('has no fragments where there are too many possible types', () => {
    expect(printed(schema, 'Many')).toBe('{ __typename }');
  });

  test('tells the names that it takes, those of fragments by type', () => {
    expect(defaultNames(schema.model, 'B')).toEqual({
      names: ['id', 'color', 'size', 'kind', 'deep', 'node'],
      on: new Map(),
    });
    expect(defaultNames(schema.model, 'Node')).toEqual({
      names: ['__typename', 'id', 'color'],
      on: new Map([
        ['A', ['url', 'text']],
        ['B', ['size', 'kind']],
      ]),
    });
    expect(defaultNames(schema.model, 'Empty').names).toEqual(['__typename']);
  });

  test('is the same object for the same type', () => {
    expect(defaultSelection(schema.model, 'A')).toBe(defaultSelection(schema.model, 'A'));
  });
});

test("is valid for every type and every root field of GitHub's schema", async () => {
  const known = readSchema(githubSchema.json);
  const github = await known.graphql();
  const types = [...known.model.types.values()].filter(isComposite).filter(({ name }) => name !== 'Mutation');
  expect(types.length).toBeGreaterThan(700);
  const fragments = types.map(({ name }) => `fragment F_${name} on ${name} ${printed(known, name)}`);
  // Each by itself, as if it was spread where values are of its type.
  const rules = specifiedRules.filter((rule) => rule !== NoUnusedFragmentsRule);
  expect(validate(github, parse(`{ __typename } ${fragments.join('\n')}`), rules)).toEqual([]);

  const builder = new OperationBuilder(known);
  let built = 0;
  for (const kind of ['query', 'mutation'] as const) {
    const root = known.model.types.get(known.model.roots[kind] ?? '');
    for (const field of root?.kind === 'object' ? root.fields.values() : []) {
      const $args = Object.fromEntries([...field.args.values()].filter(isRequired).map(({ name }) => [name, 'x']));
      const selection = readSelection({ [field.name]: { $args } });
      const { document } = builder.build({ kind, name: undefined, directives: [], selection }).built;
      expect(validate(github, parse(document)), document).toEqual([]);
      built += 1;
    }
  }
  expect(built).toBeGreaterThan(250);
});
