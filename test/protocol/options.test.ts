// Checks of options: what is wrong is said at once, with the name, the value and what is allowed.

import { expect, describe as group, it } from 'vitest';
import { OptionError } from '../../src/protocol/errors/option-error.js';
import { checkNumberOption, describe, refuseUnknownOptions } from '../../src/protocol/options.js';

/** The error that a check ends with; undefined where it passes. */
function refusal(check: () => void): OptionError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof OptionError) return error;
    throw error;
  }
}

group('an unknown option', () => {
  const known = ['transport', 'retry', 'liveness'];
  const refuse = (options: object) => refusal(() => refuseUnknownOptions('createSession()', options, known));

  it('is refused with the name that was probably meant', () => {
    const error = refuse({ retry: {}, livenes: {} });
    expect(error).toMatchObject({ name: 'OptionError', code: 'bad-option', phase: 'prepare', option: 'livenes' });
    expect(error?.message).toBe('Unknown option "livenes" in createSession(). Did you mean "liveness"?');
    expect(refuse({ Retyr: 1 })?.message).toContain('Did you mean "retry"?');
  });

  it('that resembles none is refused with all there are', () => {
    expect(refuse({ colour: 1 })?.message).toBe(
      'Unknown option "colour" in createSession(). Known options: transport, retry, liveness.',
    );
  });

  it('is refused even when its value is undefined or its name is one of Object', () => {
    expect(refuse({ colour: undefined })?.option).toBe('colour');
    expect(refuse({ constructor: 1 })?.option).toBe('constructor');
    expect(refuse(JSON.parse('{"__proto__": 1}'))?.option).toBe('__proto__');
  });

  it('is not found where there is none', () => {
    expect(refuse({})).toBeUndefined();
    expect(refuse({ transport: 1, retry: undefined })).toBeUndefined();
  });
});

group('a number option', () => {
  it.each([undefined, 1, 1.5, 10])('may be %s', (value) => {
    expect(refusal(() => checkNumberOption('limits.size', value, 1, 10))).toBeUndefined();
  });

  it.each([0.9, 10.1, -1, Number.NaN, Number.POSITIVE_INFINITY, '5', null, true, 5n, {}])('may not be %s', (value) => {
    expect(refusal(() => checkNumberOption('limits.size', value, 1, 10))?.option).toBe('limits.size');
  });

  it('without an upper bound may be infinite', () => {
    expect(refusal(() => checkNumberOption('capMs', Number.POSITIVE_INFINITY, 0))).toBeUndefined();
  });

  it('out of bounds is refused with the bounds and the value', () => {
    expect(refusal(() => checkNumberOption('a', 11, 1, 10))?.message).toBe(
      'Option "a" must be a number, from 1 to 10; it is 11.',
    );
    expect(refusal(() => checkNumberOption('a', '11', 1))?.message).toBe(
      'Option "a" must be a number, at least 1; it is "11".',
    );
  });
});

group('a value in a message', () => {
  it.each([
    ['text', 'a"b', '"a\\"b"'],
    ['long text, shortened', 'x'.repeat(61), `"${'x'.repeat(57)}..."`],
    ['text that is just short enough', 'x'.repeat(60), `"${'x'.repeat(60)}"`],
    ['a number', 5, '5'],
    ['a big number', 5n, '5'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['a list, without its contents', ['secret'], 'an array'],
    ['an object, without its contents', { token: 'secret' }, 'an object'],
    ['a function', () => 'secret', 'a function'],
  ])('is %s', (_, value, shown) => {
    expect(describe(value)).toBe(shown);
  });
});
