// The codecs that are ready made: what they write, read and refuse.
import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  bigInt,
  bytes,
  type CalendarDay,
  type CodecValue,
  date,
  dateTime,
  enumValues,
  json,
  type ScalarCodec,
} from '../../../src/schema/index.js';
import { decoderFor } from '../../../src/schema/scalars/decode.js';
import { thrownBy } from '../../testing/thrown-by.js';
import { encode, model, problemsOf, scalarErrorOf, shapeOf } from './library.js';

/** There and back, over the text of JSON. */
function roundTrip<Value>(codec: ScalarCodec<Value>, value: Value): Value {
  return codec.decode(JSON.parse(JSON.stringify(codec.encode(value))));
}

describe('dateTime', () => {
  test('writes UTC with milliseconds, and reads back the same moment', () => {
    expect(dateTime.encode(new Date(1_792_000_000_123))).toBe('2026-10-14T17:46:40.123Z');
    fc.assert(
      fc.property(
        fc.date({
          min: new Date('0000-01-01T00:00:00Z'),
          max: new Date('9999-12-31T23:59:59.999Z'),
          noInvalidDate: true,
        }),
        (value) => {
          expect(roundTrip(dateTime, value)).toEqual(value);
        },
      ),
    );
  });

  test.each([
    ['2026-11-21T15:32:19Z', '2026-11-21T15:32:19.000Z'],
    ['2026-11-21t15:32:19z', '2026-11-21T15:32:19.000Z'],
    ['2026-11-21 15:32:19.5+00:00', '2026-11-21T15:32:19.500Z'],
    ['2026-11-21T15:32:19.123999+05:30', '2026-11-21T10:02:19.123Z'],
    ['2026-01-01T00:00:00-23:59', '2026-01-01T23:59:00.000Z'],
    ['2026-01-01T00:00:00-00:00', '2026-01-01T00:00:00.000Z'],
    ['2024-02-29T00:00:00.05Z', '2024-02-29T00:00:00.050Z'],
    ['0050-06-01T00:00:00Z', '0050-06-01T00:00:00.000Z'],
  ])('reads %s', (text, iso) => {
    expect(dateTime.decode(text).toISOString()).toBe(iso);
  });

  test.each([
    '2026-11-21T15:32:19',
    '2026-11-21',
    '2026-11-21T15:32Z',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21T15:60:00Z',
    '2016-12-31T23:59:60Z',
    '2026-11-21T15:32:19+24:00',
    '2026-11-21T15:32:19.Z',
    '+002026-11-21T15:32:19Z',
    'Sat Nov 21 2026 15:32:19 GMT',
    '',
    1_792_000_000_123,
    ['2026-11-21T15:32:19Z'],
    { toString: () => '2026-11-21T15:32:19Z' },
  ])('does not read %o', (wire) => {
    expect(() => dateTime.decode(wire as string)).toThrow(/is no date and time with an offset, as in "2026-11-21T/);
  });

  test('does not write invalid dates, years that the text cannot hold, and what is no Date', () => {
    expect(() => dateTime.encode(new Date(Number.NaN))).toThrow('the Date is invalid');
    expect(() => dateTime.encode(new Date('-000001-01-01T00:00:00Z'))).toThrow('outside the years 0 to 9999');
    expect(() => dateTime.encode(new Date('+010000-01-01T00:00:00Z'))).toThrow('outside the years 0 to 9999');
    expect(() => dateTime.encode('2026-11-21T15:32:19Z' as never)).toThrow('a Date is needed, not "2026-');
  });
});

describe('date', () => {
  test('takes days that there are, as text, both ways', () => {
    for (const day of ['2026-11-21', '2024-02-29', '2000-02-29', '0000-01-01', '9999-12-31'] as const) {
      expect(date.encode(day)).toBe(day);
      expect(date.decode(day)).toBe(day);
    }
    expectTypeOf<CodecValue<typeof date>>().toEqualTypeOf<CalendarDay>();
  });

  test.each([
    ['2026-02-29', 'is no day'],
    ['1900-02-29', 'is no day'],
    ['2026-04-31', 'is no day'],
    ['2026-04-00', 'is no day'],
    ['2026-13-01', 'is no day'],
    ['2026-1-1', 'is no day'],
    ['2026-11-21T00:00:00Z', 'is no day'],
    ['', 'is no day'],
    [20261121, 'is no day'],
    [new Date(0), 'a Date is a point in time'],
  ])('refuses %o', (value, message) => {
    expect(() => date.encode(value as never)).toThrow(message);
    expect(() => date.decode(value as never)).toThrow(message);
  });
});

describe('bigInt', () => {
  test('writes text, and reads back the same number whatever its size', () => {
    expect(bigInt.encode(-9_007_199_254_740_993n)).toBe('-9007199254740993');
    fc.assert(
      fc.property(fc.bigInt(), (value) => {
        expect(roundTrip(bigInt, value)).toBe(value);
      }),
    );
  });

  test('reads text, exact numbers, and what a lossless reader made', () => {
    expect(bigInt.decode('12345678901234567890')).toBe(12_345_678_901_234_567_890n);
    expect(bigInt.decode(-5)).toBe(-5n);
    expect(bigInt.decode(Number.MAX_SAFE_INTEGER)).toBe(9_007_199_254_740_991n);
    expect(bigInt.decode(2n ** 70n)).toBe(2n ** 70n);
  });

  test('refuses a number that was rounded, and says what keeps it whole', () => {
    expect(() => bigInt.decode(2 ** 53)).toThrow(/9007199254740992 was rounded .* "json" option/);
  });

  test.each([1.5, Number.NaN, '1.5', '0x10', '', ' 5', '5n', '9'.repeat(1_001), true, ['5']])(
    'does not read %o',
    (wire) => {
      expect(() => bigInt.decode(wire as string)).toThrow(/is no whole number/);
    },
  );

  test('does not write numbers, nor more digits than it reads', () => {
    expect(() => bigInt.encode(5 as never)).toThrow('a bigint is needed, not 5');
    expect(() => bigInt.encode(10n ** 1_000n)).toThrow('of at most 1000 digits');
    expect(roundTrip(bigInt, 10n ** 1_000n - 1n)).toBe(10n ** 1_000n - 1n);
  });

  test('writes numbers for a server that takes nothing else', () => {
    expect(encode('BigInt', 5n, { BigInt: { ...bigInt, encode: Number } })).toBe(5);
    expect(encode('BigInt', 2n ** 70n, { BigInt: { ...bigInt, encode: (value: bigint) => value } })).toBe(2n ** 70n);
  });
});

describe('json', () => {
  test('takes anything that JSON can hold, as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(value !== null);
        expect(encode('JSON', value, { JSON: json })).toBe(value);
        const decoder = decoderFor(model, { JSON: json }, shapeOf({ any: '[JSON]' }));
        const data = { any: [value, null] };
        expect(decoder?.decode(data)).toBe(data);
      }),
    );
  });

  test('refuses what JSON would lose, with the path', () => {
    const error = scalarErrorOf(() => encode('[JSON]', [{ a: [Number.NaN] }], { JSON: json }));
    expect(error.message).toMatch(
      /^query\.books\.value\[0\] cannot be written as JSON: .*It is NaN, which JSON cannot hold/,
    );
  });
});

