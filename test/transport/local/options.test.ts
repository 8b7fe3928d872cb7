// What local() takes, and what a connection within the process says of itself.

import { describe, expect, test } from 'vitest';
import { OptionError } from '../../../src/protocol/errors/option-error.js';
import type { Executor } from '../../../src/protocol/executor.js';
import { createServer } from '../../../src/server/index.js';
import { type LocalOptions, local } from '../../../src/transport/local/index.js';
import { OpenError } from '../../../src/transport/open-error.js';
import { makeSchema, Probe } from '../../server/support/schema.js';
import { answering, contextOf, ended, open } from './support/opening.js';

function refusal(executor: unknown, options?: unknown): OptionError {
  try {
    local(executor as Executor, options as LocalOptions);
  } catch (error) {
    expect(error).toBeInstanceOf(OptionError);
    return error as OptionError;
  }
  throw new Error('It was expected to be refused.');
}

describe('local()', () => {
  const server = createServer({ schema: makeSchema(new Probe()) });

  test.each([
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a server in place of its executor', server, 'an object'],
    ['an address', 'ws://127.0.0.1', '"ws://127.0.0.1"'],
    ['an object whose execute is no function', { execute: true }, 'an object'],
  ])('refuses %s as an executor, and shows what it takes', (_what, executor, described) => {
    const { option, message } = refusal(executor);
    expect(option).toBe('executor');
    expect(message).toContain('local(server.executor)');
    expect(message).toContain(described);
  });

  test('refuses every option, because it has none', () => {
    expect(refusal(server.executor, { headers: {} })).toMatchObject({
      option: 'headers',
      code: 'bad-option',
      message: expect.stringContaining('Unknown option "headers"'),
    });
  });

  test('takes the executor of a server, with or without an empty object of options', () => {
    expect(local(server.executor).name).toBe('local');
    expect(local(server.executor, {}).name).toBe('local');
  });
});

describe('a local connection', () => {
  test('carries every kind of operation, cannot be pinged and never breaks', async () => {
    const { connection, told } = await open(answering({ data: {} }));
    expect(connection.capabilities).toEqual({
      kind: 'pool',
      operations: ['query', 'mutation', 'subscription'],
      resume: false,
      reauthenticate: true,
      idempotencyWindowMs: 0,
    });
    expect(connection.ping).toBeUndefined();
    expect(told).toEqual([]);
  });

  test('is not opened for a session that has given up already', async () => {
    const opening = local(answering({})).open(contextOf({ signal: AbortSignal.abort() }), {} as never);
    const error = await opening.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenError);
    expect((error as OpenError).failure).toMatchObject({ code: 'aborted', phase: 'connect' });
  });

  test('of one transport has nothing to do with another one', async () => {
    const transport = local(answering({ data: {} }));
    const events = { heard: () => {} } as never;
    const [one, other] = [await transport.open(contextOf({}), events), await transport.open(contextOf({}), events)];
    one?.terminate(ended);
    await one?.closed;
    expect(other).not.toBe(one);
    let answers = 0;
    const sink = { sending: () => {}, next: () => answers++, error: () => {}, complete: () => {} };
    const none = { operationName: undefined, variables: undefined, extensions: undefined, headers: undefined };
    other?.start({ id: '1', kind: 'query', query: '{ a }', ...none }, sink);
    await expect.poll(() => answers).toBe(1);
  });
});
