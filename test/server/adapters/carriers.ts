// What every adapter has to do, whatever it stands on: the same operations over a real port, by clients that know nothing of it.
import { expect, test } from 'vitest';
import { connect, upload } from '../../../src/index.js';
import type { ServerOptions } from '../../../src/server/index.js';
import { createServerIn, type Server, type ServerWorld } from '../../../src/server/server.js';
import { undici } from '../../../src/transport/undici/index.js';
import { RawClient } from '../support/client.js';
import { ManualTimers } from '../support/manual-timers.js';
import { Probe } from '../support/schema.js';
import { nothing, until } from '../support/serving.js';
import { StreamClient } from '../support/stream-client.js';
import { makeUploadSchema } from './upload-schema.js';

export interface TestCarrier {
  /** Of the endpoint, over HTTP. */
  readonly url: string;
  /** As the framework closes. */
  close(): Promise<unknown>;
}

export interface Carried extends AsyncDisposable {
  readonly server: Server;
  readonly probe: Probe;
  readonly url: string;
  readonly ws: string;
  readonly failures: readonly unknown[];
  close(): Promise<unknown>;
}

export type StartCarrier = (server: Server) => Promise<TestCarrier>;

export async function carried(
  start: StartCarrier,
  options: Partial<ServerOptions> = {},
  world: ServerWorld = {},
): Promise<Carried> {
  const probe = new Probe();
  const failures: unknown[] = [];
  const onError = (error: unknown): void => {
    failures.push(error);
  };
  const schema = makeUploadSchema(probe);
  const server = createServerIn(world, { schema, development: true, uploads: true, onError, ...options });
  const { url, close } = await start(server);
  return {
    server,
    probe,
    url,
    ws: url.replace('http', 'ws'),
    failures,
    close,
    [Symbol.asyncDispose]: async () => void (await close()),
  };
}

const post = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