describe('bytes', () => {
  test('are base64, and read back the same', () => {
    expect(bytes.encode(new TextEncoder().encode('Le Guin'))).toBe('TGUgR3Vpbg==');
    expect(bytes.encode(Buffer.from('Le Guin'))).toBe('TGUgR3Vpbg==');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20_000 }), (value) => {
        expect(roundTrip(bytes, value)).toEqual(value);
        expect(bytes.encode(value)).toBe(Buffer.from(value).toString('base64'));
      }),
      { numRuns: 50 },
    );
  });

  test('take nothing else', () => {
    expect(() => bytes.encode([1, 2] as never)).toThrow('a Uint8Array is needed, not an array');
    expect(() => bytes.decode(5 as never)).toThrow('base64 text is needed, not 5');
    expect(() => bytes.decode('a-_b')).toThrow();
  });
});

describe('enumValues', () => {
  const genre = enumValues({ NOVEL: 1, SHORT_STORY: 'two', POEM: Number.NaN });

  test('writes the name of a value and reads the value of a name', () => {
    expect(encode('[Genre]', [1, 'two', null, Number.NaN], { Genre: genre })).toEqual([
      'NOVEL',
      'SHORT_STORY',
      null,
      'POEM',
    ]);
    const decoder = decoderFor(model, { Genre: genre }, shapeOf({ genres: '[Genre]' }));
    expect(decoder?.decode({ genres: ['SHORT_STORY', 'POEM', null] })).toEqual({ genres: ['two', Number.NaN, null] });
    expectTypeOf<CodecValue<typeof genre>>().toEqualTypeOf<1 | 'two' | number>();
    expectTypeOf(enumValues({ A: 1, B: 'b' }).decode('A')).toEqualTypeOf<1 | 'b'>();
  });

  test('refuses values and names that it was not given', () => {
    expect(scalarErrorOf(() => encode('Genre', 'POEM', { Genre: genre })).message).toContain(
      'cannot be written as Genre: "POEM" is none of the values that enumValues() was given.',
    );
    expect(() => genre.decode('SHORTSTORY')).toThrow(
      'no value for "SHORTSTORY", which the server may have learned since. The nearest is "SHORT_STORY".',
    );
    expect(() => genre.decode('toString')).toThrow('no value for "toString"');
  });

  test('refuses one value under two names, and values that stand for nothing', () => {
    expect(thrownBy(() => enumValues({ A: 1, B: 1 }))).toMatchObject({
      name: 'OptionError',
      option: 'values.B',
      message: 'The value of "B" is that of "A" too: give each name of the enum a value of its own.',
    });
    expect(() => enumValues({ A: null })).toThrow('The value of "A" is null');
    expect(() => enumValues({ A: undefined })).toThrow('The value of "A" is undefined');
    expect(() => enumValues('RED' as never)).toThrow('enumValues() takes an object of values by name, not "RED"');
  });

  test('is not touched by what its object becomes', () => {
    const values = { NOVEL: 1, POEM: 2 };
    const codec = enumValues(values);
    values.NOVEL = 3;
    expect(codec.decode('NOVEL')).toBe(1);
  });
});

test('without a codec an invalid value of a scalar is refused all the same', () => {
  expect(problemsOf('DateTime', new Date(Number.NaN))).toEqual([
    'value: It is an invalid Date, which JSON cannot hold.',
  ]);
});
