// What `withSchema` does where there is no schema to be had, and where the one it has may be older than the server.

import { buildSchema } from 'graphql';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MissingDependencyError } from '../../../src/protocol/errors/missing-dependency-error.js';
import { SchemaError } from '../../../src/schema/errors/schema-error.js';
import { ValidationError } from '../../../src/schema/errors/validation-error.js';
import { memoryCache } from '../../../src/schema/sources/cache/memory-cache.js';
import { loadSchema } from '../../../src/schema/sources/load-schema.js';
import { readSchema } from '../../../src/schema/sources/read-schema.js';
import { until } from '../../session/behaviour/support/waiting.js';
import { rejection, watch } from '../../session/support/harness.js';
import { bad, good, nextQuestion, questions, readyAndChecked, schema, sent, tell } from './support.js';

const refusal = { message: 'GraphQL introspection is not allowed.' };

let warnings: string[];

beforeEach(() => {
  warnings = [];
  vi.spyOn(console, 'warn').mockImplementation((text: string) => void warnings.push(text));
});

afterEach(() => vi.restoreAllMocks());

describe('a server that does not tell its schema', () => {
  test('is told of once, with what to do, and calls go on unchecked', async () => {
    const { session, connection, settle } = await readyAndChecked();
    (await nextQuestion(connection)).errors(refusal);
    await settle();
    for (const count of [1, 2]) {
      void session.execute(bad).catch(() => {});
      await until(() => sent(connection).length === count);
    }
    expect(session.state.status).toBe('ready');
    expect(warnings.length).toBe(1);
    expect(warnings[0]).toContain('take it out of the interceptors of the session');
    expect(warnings[0]).toContain('does not tell its schema');
  });

  test('is what onError gets instead, and what that throws harms nobody', async () => {
    const errors: Error[] = [];
    const console = vi.spyOn(globalThis.console, 'error').mockImplementation(() => {});
    const onError = (error: Error): void => {
      errors.push(error);
      throw new Error('a mistake');
    };
    const { session, connection, settle } = await readyAndChecked({ onError });
    (await nextQuestion(connection)).errors(refusal);
    await settle();
    expect(errors).toEqual([expect.any(SchemaError)]);
    expect(errors[0]).toMatchObject({ code: 'introspection-disabled' });
    expect(warnings).toEqual([]);
    expect(console).toHaveBeenCalledOnce();
    expect(session.state.status).toBe('ready');
  });

  test('lets calls go that waited for the schema', async () => {
    const { session, connection } = await readyAndChecked({ schemaFirst: true });
    void session.execute(bad).catch(() => {});
    (await nextQuestion(connection)).errors(refusal);
    await until(() => sent(connection).length === 1);
  });

  test('is asked again when a call comes a minute later, and less often each time it fails', async () => {
    const { session, connection, clock, settle } = await readyAndChecked(undefined, { liveness: false });
    const call = async (): Promise<void> => {
      void session.execute(good).catch(() => {});
      await settle();
    };
    const fail = async (): Promise<void> => {
      (await nextQuestion(connection)).errors(refusal);
      await settle();
    };
    await fail();
    await call();
    await clock.advance(59_999);
    await call();
    expect(questions(connection).length).toBe(1);
    await clock.advance(1);
    await call();
    expect(questions(connection).length).toBe(2);
    await fail();
    await clock.advance(60_000);
    await call();
    expect(questions(connection).length).toBe(2);
    await clock.advance(60_000);
    await call();
    await tell({ settle }, connection);
    await rejection(session.execute(bad), ValidationError);
    expect(warnings.length).toBe(1);
  });

  test('keeps nothing waiting: there is no timer, and the session can close', async () => {
    const { session, connection, clock, settle } = await readyAndChecked(undefined, { liveness: false });
    (await nextQuestion(connection)).errors(refusal);
    await settle();
    await clock.advance(60_000);
    expect(clock.pending).toBe(0);
    await session.close();
  });
});

