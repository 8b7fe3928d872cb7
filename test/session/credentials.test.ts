// Where credentials come from, what happens when their provider fails, and that no message ever holds them.

import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { OptionError } from '../../src/protocol/errors/option-error.js';
import { type CredentialsProvider, CredentialsSource } from '../../src/session/credentials.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import type { Credentials } from '../../src/transport/contract.js';
import { OpenError } from '../../src/transport/open-error.js';
import { httpStatus } from './support/failures.js';
import { rejection, watch } from './support/harness.js';

const secret = 'Bearer top-secret';
const credentials: Credentials = { headers: { authorization: secret } };

function source(provider: CredentialsProvider | Credentials | undefined): [CredentialsSource, VirtualClock] {
  const clock = new VirtualClock();
  return [new CredentialsSource(provider, clock), clock];
}

describe('credentials', () => {
  test('may be left out', async () => {
    const [none] = source(undefined);
    expect([await none.get({ reason: 'open', attempt: 1 }), none.canRefresh]).toEqual([{}, false]);
  });

  test('may be an object, which asking again does not change', async () => {
    const [plain] = source(credentials);
    expect([await plain.get({ reason: 'open', attempt: 1 }), plain.canRefresh]).toEqual([credentials, false]);
  });

  test('may come from a function that answers at once or later, asked each time with the reason', async () => {
    const asked: unknown[] = [];
    const [provided, clock] = source((why) => {
      asked.push(why);
      return why.attempt === 1 ? credentials : Promise.resolve(credentials);
    });
    expect(await provided.get({ reason: 'open', attempt: 1 })).toEqual(credentials);
    const refused = httpStatus(401);
    expect(await provided.get({ reason: 'refused', attempt: 2, failure: refused })).toEqual(credentials);
    expect(asked).toEqual([
      expect.objectContaining({ reason: 'open', attempt: 1 }),
      expect.objectContaining({ reason: 'refused', attempt: 2, failure: refused }),
    ]);
    expect([provided.canRefresh, clock.pending]).toEqual([true, 0]);
  });
});

describe('a provider of credentials', () => {
  test.each([
    [
      'throws',
      () => {
        throw new Error('vault sealed');
      },
    ],
    ['rejects', () => Promise.reject(new Error('vault sealed'))],
  ])('that %s fails the attempt, with the original as its cause', async (_what, provider) => {
    const [provided, clock] = source(provider);
    const { failure } = await rejection(provided.get({ reason: 'open', attempt: 1 }), OpenError);
    expect(failure).toMatchObject({ code: 'credentials', phase: 'connect', cause: new Error('vault sealed') });
    expect(clock.pending).toBe(0);
  });

  test('that takes longer than 10 s fails the attempt, and is told that its answer is not needed', async () => {
    let signal: AbortSignal | undefined;
    const [provided, clock] = source((why) => {
      signal = why.signal;
      return new Promise(() => {});
    });
    const got = watch(provided.get({ reason: 'open', attempt: 1 }));
    await clock.advance(9_999);
    expect([got.status, signal?.aborted]).toEqual(['pending', false]);
    await clock.advance(1);
    expect(got.error).toMatchObject({ failure: { code: 'credentials', message: expect.stringContaining('10000 ms') } });
    expect([signal?.aborted, clock.pending]).toEqual([true, 0]);
  });

  test('is told when the attempt is given up, and leaves no timer', async () => {
    let signal: AbortSignal | undefined;
    const [provided, clock] = source((why) => {
      signal = why.signal;
      return new Promise(() => {});
    });
    const got = watch(provided.get({ reason: 'open', attempt: 1 }));
    await clock.advance(0);
    provided.giveUp();
    await clock.advance(0);
    expect([got.status, signal?.aborted, clock.pending]).toEqual(['rejected', true, 0]);
  });

  test('that answers too late is not heard', async () => {
    let answer: (given: Credentials) => void = () => {};
    const [provided, clock] = source(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const got = watch(provided.get({ reason: 'open', attempt: 1 }));
    await clock.advance(10_000);
    answer(credentials);
    await clock.advance(0);
    expect(got.status).toBe('rejected');
  });

  test.each([
    ['text', secret],
    ['nothing', undefined],
    ['null', null],
    ['a list', [secret]],
    ['an object with an unknown name', { header: { authorization: secret } }],
  ])('that gives %s fails the attempt', async (_what, wrong) => {
    const [provided] = source(() => wrong as Credentials);
    const { failure } = await rejection(provided.get({ reason: 'open', attempt: 1 }), OpenError);
    expect(failure).toMatchObject({ code: 'credentials', cause: expect.any(OptionError) });
  });
});

describe('no message holds credentials', () => {
  test.each([
    ['text', secret],
    ['a list', [secret]],
    ['an object with an unknown name', { header: { authorization: secret } }],
  ])('given as %s: they are refused at once', (_what, wrong) => {
    const make = () => source(wrong as Credentials);
    expect(make).toThrow(OptionError);
    expect(inspect(thrownBy(make), { depth: 10 })).not.toContain('top-secret');
  });

  test.each([
    ['text', secret],
    ['a list', [secret]],
    ['an object with an unknown name', { header: { authorization: secret } }],
  ])('given as %s by a provider: nothing about the failure holds them', async (_what, wrong) => {
    const [provided] = source(() => wrong as Credentials);
    const error = await rejection(provided.get({ reason: 'open', attempt: 1 }), OpenError);
    expect(inspect(error, { depth: 10 })).not.toContain('top-secret');
  });

  test('the hint about an unknown name says which one is meant', () => {
    expect(() => source({ header: {} } as Credentials)).toThrow(/Did you mean "headers"\?/);
  });
});

function thrownBy(make: () => unknown): unknown {
  try {
    make();
  } catch (error) {
    return error;
  }
  return undefined;
}
