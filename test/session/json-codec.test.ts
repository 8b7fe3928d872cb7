// JSON of the program's own: what the session writes with it, so that it goes over the wire as the codec wrote it.

import { describe, expect, test, vi } from 'vitest';
import { OptionError } from '../../src/protocol/errors/option-error.js';
import type { JsonCodec } from '../../src/protocol/json.js';
import { JsonText } from '../../src/protocol/json-text.js';
import { upload } from '../../src/protocol/upload.js';
import type { Interceptor } from '../../src/session/interceptors.js';
import { mapRequest } from '../../src/session/map-request.js';
import { automaticPersistedQueries } from '../../src/session/persisted/automatic.js';
import { asDigits, asText, big } from '../support/big-numbers.js';
import { makeSession, readySession, rejection } from './support/harness.js';

const digits = '9007199254740993';

describe('with a codec', () => {
  test.each([
    ['digits', asDigits, `{"id":${digits},"n":1}`],
    ['text', asText, `{"id":"#${digits}#","n":1}`],
  ])('variables and extensions are as it writes them: %s', async (_what, json, text) => {
    const { session, connection } = await readySession({ json });
    void session.execute('{ a }', { id: big, n: 1 }, { extensions: { id: big, n: 1 } as never });
    void session.stream('{ a }', { id: big, n: 1 });
    void session.subscribe('subscription { a }', { id: big, n: 1 });
    expect(connection.requests.map(({ request }) => request.variables?.text)).toEqual([text, text, text]);
    expect(connection.requests[0]?.request.extensions?.text).toBe(text);
    expect(connection.requests[0]?.request.variables?.value).toEqual({ id: big, n: 1 });
  });

  test('what the session adds to the extensions leaves the rest as it was written', async () => {
    const { session, connection } = await readySession({ json: asDigits, connection: { idempotencyWindowMs: 60_000 } });
    void session.execute('mutation { a }', {}, { extensions: { id: big } as never, idempotencyKey: 'k' });
    expect(connection.latest.request.extensions?.text).toBe(`{"id":${digits},"idempotencyKey":"k"}`);
  });

  test('so does what interceptors add with it, and the key that the session puts back', async () => {
    const signing = mapRequest((request) => ({
      ...request,
      extensions: request.extensions?.with({ sign: 'x', idempotencyKey: '' }),
    }));
    const { session, connection } = await readySession({
      json: asDigits,
      connection: { idempotencyWindowMs: 60_000 },
      interceptors: { attempt: [signing] },
    });
    void session.execute('mutation { a }', {}, { extensions: { id: big } as never, idempotencyKey: 'k' });
    expect(connection.latest.request.extensions?.text).toBe(`{"id":${digits},"idempotencyKey":"k","sign":"x"}`);
  });

  test('so does the hash of a persisted query', async () => {
    const { session, connection } = await readySession({
      json: asDigits,
      interceptors: { call: [automaticPersistedQueries()] },
    });
    void session.execute('{ a }', {}, { extensions: { id: big } as never });
    // The platform takes its time to hash, by no clock of ours.
    await vi.waitFor(() => expect(connection.requests).toHaveLength(1), { timeout: 20_000 });
    expect(connection.latest.request.extensions?.text).toMatch(new RegExp(`^{"id":${digits},"persistedQuery":{`));
  });

  test('files are found among variables that JSON cannot write', async () => {
    const { session, connection } = await readySession({ json: asDigits });
    const file = upload(new Uint8Array(1), { filename: 'a' });
    const blob = new Blob(['b']);
    void session.execute('mutation { a }', { id: big, files: [{ file }, blob], at: new Date(0) });
    const { variables, uploads } = connection.latest.request;
    expect(variables?.text).toBe(`{"id":${digits},"files":[{"file":null},null],"at":"1970-01-01T00:00:00.000Z"}`);
    expect(uploads?.map(({ paths }) => paths)).toEqual([['variables.files.0.file'], ['variables.files.1']]);
  });

  test('a Blob is found by whatever it would have been written as', async () => {
    const json = { stringify: (value: unknown) => JSON.stringify(value).replaceAll('{}', '{ }') };
    const { session, connection } = await readySession({ json });
    void session.execute('mutation { a }', { file: new Blob(['b']) });
    expect(connection.latest.request.uploads?.map(({ paths }) => paths)).toEqual([['variables.file']]);
    expect(connection.latest.request.variables?.value).toEqual({ file: null });
  });

  test('bytes and files in the wrong place are refused as without one', async () => {
    const { session } = makeSession({ json: asDigits });
    await rejection(session.execute('{ a }', { bytes: new Uint8Array(1) }), OptionError);
    const file = upload(new Uint8Array(1));
    await rejection(session.execute('{ a }', {}, { extensions: { file } as never }), OptionError);
    const input: { self?: object } = {};
    input.self = input;
    await rejection(session.execute('{ a }', input), OptionError);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['writes a list', () => '[]'],
    ['writes nothing', () => undefined as never],
  ])('one that %s fails the call before anything is sent', async (_what, stringify) => {
    const { session } = makeSession({ json: { stringify } });
    await rejection(session.execute('{ a }', { a: 1 }), OptionError);
    expect(session.operations).toBe(0);
  });

  test('one may be an object with methods of its own, or only one of the two', async () => {
    class Codec implements JsonCodec {
      readonly #space = 1;
      stringify(value: unknown): string {
        return JSON.stringify(value, undefined, this.#space);
      }
      parse(text: string): unknown {
        return [this.#space, JSON.parse(text)];
      }
    }
    const { session, connection, transport } = await readySession({ json: new Codec() });
    void session.execute('{ a }', { a: 1 });
    expect(connection.latest.request.variables?.text).toBe('{\n "a": 1\n}');
    expect(transport.latest.context.json?.parse('2')).toEqual([1, 2]);
    const reading = await readySession({ json: { parse: asDigits.parse } });
    void reading.session.execute('{ a }', { a: 1 });
    expect(reading.connection.latest.request.variables?.text).toBe('{"a":1}');
    expect(reading.transport.latest.context.json?.parse(`[${digits}]`)).toEqual([big]);
  });

  test('interceptors see values as it reads them', async () => {
    const seen: unknown[] = [];
    const watching: Interceptor = (next) => (request, sink) => {
      seen.push(request.variables?.value);
      return next(request, sink);
    };
    const { session } = await readySession({ json: asDigits, interceptors: { call: [watching] } });
    void session.execute('{ a }', { id: big });
    expect(seen).toEqual([{ id: big }]);
  });
});

describe('without a codec', () => {
  test('a BigInt is refused, and numbers are as JSON has them', async () => {
    const { session, connection } = await readySession();
    await rejection(session.execute('{ a }', { id: big }), OptionError);
    void session.execute('{ a }', { n: 1 });
    expect(connection.latest.request.variables?.text).toBe('{"n":1}');
  });

  test('members can be added to what was written', () => {
    const text = JsonText.of({ a: 1 });
    expect([text.with({ b: 2 }).text, text.with({ a: 3 }).text, text.text]).toEqual([
      '{"a":1,"b":2}',
      '{"a":3}',
      '{"a":1}',
    ]);
    expect(() => text.with({ id: big })).toThrow(OptionError);
  });
});
