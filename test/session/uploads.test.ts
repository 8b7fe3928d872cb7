// Files in the variables of a call: what its transport is given, whose a stream is, and what it keeps from being sent again.

import { PassThrough, Readable } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { OptionError } from '../../src/protocol/errors/option-error.js';
import { readOnce, type Upload, upload } from '../../src/protocol/upload.js';
import { createServer } from '../../src/server/server.js';
import { CancelledError } from '../../src/session/errors/cancelled-error.js';
import { ConnectionLostError } from '../../src/session/errors/connection-lost-error.js';
import { OutcomeUnknownError } from '../../src/session/errors/outcome-unknown-error.js';
import { ResponseError } from '../../src/session/errors/response-error.js';
import { SessionClosedError } from '../../src/session/errors/session-closed-error.js';
import { SessionError } from '../../src/session/errors/session-error.js';
import { createSession } from '../../src/session/session.js';
import { scriptedServer } from '../../src/testing/scripted-server.js';
import type { Transport } from '../../src/transport/contract.js';
import { local } from '../../src/transport/local/index.js';
import { webSocket } from '../../src/transport/websocket/index.js';
import { makeSchema, Probe } from '../server/support/schema.js';
import { closedWith, httpStatus } from './support/failures.js';
import type { FakeRequest } from './support/fake-transport.js';
import { makeSession, readySession, rejection, watch } from './support/harness.js';

const query = 'query ($file: Upload) { look(file: $file) }';
const mutation = 'mutation ($file: Upload) { save(file: $file) }';

function stream(filename = 'a.bin'): { readonly source: PassThrough; readonly file: Upload } {
  const source = new PassThrough();
  return { source, file: upload(source, { filename }) };
}

/** As a transport does that sends the body. */
function read({ request }: FakeRequest): readonly unknown[] {
  return request.uploads?.map(({ upload }) => upload.open()) ?? [];
}

describe('a call with files', () => {
  test('is handed on with null in their places, and with the files and their paths', async () => {
    const { session, connection } = await readySession();
    const file = upload(new Blob(['a']));
    void session.execute(mutation, { file, more: [file] });
    const { variables, uploads } = connection.latest.request;
    expect(variables?.text).toBe('{"file":null,"more":[null]}');
    expect(uploads).toEqual([{ paths: ['variables.file', 'variables.more.0'], upload: file }]);
    void session.execute('{ a }', { file: null });
    expect(connection.latest.request.uploads).toBeUndefined();
  });

  test('hands them on through interceptors, also where they change the variables', async () => {
    const file = upload(new Blob(['a']));
    const seen: unknown[] = [];
    const { session, connection } = await readySession({
      interceptors: {
        call: [(next) => (request, sink) => next({ ...request, query: `${request.query} # more` }, sink)],
        attempt: [
          (next) => (request, sink) => {
            seen.push(request.uploads);
            return next(request, sink);
          },
        ],
      },
    });
    void session.execute(mutation, { file });
    const uploads = [{ paths: ['variables.file'], upload: file }];
    expect(seen).toEqual([uploads]);
    expect(connection.latest.request.uploads).toEqual(uploads);
  });

  test('rejects at once for what is no file, and for one among its extensions', async () => {
    const { session, connection } = await readySession();
    await rejection(session.execute(mutation, { file: Buffer.from('abc') }), OptionError);
    const error = await rejection(
      session.execute(mutation, {}, { extensions: { file: upload(new Blob([])) as never } }),
      OptionError,
    );
    expect(error.option).toBe('extensions');
    expect(connection.requests).toEqual([]);
  });

  test('is sent again with the same files, of which a function makes the source anew', async () => {
    const { session, connection, clock, accept } = await readySession();
    const made: Readable[] = [];
    const file = upload(() => {
      const source = Readable.from([Buffer.from('abc')]);
      made.push(source);
      return source;
    });
    const call = session.execute(query, { file });
    let current = connection;
    for (let send = 1; send <= 3; send++) {
      for (const source of read(current.latest)) await (source as () => Promise<unknown>)();
      expect(made.length).toBe(send);
      if (send === 3) break;
      current.lose();
      await clock.advance(0);
      current = await accept();
    }
    current.latest.data({ look: 3 });
    expect(await call).toEqual({ look: 3 });
  });
});

describe('a stream', () => {
  test('belongs to one call', async () => {
    const { session } = await readySession();
    const { file } = stream();
    void session.execute(mutation, { file }).catch(() => {});
    const error = await rejection(session.execute(mutation, { file }), OptionError);
    expect(error).toMatchObject({ option: 'variables.file', message: expect.stringContaining('"a.bin"') });
    expect(error.message).toContain('upload(() => ...)');
  });

  test('of a call that was not made can be given to another one', async () => {
    const { session, connection } = await readySession();
    const { file } = stream();
    await rejection(session.execute(mutation, { file }, { deadlineMs: -1 }), OptionError);
    void session.execute(mutation, { file });
    expect(connection.requests.length).toBe(1);
  });

  test.each<
    [string, (harness: ReturnType<typeof makeSession>, abort: () => void) => unknown, new (...args: never[]) => Error]
  >([
    ['is cancelled', (_, abort) => abort(), CancelledError],
    ['is closed with its session', ({ session }) => session.close(), SessionClosedError],
  ])('is closed when its call %s before anything was sent', async (_, end, kind) => {
    const harness = makeSession();
    const { source, file } = stream();
    const controller = new AbortController();
    const call = harness.session.execute(mutation, { file }, { signal: controller.signal });
    const failed = rejection(call, kind);
    await harness.settle();
    expect(source.destroyed).toBe(false);
    end(harness, () => controller.abort());
    await failed;
    expect(source.destroyed).toBe(true);
  });

  test('is closed when its call is answered without its having been read', async () => {
    const { session, connection } = await readySession();
    const { source, file } = stream();
    const call = session.execute(mutation, { file });
    connection.latest.data({ save: true });
    await call;
    expect(source.destroyed).toBe(true);
  });

  test('that has not been opened goes with its call over any number of connections', async () => {
    const { session, connection, accept } = await readySession({ connection: { sendsAtOnce: false } });
    const { source, file } = stream();
    const call = session.execute(mutation, { file });
    connection.lose();
    const next = await accept();
    expect(read(next.latest)).toEqual([source]);
    next.latest.data({ save: true });
    expect(await call).toEqual({ save: true });
  });
});

