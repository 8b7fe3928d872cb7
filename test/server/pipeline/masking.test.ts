// What a client is told of what an application throws.

import { GraphQLError } from 'graphql';
import { describe, expect, test } from 'vitest';
import { ask, secret } from './support.js';

const masked = { message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } };

describe('outside development', () => {
  test('a resolver’s error is masked, with its place in the answer, and reported once with its operation', async () => {
    const { run, failures } = ask();
    const execution = await run('query Secrets { hello broken }');
    expect(execution).toEqual({
      kind: 'result',
      result: {
        data: { hello: 'world', broken: null },
        errors: [{ ...masked, path: ['broken'], locations: [{ line: 1, column: 23 }] }],
      },
    });
    expect(JSON.stringify(execution)).not.toContain('hunter2');
    expect(failures).toEqual([
      {
        error: secret,
        source: 'resolver',
        operation: { kind: 'query', name: 'Secrets', query: 'query Secrets { hello broken }' },
      },
    ]);
  });

  test('one error that is thrown for many fields is reported once', async () => {
    const { run, failures } = ask();
    const execution = await run('{ list { bad } }');
    if (execution.kind !== 'result') throw new Error(execution.kind);
    expect(execution.result.errors).toHaveLength(2);
    expect(failures).toHaveLength(1);
  });

  test('a GraphQLError is meant for the client, and is not reported', async () => {
    const { run, failures } = ask();
    expect(await run('{ meant }')).toMatchObject({
      result: { errors: [{ message: 'Not yours', extensions: { code: 'FORBIDDEN' } }] },
    });
    expect(failures).toEqual([]);
  });

  test.each(['{ nothing }', '{', 'query ($a: Int!) { hello }'])(
    'what is wrong with the request is said: %s',
    async (query) => {
      const { run, failures } = ask();
      const execution = await run(query);
      if (execution.kind !== 'refused') throw new Error(execution.kind);
      expect(execution.errors[0].message).not.toBe(masked.message);
      expect(failures).toEqual([]);
    },
  );

  test('a subscription that cannot begin, and one that breaks, tell nothing either', async () => {
    const { run, failures } = ask();
    const refused = await run('subscription { refuses }');
    expect(refused).toMatchObject({ kind: 'refused', errors: [{ ...masked, path: ['refuses'] }] });
    const stream = await run('subscription { breaks }');
    if (stream.kind !== 'stream') throw new Error(stream.kind);
    await stream.events.next();
    const thrown = await stream.events.next().catch((error: unknown) => error);
    expect(JSON.parse(JSON.stringify(thrown))).toEqual(masked);
    expect(failures.map(({ source }) => source)).toEqual(['resolver']);
  });

  test.each(['context', 'eventContext'] as const)('nor does a hook that throws: %s', async (hook) => {
    const { run, failures } = ask({
      [hook]: () => {
        throw secret;
      },
    });
    const execution = await run('subscription { ticks }');
    const errors =
      execution.kind === 'stream'
        ? (await execution.events.next()).value?.errors
        : 'errors' in execution && execution.errors;
    expect(errors).toMatchObject([masked]);
    expect(failures.map(({ source, error }) => [source, error])).toEqual([[hook, secret]]);
  });
});

test('in development everything is said, and nothing is reported', async () => {
  const { run, failures } = ask({ development: true });
  expect(await run('{ broken }')).toMatchObject({ result: { errors: [{ message: secret.message }] } });
  expect(failures).toEqual([]);
});

test('a context function refuses an operation with an error of its own', async () => {
  const { run, failures } = ask({
    context: () => {
      throw new GraphQLError('Log in first', { extensions: { code: 'UNAUTHENTICATED' } });
    },
  });
  expect(await run('{ hello }')).toEqual({
    kind: 'refused',
    errors: [{ message: 'Log in first', extensions: { code: 'UNAUTHENTICATED' } }],
  });
  expect(failures).toEqual([]);
});
