// Content-Type headers as servers write them, and what they say about how a body is to be read.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BodyKind, bodyKind, boundaryOf, parseMediaType } from '../../../src/protocol/http/media-type.js';
import { anyText } from './support/streams.js';

function parametersOf(parameters: string): object | undefined {
  return parseMediaType(`multipart/mixed${parameters}`)?.parameters;
}

describe('a media type', () => {
  test('is read in any case and with any space around it', () => {
    expect(parseMediaType(' Application/GraphQL-Response+JSON\t;\tCharset=UTF-8 ')).toEqual({
      type: 'application/graphql-response+json',
      parameters: { charset: 'UTF-8' },
    });
  });

  test.each(['', ' ', 'json', '/', 'a/', '/b', 'a b/c', 'a/b c', 'a/b/c', 'a/b,', ';', '"a"/b'])(
    'is not %j',
    (value) => {
      expect(parseMediaType(value)).toBeUndefined();
    },
  );
});

describe('parameters', () => {
  test('may be quoted, with escapes, semicolons and equals signs inside', () => {
    expect(parametersOf('; a="x"; b="y; c=z"; d="\\"\\\\\\q"; e=""')).toEqual({
      a: 'x',
      b: 'y; c=z',
      d: '"\\q',
      e: '',
    });
  });

  test('may be bare, also with characters that should be quoted', () => {
    expect(parametersOf(';boundary=-;a=/x:y=z?(1)"; b=two words ')).toEqual({
      boundary: '-',
      a: '/x:y=z?(1)"',
      b: 'two words',
    });
  });

  test('have names in any case, of which the first counts', () => {
    expect(parametersOf(';Boundary="A";BOUNDARY=b;subscriptionSpec="1.0"')).toEqual({
      boundary: 'A',
      subscriptionspec: '1.0',
    });
  });

  test('may have space and semicolons where none belong', () => {
    expect(parametersOf(' ; ;; a = 1 ;;\tb\t=\t"2" ; ')).toEqual({ a: '1', b: '2' });
  });

  test('that are no parameters do not hide those after them', () => {
    expect(parametersOf('; a; =b; "c"; d="x" junk; boundary=e')).toEqual({ d: 'x', boundary: 'e' });
  });

  test('may lack their last quote', () => {
    expect(parametersOf(';boundary="a b')).toEqual({ boundary: 'a b' });
    expect(parametersOf(';boundary="a\\')).toEqual({ boundary: 'a' });
  });

  test('may be named like members of Object', () => {
    expect(Object.entries(parametersOf(';__proto__=x;constructor=y') ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(boundaryOf({ type: 'multipart/mixed', parameters: {} })).toBe('-');
  });

  test('give back what was quoted, whatever it is', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(parametersOf(`;a="${text.replace(/["\\]/g, '\\$&')}";b=c`)).toEqual({ a: text, b: 'c' });
      }),
      { numRuns: 300 },
    );
  });

  test('of any text are read without harm', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(';', '=', '"', '\\', ' ', 'a', 'B', '/', '\t', ','), { maxLength: 20 }),
        (pieces) => {
          for (const value of Object.values(parametersOf(`;${pieces.join('')}`) ?? {}))
            expect(value).toBeTypeOf('string');
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a body', () => {
  const kinds: readonly (readonly [string, BodyKind])[] = [
    ['application/json', 'json'],
    ['application/json; charset=utf-8', 'json'],
    ['application/graphql-response+json', 'json'],
    ['application/problem+json', 'json'],
    ['Text/Event-Stream;charset=utf-8', 'event-stream'],
    ['multipart/mixed;boundary="graphql";subscriptionSpec=1.0', 'multipart'],
    ['multipart/form-data; boundary=x', 'other'],
    ['text/html', 'other'],
    ['application/jsonx', 'other'],
  ];

  test.each(kinds)('of type %s is read as %s', (value, kind) => {
    const type = parseMediaType(value);
    expect(type && bodyKind(type)).toBe(kind);
  });

  test.each([
    ['; boundary=graphql', 'graphql'],
    ['; boundary="a b"; deferSpec=20220824', 'a b'],
    ['; boundary="-"', '-'],
    ['; deferSpec=20220824', '-'],
    ['; boundary=""', '-'],
  ])('with the parameters %s has the boundary %s', (parameters, boundary) => {
    expect(
      boundaryOf({
        type: 'multipart/mixed',
        parameters: parseMediaType(`multipart/mixed${parameters}`)?.parameters ?? {},
      }),
    ).toBe(boundary);
  });
});
