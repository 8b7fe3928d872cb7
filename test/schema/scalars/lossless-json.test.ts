// JSON that keeps all digits, as far as the platform can.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { losslessJson } from '../../../src/schema/index.js';
import { thrownBy } from '../../testing/thrown-by.js';

/** By the digits that are written; JSON writes larger numbers with an exponent. */
function exact(_: string, value: unknown): unknown {
  const rounded = Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(Number(value)) < 1e21;
  return rounded ? BigInt(String(value)) : value;
}

const able = 'rawJSON' in JSON;

test.skipIf(able)('a platform that cannot is an error that says what can', () => {
  expect(thrownBy(losslessJson)).toMatchObject({ name: 'OptionError', option: 'json' });
  expect(losslessJson).toThrow('needs Node 22');
  expect(losslessJson).toThrow('lossless-json');
});

describe.runIf(able)('where the platform can', () => {
  test('whole numbers of any size come back as they were, deep inside too', () => {
    const codec = losslessJson();
    const value = { big: [2n ** 70n, -(2n ** 53n)], small: 5, float: 1.5, text: '12345678901234567890', none: null };
    const text = codec.stringify(value);
    expect(text).toBe(
      '{"big":[1180591620717411303424,-9007199254740992],"small":5,"float":1.5,"text":"12345678901234567890","none":null}',
    );
    expect(codec.parse(text)).toEqual(value);
  });

  test('everything else is as with JSON', () => {
    const codec = losslessJson();
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = codec.stringify(value);
        expect(text).toBe(JSON.stringify(value));
        expect(codec.parse(`[${text},1234567890123456789]`)).toEqual([JSON.parse(text, exact), 1234567890123456789n]);
      }),
    );
    expect(codec.parse('[1e20,1234567890123456789.5]')).toEqual([1e20, Number('1234567890123456789.5')]);
    expect(() => codec.parse('{')).toThrow(SyntaxError);
  });

  test('any whole number is exact', () => {
    const codec = losslessJson();
    fc.assert(
      fc.property(fc.bigInt(), (value) => {
        expect(BigInt(codec.parse(codec.stringify(value)) as bigint)).toBe(value);
      }),
    );
  });
});
