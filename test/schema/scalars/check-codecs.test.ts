// Codecs as a program gives them, before anything is asked of them.
import { expect, test } from 'vitest';
import { dateTime, enumValues, json } from '../../../src/schema/index.js';
import { checkCodecs } from '../../../src/schema/scalars/check-codecs.js';
import type { ScalarCodecs } from '../../../src/schema/scalars/codec.js';
import { thrownBy } from '../../testing/thrown-by.js';
import { model } from './library.js';

const check = (codecs: unknown): void => checkCodecs(model, codecs as ScalarCodecs);
const genre = { NOVEL: 1, SHORT_STORY: 2, POEM: 3 };

test('codecs for scalars and enums of the schema are taken, built-in scalars among them', () => {
  expect(() => check({})).not.toThrow();
  expect(() => check({ DateTime: dateTime, Genre: json, ID: json, toString: json })).not.toThrow();
  expect(() => check({ Genre: enumValues(genre) })).not.toThrow();
});

test.each([
  [
    'an unknown name',
    { DateTme: dateTime },
    'scalars.DateTme',
    'There is a codec for "DateTme", and the schema has no scalar or enum of that name. Did you mean "DateTime"?',
  ],
  [
    'a name that is like nothing',
    { constructor: dateTime },
    'scalars.constructor',
    'There is a codec for "constructor", and the schema has no scalar or enum of that name.',
  ],
  [
    'an object type',
    { Book: json },
    'scalars.Book',
    'There is a codec for "Book", which is an object type: only scalars and enums have codecs.',
  ],
  [
    'an input type',
    { Filter: json },
    'scalars.Filter',
    'There is a codec for "Filter", which is an input type: only scalars and enums have codecs.',
  ],
  [
    'half a codec',
    { DateTime: { encode: () => 5 } },
    'scalars.DateTime',
    'Option "scalars.DateTime" must be a codec, an object with the functions "encode" and "decode"; it is an object.',
  ],
  [
    'nothing for a codec',
    { DateTime: undefined },
    'scalars.DateTime',
    'Option "scalars.DateTime" must be a codec, an object with the functions "encode" and "decode"; it is undefined.',
  ],
  ['a list', [dateTime], 'scalars', 'Option "scalars" must be an object of values by name; it is an array.'],
  [
    'a Map',
    new Map([['DateTime', dateTime]]),
    'scalars',
    'Option "scalars" must be an object of values by name; it is an object of another kind, such as a Map or a promise.',
  ],
  ['null', null, 'scalars', 'Option "scalars" must be an object of values by name; it is null.'],
  [
    'enumValues() for a scalar',
    { DateTime: enumValues(genre) },
    'scalars.DateTime',
    'Option "scalars.DateTime" is made by enumValues(), and DateTime is a scalar.',
  ],
  [
    'enumValues() with names that the enum does not have',
    { Genre: enumValues({ NOVEL: 1, SHORTSTORY: 2, POEM: 3, ESSAY: 4 }) },
    'scalars.Genre',
    'The enumValues() for Genre does not fit the enum: "SHORTSTORY" is no value of it (did you mean "SHORT_STORY"?); "ESSAY" is no value of it.',
  ],
])('%s is refused', (_, codecs, option, message) => {
  expect(thrownBy(() => check(codecs))).toMatchObject({ name: 'OptionError', code: 'bad-option', option, message });
});

test('enumValues() that lacks a value of the enum is taken: the server may have learned it since', () => {
  expect(() => check({ Genre: enumValues({ NOVEL: 1, POEM: 3 }) })).not.toThrow();
});

test('enumValues() of a generated module has every value that the module names', () => {
  const ofModule = (): void =>
    checkCodecs(model, { Genre: enumValues({ NOVEL: 1, POEM: 3 }) }, 'codecs', 'every value');
  expect(thrownBy(ofModule)).toMatchObject({
    name: 'OptionError',
    option: 'codecs.Genre',
    message: 'The enumValues() for Genre does not fit the enum: it has no value for "SHORT_STORY".',
  });
});