/** HTTP, whatever framework carries it. */
export function carriesHttp(start: StartCarrier): void {
  test('answers a query and a mutation', async () => {
    await using carrier = await carried(start);
    expect(await (await post(carrier.url, { query: '{ hello }' })).json()).toEqual({ data: { hello: 'Hello world' } });
    const got = await fetch(`${carrier.url}?query=${encodeURIComponent('{ hello(name: "ä") }')}`);
    expect(await got.json()).toEqual({ data: { hello: 'Hello ä' } });
    const mutation = await post(carrier.url, { query: 'mutation { add(amount: 2) }' });
    expect(await mutation.json()).toEqual({ data: { add: 2 } });
    expect(carrier.failures).toEqual([]);
  });

  test('says what is wrong with a request, and with which status', async () => {
    await using carrier = await carried(start);
    const faulty = await post(carrier.url, { query: '{ nowhere }' }, { accept: 'application/graphql-response+json' });
    expect(faulty.status).toBe(400);
    expect(faulty.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
    const text = await fetch(carrier.url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' });
    expect([text.status, ((await text.json()) as { errors: unknown[] }).errors]).toMatchObject([
      415,
      [{ message: expect.stringContaining('application/json') }],
    ]);
  });

  test('tells whether it is alive and ready', async () => {
    await using carrier = await carried(start);
    const status = async (path: string): Promise<number> => (await fetch(new URL(path, carrier.url))).status;
    expect([await status('health'), await status('ready')]).toEqual([200, 200]);
    await carrier.server.drain();
    expect([await status('health'), await status('ready')]).toEqual([200, 503]);
  });

  test('streams a subscription, and closes its source when the client goes away', async () => {
    await using carrier = await carried(start);
    const client = await StreamClient.run(carrier.url, 'text/event-stream', 'subscription { gated(gate: "a") }');
    expect([client.status, client.headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8']);
    await client.receive('{"data":{"gated":1}}');
    carrier.probe.open('a');
    await client.receive('{"data":{"gated":2}}');
    expect(await client.complete()).toContain('event: complete');

    const left = await StreamClient.run(carrier.url, 'text/event-stream', 'subscription { forever(name: "b") }');
    await left.receive('{"data":{"forever":1}}');
    expect(carrier.server.stats()).toMatchObject({ operations: 1, sources: 1 });
    left.leave();
    await until(() => carrier.probe.finalised.includes('b'));
    await until(() => carrier.server.stats().operations === 0 && carrier.server.stats().sources === 0);
  });

  test('asks a source for no more than a client reads', async () => {
    await using carrier = await carried(start);
    const client = await StreamClient.run(carrier.url, 'text/event-stream', 'subscription { blob(bytes: 65536) }');
    client.pause();
    const pulled = (): number => carrier.probe.began.length;
    await settled(pulled);
    const before = pulled();
    // Twenty MiB are more than the socket's buffers on both sides and our own.
    expect(before).toBeLessThan(320);
    client.resume();
    await until(() => pulled() > before + 50);
    client.leave();
    await until(() => carrier.probe.finalised.includes('blob'));
  });

  test('takes files', async () => {
    await using carrier = await carried(start);
    await using session = await connect({ transport: undici(carrier.url) });
    const file = upload(new Blob(['hello'], { type: 'text/plain' }), { filename: 'a.txt' });
    expect(await session.execute('mutation ($file: Upload!) { store(file: $file) }', { file })).toEqual({
      store: 'a.txt text/plain 5: hello',
    });
    const files = ['b', 'c'].map((name) => upload(new Blob([name.repeat(100_000)]), { filename: name }));
    expect(await session.execute('mutation ($files: [Upload!]!) { storeAll(files: $files) }', { files })).toEqual({
      storeAll: ['b', 'c'].map((name) => `${name} application/octet-stream 100000: ${name.repeat(100_000)}`),
    });
    expect(carrier.failures).toEqual([]);
  });

  test('answers a body that is too large, whatever it holds', async () => {
    await using carrier = await carried(start, {
      limits: { messageBytes: 1_000 },
      uploads: { maxFiles: 1, maxFileBytes: 1_000 },
    });
    const json = await post(carrier.url, { query: `{ hello(name: "${'x'.repeat(2_000)}") }` });
    expect([json.status, await json.text()]).toEqual([413, expect.stringContaining('limits.messageBytes')]);
    const form = new FormData();
    form.set('operations', '{"query":"mutation ($file: Upload!) { store(file: $file) }","variables":{"file":null}}');
    form.set('map', '{"0":["variables.file"]}');
    form.set('0', new Blob(['x'.repeat(2_000)]));
    const send = (): Promise<Response> =>
      fetch(carrier.url, { method: 'POST', headers: { 'apollo-require-preflight': 'true' }, body: form });
    const tooLarge = await send();
    expect([tooLarge.status, await tooLarge.text()]).toEqual([413, expect.stringContaining('uploads.maxFileBytes')]);
    form.set('0', new Blob(['x'.repeat(5_000_000)]));
    const farTooLarge = await send();
    expect([farTooLarge.status, await farTooLarge.text()]).toEqual([
      413,
      expect.stringContaining('uploads.maxFileBytes'),
    ]);
    expect(carrier.probe.began).toEqual([]);
  });

  test('closes: what runs is answered within the grace, and a stream that does not end is cut', async () => {
    const timers = new ManualTimers();
    await using carrier = await carried(start, {}, { timers });
    const slow = post(carrier.url, { query: '{ slow(gate: "a") }' });
    const stream = await StreamClient.run(carrier.url, 'text/event-stream', 'subscription { forever(name: "b") }');
    await stream.receive('{"data":{"forever":1}}');
    await until(() => carrier.probe.began.includes('slow'));
    const closed = carrier.close();
    carrier.probe.open('a');
    expect(await (await slow).json()).toEqual({ data: { slow: 'after a' } });
    // The grace ends now, and not before.
    let isCut = false;
    void stream.ended.then(() => {
      isCut = true;
    });
    await until(() => {
      timers.advance(200);
      return isCut;
    });
    await closed;
    expect(carrier.probe.finalised).toContain('b');
    expect(carrier.server.stats()).toMatchObject(nothing);
  });
}

/** WebSocket, over the same port. */
export function carriesWebSockets(start: StartCarrier): void {
  test.each(['graphql-transport-ws', 'graphql-ws'] as const)(
    'runs operations over %s on the same port',
    async (protocol) => {
      await using carrier = await carried(start);
      const client = await RawClient.accepted(carrier.ws, protocol);
      const type = protocol === 'graphql-ws' ? 'start' : 'subscribe';
      client.send({ id: '1', type, payload: { query: '{ hello }' } });
      expect(await client.next()).toMatchObject({ id: '1', payload: { data: { hello: 'Hello world' } } });
      await client.next('complete');
      client.send({ id: '2', type, payload: { query: 'subscription { forever(name: "a") }' } });
      expect(await client.next()).toMatchObject({ id: '2', payload: { data: { forever: 1 } } });
      client.cut();
      await until(() => carrier.probe.finalised.includes('a'));
      await until(() => carrier.server.stats().connections === 0);
    },
  );

  test('closes WebSockets with 1001 when it is closed', async () => {
    await using carrier = await carried(start);
    const client = await RawClient.accepted(carrier.ws);
    const closed = carrier.close();
    expect(await client.ended).toMatchObject({ code: 1001 });
    await closed;
    expect(carrier.server.stats()).toMatchObject(nothing);
  });

  test("refuses WebSockets at a path that is nobody's", async () => {
    await using carrier = await carried(start);
    await expect(RawClient.open(carrier.ws.replace('/graphql', '/elsewhere'))).rejects.toThrow('404');
  });
}

/** Waits until a figure has stayed the same for a while. */
async function settled(figure: () => number): Promise<void> {
  for (let last = -1, same = 0; same < 20; last = figure()) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    same = figure() === last ? same + 1 : 0;
  }
}
