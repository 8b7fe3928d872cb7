// Selections as values: united, diminished, asked what they hold.

import { describe, expect, test } from 'vitest';
import { ValidationError } from '../../../src/schema/errors/validation-error.js';
import { fields } from '../../../src/schema/selection/fields.js';
import { fragment } from '../../../src/schema/selection/fragment.js';
import { readSelection } from '../../../src/schema/selection/read-selection.js';

const card = fields('id', 'headline: title', { author: ['name', 'born'] }, { $on: { Book: 'pages' } });

describe('fields()', () => {
  test('never change', () => {
    const before = [...card];
    card.union('more').difference('id');
    expect([...card]).toEqual(before);
    const source = { author: ['name'] };
    const made = fields(source);
    source.author.push('born');
    expect([...made]).toEqual(['author.name']);
  });

  test('tell their names in the answer, those of nested fields with dots', () => {
    expect([...card]).toEqual(['id', 'headline', 'author.name', 'author.born', 'pages']);
    expect([...fields()]).toEqual([]);
  });

  test('say whether they hold a field, by its name in the answer, in fragments too', () => {
    for (const name of ['id', 'headline', 'author', 'author.name', 'pages']) expect(card.has(name), name).toBe(true);
    for (const name of ['title', 'author.id', 'name', 'id.x', 'pages.x', '', 'toString', 'author.']) {
      expect(card.has(name), name).toBe(false);
    }
    expect(fields(fragment('Parts', 'Book', 'author.name')).has('author.name')).toBe(true);
    const nested = Array.from({ length: 60 }).reduce<unknown>(
      (inner, _, level) => {
        const again = { $directives: { include: { if: true } }, $spread: [inner] };
        return fragment(`F${level}`, 'Book', { $spread: [inner, again] });
      },
      fragment('F', 'Book', 'author.name'),
    );
    expect([...fields(nested, { related: nested })]).toEqual(['related.author.name', 'author.name']);
    expect(fields(nested).has('author.name')).toBe(true);
    expect(fields(nested).has('author.id')).toBe(false);
  });

  test('unite with any selection', () => {
    expect([...fields('id').union('title').union(['author.name']).union({ author: 'id' })]).toEqual([
      'id',
      'title',
      'author.name',
      'author.id',
    ]);
    expect([...fields().union(card)]).toEqual([...card]);
    expect([...card.union(fields())]).toEqual([...card]);
    expect(readSelection(card.union(card))).toEqual(readSelection(card));
    expect([...fields({ $on: { Book: 'id' } }).union({ $on: { Book: 'title' } })]).toEqual(['id', 'title']);
  });

  test('take any selection away', () => {
    expect([...card.difference('id')]).toEqual(['headline', 'author.name', 'author.born', 'pages']);
    expect([...card.difference(['headline', { author: 'born' }])]).toEqual(['id', 'author.name', 'pages']);
    expect([...card.difference('author')]).toEqual(['id', 'headline', 'pages']);
    expect([...card.difference(['author.name', 'author.born'])]).toEqual(['id', 'headline', 'pages']);
    expect(card.difference(['author.name', 'author.born']).has('author')).toBe(false);
    expect([...card.difference({ $on: { Book: 'pages' } })]).toEqual(['id', 'headline', 'author.name', 'author.born']);
    expect([...card.difference('pages')]).toEqual([...card]);
    expect([...card.difference(card)]).toEqual([]);
    expect([...card.difference(fields())]).toEqual([...card]);
    const parts = fragment('Parts', 'Book', 'id');
    expect([...fields(parts, 'title').difference(parts)]).toEqual(['title']);
  });

  test('cannot take away from what only a schema knows', () => {
    expect(() => fields('author').difference('author.name')).toThrow(ValidationError);
    expect(() => fields('author').difference('author.name')).toThrow('only a schema knows');
    expect([...fields('author').difference('author')]).toEqual([]);
  });

  test('refuse what is no selection at once', () => {
    expect(() => fields('id', 5)).toThrow('[1]: This is 5.');
    expect(() => card.union(5)).toThrow(ValidationError);
    expect(() => card.difference({ id: null })).toThrow(ValidationError);
    expect(() => card.has('id').valueOf()).not.toThrow();
  });

  test('that hold nothing select nothing', () => {
    expect(() => readSelection({ author: fields() })).toThrow('author: Nothing is selected here');
    expect([...fields('id', fields())]).toEqual(['id']);
  });

  test('refuse one name in the answer for two things', () => {
    expect(() => fields('x: id').union('x: title')).toThrow('Alias clash');
  });
});