describe('a call whose stream has been read', () => {
  const says = /"a.bin" was read before and can be read only once.*give a function that makes its source/;

  test('is not sent again when its connection is lost, and says why', async () => {
    const { session, connection, settle } = await readySession();
    const call = watch(session.execute(query, { file: stream().file }));
    read(connection.latest);
    connection.lose();
    await settle();
    expect(call.error).toBeInstanceOf(ConnectionLostError);
    expect(call.error).toMatchObject({ message: expect.stringMatching(says), delivery: 'unknown', attempts: 1 });
  });

  test('does not wait to be sent where it provably was not, as after a stream that a server refused', async () => {
    const { session, connection, settle } = await readySession({ connection: { kind: 'pool' } });
    const call = watch(session.execute(mutation, { file: stream().file }));
    read(connection.latest);
    connection.latest.fail({ code: 'network', phase: 'operation', message: 'Refused.', delivery: 'not-sent' });
    await settle();
    expect(call.error).toBeInstanceOf(ConnectionLostError);
    expect(call.error).toMatchObject({ message: expect.stringMatching(says), delivery: 'not-sent', retryable: true });
  });

  test('stays of unknown outcome where it is a mutation, as ever', async () => {
    const { session, connection, settle } = await readySession();
    const call = watch(session.execute(mutation, { file: stream().file }));
    read(connection.latest);
    connection.lose(closedWith(1006));
    await settle();
    expect(call.error).toBeInstanceOf(OutcomeUnknownError);
  });

  test('takes a temporary refusal for its last word', async () => {
    const { session, connection, settle } = await readySession({ connection: { kind: 'pool' } });
    const call = watch(session.execute(query, { file: stream().file }));
    read(connection.latest);
    connection.latest.fail({ ...httpStatus(503), delivery: 'answered' });
    await settle();
    expect(call.error).toBeInstanceOf(ResponseError);
    expect(call.error).toMatchObject({ message: expect.stringMatching(says), status: 503 });
  });

  test('takes GraphQL errors for its answer, also where its rule would try again', async () => {
    const { session, connection } = await readySession();
    const call = session.result(query, { file: stream().file }, { retry: { verdict: () => 'retry' } });
    read(connection.latest);
    connection.latest.next({ data: null, errors: [{ message: 'no' }] });
    expect(await call).toMatchObject({ errors: [{ message: 'no' }] });
  });

  test('says so once where the transport says it too', async () => {
    const { session, connection, settle } = await readySession({ connection: { kind: 'pool' } });
    const { file } = stream();
    const call = watch(session.execute(query, { file }));
    read(connection.latest);
    connection.latest.fail({ code: 'aborted', phase: 'operation', message: readOnce(file) });
    await settle();
    expect(String((call.error as Error).message).split('was read before').length).toBe(2);
  });
});

describe('a transport that carries no files', () => {
  async function overWebSocket(): Promise<Transport> {
    const server = await scriptedServer();
    onTestFinished(() => server.close());
    return webSocket(server.url);
  }

  test.each<[string, () => Promise<Transport> | Transport]>([
    ['a WebSocket', overWebSocket],
    ['a session within the process', () => local(createServer({ schema: makeSchema(new Probe()) }).executor)],
  ])('refuses them at once and for good: %s', async (carrier, transport) => {
    const session = createSession({ transport: await transport() });
    onTestFinished(() => session.close());
    await session.ready();
    const { source, file } = stream();
    const given: readonly (readonly [string, Upload | Blob])[] = [
      [query, new Blob([])],
      [mutation, file],
    ];
    for (const [document, value] of given) {
      const error = await rejection(session.execute(document, { file: value }), SessionError);
      expect(error).toMatchObject({ code: 'bad-option', delivery: 'not-sent', retryable: false });
      expect(error.message).toContain(`${carrier} carries none`);
      expect(error.message).toContain('endpoint(address) of "holdfast/route"');
    }
    expect(source.destroyed).toBe(true);
    expect(session.operations).toBe(0);
  });

  test('tells nobody who has cancelled', async () => {
    const session = createSession({ transport: await overWebSocket() });
    onTestFinished(() => session.close());
    await session.ready();
    const controller = new AbortController();
    const call = session.execute(mutation, { file: new Blob([]) }, { signal: controller.signal });
    controller.abort();
    await rejection(call, CancelledError);
  });
});
