// Asking a program who it is: within a bound, for as long as somebody waits, and without repeating what it gave.

import { expect, test } from 'vitest';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import type { Authoriser } from '../../../src/transport/appsync/auth.js';
import { authorise } from '../../../src/transport/appsync/authorise.js';
import { iam, jwt } from '../../../src/transport/appsync/index.js';
import { isSettled, rejection } from '../../session/behaviour/support/waiting.js';

const address = new URL('https://abc.appsync-api.eu-central-1.amazonaws.com/graphql');
const request = { method: 'POST', url: address, headers: {}, body: '{}' };
const never: Authoriser = { canRefresh: true, headers: () => new Promise(() => {}) };

function asked(authoriser: Authoriser) {
  const clock = new VirtualClock();
  const controller = new AbortController();
  const { signal } = controller;
  const answer = authorise(authoriser, request, { clock, signal, forceRefresh: false });
  answer.catch(() => {});
  return { answer, clock, controller };
}

test('an answer leaves no timer', async () => {
  const { answer, clock } = asked(jwt({ token: () => 'token' }).authoriserOf(address));
  expect(await answer).toEqual({ Authorization: 'token' });
  await clock.advance(0);
  expect(clock.pending).toBe(0);
});

test('a program that does not answer is waited for so long and no longer', async () => {
  const { answer, clock } = asked(never);
  await clock.advance(9_999);
  expect(await isSettled(answer)).toBe(false);
  await clock.advance(1);
  expect(await rejection(answer)).toMatchObject({
    failure: { code: 'credentials', message: expect.stringContaining('10000') },
  });
});

test('where nobody waits any more there is no timer either', async () => {
  const { answer, clock, controller } = asked(never);
  controller.abort();
  expect(await rejection(answer)).toMatchObject({ failure: { code: 'aborted' } });
  expect(clock.pending).toBe(0);
});

test('what a program throws is kept, and not told', async () => {
  const error = new Error('s3cret');
  const { answer } = asked(jwt({ token: () => Promise.reject(error) }).authoriserOf(address));
  expect(await rejection(answer)).toMatchObject({
    failure: { code: 'credentials', cause: error, message: expect.not.stringContaining('s3cret') },
  });
});

test.for([
  ['an empty token', jwt({ token: () => '' }), /jwt\(\) has no token/],
  ['no token', jwt({ token: () => undefined as never }), /jwt\(\) has no token/],
  ['no credentials', iam({ credentials: () => undefined as never }), /iam\(\) has no credentials/],
  ['half of them', iam({ credentials: () => ({ accessKeyId: 's3cret' }) as never }), /iam\(\) has no credentials/],
] as const)('%s is a failure of its own', async ([, auth, message]) => {
  const { answer } = asked(auth.authoriserOf(address));
  const error = await rejection(answer);
  expect(error).toMatchObject({ failure: { code: 'credentials', message: expect.stringMatching(message) } });
  expect(String(error)).not.toContain('s3cret');
});
