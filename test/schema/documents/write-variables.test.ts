// The variables of raw documents: checked against what the operation declares, and written by codecs.

import { describe, expect, test } from 'vitest';
import { OptionError } from '../../../src/protocol/errors/option-error.js';
import { planDocument } from '../../../src/schema/documents/plan-document.js';
import { writeDocumentVariables } from '../../../src/schema/documents/write-variables.js';
import { ScalarError } from '../../../src/schema/errors/scalar-error.js';
import { ValidationError } from '../../../src/schema/errors/validation-error.js';
import { rejection } from '../../session/support/harness.js';
import { librarySchema } from './library.js';

const schema = librarySchema();

const codecs = {
  Date: {
    encode: (date: Date) => date.toISOString().slice(0, 10),
    decode: (wire: string) => new Date(wire),
  },
};

const text = `query Find($filter: Filter, $id: ID!, $genre: Genre! = NOVEL, $constructor: String!) {
  books(filter: $filter) { id } book(id: $id) { id }
  search(text: "x", genre: $genre) { __typename } other: search(text: $constructor) { __typename }
}`;

async function written(variables?: object): Promise<Record<string, unknown>> {
  const plan = await planDocument(schema, text, { check: true });
  if (plan === undefined) throw new Error('There is no plan.');
  return writeDocumentVariables(plan, schema.model, codecs, variables);
}

test('variables are written by their types: codecs in input objects, a single value as a list of one', async () => {
  const filter = { since: new Date('2020-02-03'), tags: 'one' };
  expect(await written({ filter, id: 7, constructor: 'x', genre: undefined })).toEqual({
    filter: { since: '2020-02-03', tags: ['one'] },
    id: 7,
    constructor: 'x',
  });
});

test.each([
  ['null', null],
  ['a text', 'id'],
  ['a list', ['1']],
  ['a Map', new Map([['id', '1']])],
  ['a promise', Promise.resolve({ id: '1' })],
])('variables are an object of values by name, and not %s', async (_, variables) => {
  const error = await rejection(written(variables as object), OptionError);
  expect(error.message).toContain('Option "variables" must be an object of values by name; it is ');
});

describe('refused, with the path, is', () => {
  test.each([
    ['a wrong item of a list', { filter: { tags: ['a', 'b', 3] } }, 'variables.filter.tags[2]'],
    ['a wrong enum value', { genre: 'NOVELS' }, 'variables.genre'],
    ['an unknown input field', { filter: { tag: 'a' } }, 'variables.filter.tag'],
    ['null for what cannot be null, also where it has a default', { genre: null }, 'variables.genre'],
    ['a wrong kind of value', { filter: [1] }, 'variables.filter'],
  ])('%s', async (_, variables, path) => {
    const error = await rejection(written({ id: '1', constructor: 'x', ...variables }), ValidationError);
    expect(error.problems.length).toBe(1);
    expect(error.message.startsWith(`${path}: `)).toBe(true);
  });

  test('a variable that the operation does not declare, with the one that may have been meant', async () => {
    const error = await rejection(
      written({ id: '1', constructor: 'x', filtr: {}, ignored: undefined }),
      ValidationError,
    );
    expect(error.message).toBe('variables.filtr: The operation declares no variable "$filtr". Did you mean "filter"?');
  });

  test('everything that is wrong at once, missing variables among it, whatever objects inherit', async () => {
    const error = await rejection(written({ genre: 1, other: 1 }), ValidationError);
    expect(error.problems.map(({ path }) => path.join('.')).sort()).toEqual([
      'variables.constructor',
      'variables.genre',
      'variables.id',
      'variables.other',
    ]);
    expect((await rejection(written(), ValidationError)).problems.length).toBe(2);
  });
});

test('what a codec throws is told where nothing else is wrong', async () => {
  const filter = { since: 'no date' };
  const error = await rejection(written({ id: '1', constructor: 'x', filter }), ScalarError);
  expect(error.path).toEqual(['variables', 'filter', 'since']);
  await rejection(written({ id: '1', filter }), ValidationError);
});