describe('asking for the schema', () => {
  test('outlives a lost connection, as the retry rules of the session say', async () => {
    const { session, connection, accept, settle } = await readyAndChecked();
    await nextQuestion(connection);
    connection.lose();
    await tell({ settle }, await accept());
    await rejection(session.execute(bad), ValidationError);
    expect(warnings).toEqual([]);
  });

  test('is not begun before the session is ready', async () => {
    const { session, connection } = await readyAndChecked();
    expect(session.operations).toBe(1);
    expect(questions(connection).length).toBe(1);
  });

  test('ends with the session, and nothing is said of that', async () => {
    const { session, connection, clock } = await readyAndChecked();
    await nextQuestion(connection);
    const closed = session.close({ graceMs: 0 });
    await clock.advance(1_000);
    await closed;
    expect(warnings).toEqual([]);
  });
});

test('without the package graphql, calls pass unchecked, and that is told once', async () => {
  const plain = readSchema(schema);
  const missing = new MissingDependencyError('graphql', '^16.11.0', 'Checking documents');
  const withoutGraphQL = { ...plain, model: plain.model, source: plain.source, placeOf: () => undefined };
  const { session, connection } = await readyAndChecked({
    schema: { ...withoutGraphQL, graphql: () => Promise.reject(missing) },
  });
  for (const count of [1, 2]) {
    void session.execute(bad).catch(() => {});
    await until(() => sent(connection).length === count);
  }
  expect(warnings.length).toBe(1);
  expect(warnings[0]).toContain('npm install "graphql@^16.11.0"');
});

describe('a schema that may be older than the server', () => {
  const newer = buildSchema('type Query { book(id: ID!): Book } type Book { titel: String title: String }');

  test('refuses nothing before the server was asked again, where it was fetched more than a minute ago', async () => {
    const { session, connection, clock, settle } = await readyAndChecked(undefined, { liveness: false });
    await tell({ settle }, connection);
    await clock.advance(59_999);
    await rejection(session.execute(bad), ValidationError);
    expect(questions(connection).length).toBe(2);
    await clock.advance(1);
    const call = watch(session.execute(bad));
    const other = watch(session.execute('{ nothing }'));
    await tell({ settle }, connection, newer);
    await until(() => sent(connection).length === 1 && other.status === 'rejected');
    expect(call.status).toBe('pending');
    expect(other.error).toBeInstanceOf(ValidationError);
    expect(questions(connection).length).toBe(4);
  });

  test('lets pass what it does not allow, where the server does not answer any more', async () => {
    const { session, connection, clock, settle } = await readyAndChecked(undefined, { liveness: false });
    await tell({ settle }, connection);
    await clock.advance(60_000);
    void session.execute(bad).catch(() => {});
    (await nextQuestion(connection)).errors(refusal);
    await until(() => sent(connection).length === 1);
    expect(warnings.length).toBe(1);
  });

  test('out of a cache is used at once, and refuses nothing before the server was asked', async () => {
    const cache = memoryCache();
    const old = await readyAndChecked({ cache, cacheKey: 'server' });
    await tell(old, old.connection);
    await until(() => cache.get('server') !== undefined);
    const options = { cache, cacheKey: 'server', schemaFirst: true };
    const { session, connection, settle } = await readyAndChecked(options);
    const fine = session.execute(good);
    await until(() => sent(connection).length === 1);
    connection.latest.data({ book: null });
    await fine;
    expect(questions(connection)).toEqual([]);
    const call = watch(session.execute(bad));
    const other = watch(session.execute('{ nothing }'));
    await tell({ settle }, connection, newer);
    await until(() => sent(connection).length === 2 && other.status === 'rejected');
    expect(call.status).toBe('pending');
    expect(other.error).toBeInstanceOf(ValidationError);
    const silent = { result: () => Promise.reject(new Error('not asked')), subscribe: () => {} };
    const kept = await loadSchema(silent, { cache, cacheKey: 'server' });
    expect(kept.model.types.get('Book')).toMatchObject({ fields: expect.objectContaining({ size: 2 }) });
  });
});
