// Any values of any input types: what we take is what graphql-js takes, and what is sent comes back the same.

import fc from 'fast-check';
import { coerceInputValue } from 'graphql';
import { expect, test } from 'vitest';
import { ValidationError } from '../../../src/schema/errors/validation-error.js';
import { readTypeRef } from '../../../src/schema/model/type-ref.js';
import type { ScalarCodecs } from '../../../src/schema/scalars/codec.js';
import { decoderFor } from '../../../src/schema/scalars/decode.js';
import { encodeVariables } from '../../../src/schema/scalars/encode.js';
import { patienceMs } from '../../server/fuzz/support/patience.js';
import { anyCase, type Case, codecs, graphqlType, rightValue, shapeOfInput, someValue } from './any-input.js';
import { encode, problemsOf, schema } from './library.js';

/** Undefined: it was refused. */
function sent({ model, type, value }: Case, used: ScalarCodecs): { readonly value: unknown } | undefined {
  try {
    const variables = encodeVariables(model, used, [
      { name: 'value', type: readTypeRef(type), value, path: ['value'] },
    ]);
    return { value: variables.value };
  } catch (error) {
    if (error instanceof ValidationError) return undefined;
    throw error;
  }
}

/** What a server makes of a value; undefined: it refuses it. */
function coerced(one: Case, value: unknown): { readonly value: unknown } | undefined {
  let refused = false;
  const result: unknown = coerceInputValue(value, graphqlType(one), () => {
    refused = true;
  });
  // graphql 17 calls nobody and gives nothing.
  return refused || result === undefined ? undefined : { value: result };
}

test('we take what graphql-js takes, and what we send means the same to it', { timeout: patienceMs }, () => {
  const seen = { taken: 0, refused: 0 };
  fc.assert(
    fc.property(anyCase(someValue), (one) => {
      const mine = sent(one, {});
      const theirs = coerced(one, one.value);
      expect(mine === undefined).toBe(theirs === undefined);
      seen[mine === undefined ? 'refused' : 'taken'] += 1;
      if (mine !== undefined) expect(coerced(one, JSON.parse(JSON.stringify(mine.value)))).toEqual(theirs);
    }),
    { numRuns: 400 },
  );
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(30);
});

test('every value that codecs write is taken by graphql-js, and read back the same', { timeout: patienceMs }, () => {
  fc.assert(
    fc.property(anyCase(rightValue), (one) => {
      const { model, type, value } = one;
      const wire = JSON.parse(JSON.stringify(sent(one, codecs)));
      expect(coerced(one, wire.value)).toBeDefined();
      const decoder = decoderFor(model, codecs, shapeOfInput(model, readTypeRef(type)));
      expect(decoder === undefined ? wire : decoder.decode(wire)).toEqual({ value });
    }),
    { numRuns: 400 },
  );
});

test('we are stricter than graphql-js where a value would be lost on its way', () => {
  const taken = (type: string, value: unknown): boolean =>
    coerced({ schema, model: undefined as never, type, value }, value) !== undefined;
  // An ID that was rounded when it became a number.
  expect([taken('ID', 2 ** 60), problemsOf('ID', 2 ** 60).length]).toEqual([true, 1]);
  // JSON knows no undefined, and another collection than a list is an empty object to it.
  expect([taken('[Int]', [undefined]), problemsOf('[Int]', [undefined]).length]).toEqual([true, 1]);
  expect([taken('[Int]', new Set([1])), problemsOf('[Int]', new Set([1])).length]).toEqual([true, 1]);
  expect([taken('JSON', new Map()), problemsOf('JSON', new Map()).length]).toEqual([true, 1]);
  // What an object inherits is not sent.
  const inherited = Object.create({ id: '5' });
  expect([taken('By', { isbn: 'x' }), problemsOf('By', inherited).length]).toEqual([true, 1]);
  expect(encode('By', Object.assign(inherited, { isbn: 'x' }))).toEqual({ isbn: 'x' });
});
