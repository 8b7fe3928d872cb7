// What a person reads of many problems, and of places far inside.

import { expect, test } from 'vitest';
import { ScalarError } from '../../../src/schema/errors/scalar-error.js';
import { type Problem, ValidationError } from '../../../src/schema/errors/validation-error.js';

const problem: Problem = { message: 'It is wrong.', path: ['query', 'books'], suggestions: [] };
const many = (count: number): string =>
  new ValidationError([problem, ...Array.from({ length: count - 1 }, () => problem)]).message;

test('Problems are counted, and once they are no longer looked for, the count is one at least', () => {
  expect(many(1)).toBe('query.books: It is wrong.');
  expect(many(99)).toBe('query.books: It is wrong. (and 98 more)');
  expect(many(100)).toBe('query.books: It is wrong. (and at least 99 more)');
});

test('A long path is told from its ends, and kept whole', () => {
  const path = ['query', 'book', ...Array.from({ length: 300 }, () => 'sequel'), 'tags', 3];
  const told =
    'query.book.sequel.sequel.sequel.sequel.sequel.sequel.sequel.sequel ... ' +
    'sequel.sequel.sequel.sequel.sequel.sequel.sequel.sequel.tags[3]';
  const invalid = new ValidationError([{ ...problem, path }]);
  expect(invalid.message).toBe(`${told}: It is wrong.`);
  expect(invalid.path).toBe(path);
  const unwritten = new ScalarError('encoding', 'DateTime', path, 'no');
  expect(unwritten.message).toBe(`${told} cannot be written as DateTime: no`);
  expect(unwritten.path).toBe(path);
});

test('A path of twenty keys is told whole', () => {
  const path = Array.from({ length: 20 }, (_, index) => `f${index}`);
  expect(new ValidationError([{ ...problem, path }]).message).toBe(`${path.join('.')}: It is wrong.`);
});
