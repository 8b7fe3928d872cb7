// The schema that documents are checked with, and what it knows of incremental delivery.

import * as graphql from 'graphql';
import { expect, test } from 'vitest';
import { withIncremental } from '../../../src/schema/sources/graphql-js/incremental.js';

const own = 'directive @defer(after: Int) on FIELD';

test('A schema without @defer and @stream is told of those that it lacks, once', () => {
  const schema = graphql.buildSchema(`${own} type Query { a: Int }`);
  const extended = withIncremental(graphql, schema);
  expect(extended.getDirective('defer')?.locations).toEqual(['FIELD']);
  expect(extended.getDirective('stream')?.args.map(({ name }) => name)).toEqual(['if', 'label', 'initialCount']);
  expect(withIncremental(graphql, schema)).toBe(extended);
});

test('A schema that declares both is taken itself', () => {
  const schema = graphql.buildSchema(`${own} directive @stream on FIELD type Query { a: Int }`);
  expect(withIncremental(graphql, schema)).toBe(schema);
});
