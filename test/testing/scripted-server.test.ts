// The scripted server when no script interferes: it behaves well in both dialects, records everything and can be waited for.
import { afterEach, describe, expect, test } from 'vitest';
import { OptionError } from '../../src/protocol/errors/option-error.js';
import { type ScriptedServer, type ScriptedServerOptions, scriptedServer } from '../../src/testing/scripted-server.js';
import { eventually } from './eventually.js';
import { RawClient, start, subscribe } from './raw-client.js';

const servers: ScriptedServer[] = [];
const clients: RawClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.terminate();
  for (const server of servers.splice(0)) await server.close();
});

async function serve(options?: ScriptedServerOptions): Promise<ScriptedServer> {
  const server = await scriptedServer(options);
  servers.push(server);
  return server;
}

function client(server: ScriptedServer, ...rest: [protocols?: string[], options?: object]): RawClient {
  const made = new RawClient(server.url, ...rest);
  clients.push(made);
  return made;
}

describe('a scripted server without a script', () => {
  test('acknowledges, answers queries and mutations, and answers pings, over graphql-transport-ws', async () => {
    const server = await serve({ answer: ({ variables }) => ({ data: { echo: variables ?? null } }) });
    const peer = await client(server).ready();
    peer.send(subscribe('1', 'query Q($a: Int) { echo(a: $a) }', { a: 7 }), subscribe('2', 'mutation { act }'));
    peer.send({ type: 'ping', payload: { at: 1 } });
    await eventually(
      () => peer.messages,
      [
        { type: 'next', id: '1', payload: { data: { echo: { a: 7 } } } },
        { type: 'complete', id: '1' },
        { type: 'next', id: '2', payload: { data: { echo: null } } },
        { type: 'complete', id: '2' },
        { type: 'pong', payload: { at: 1 } },
      ],
    );
    peer.socket.ping('frame');
    await eventually(() => peer.pongs, ['frame']);
  });

  test('speaks graphql-ws to those who ask for it first, answers a stop and obeys connection_terminate', async () => {
    const server = await serve({ answer: async () => ({ data: { late: true } }) });
    const peer = client(server, ['graphql-ws', 'graphql-transport-ws']);
    await peer.ready();
    peer.send(start('1', '{ a }'), start('2', 'subscription { s }'));
    await eventually(
      () => peer.messages,
      [
        { type: 'data', id: '1', payload: { data: { late: true } } },
        { type: 'complete', id: '1' },
      ],
    );
    expect(server.publish({ data: { s: 1 } })).toBe(1);
    peer.send({ type: 'stop', id: '2' });
    await eventually(
      () => peer.messages.slice(2),
      [
        { type: 'data', id: '2', payload: { data: { s: 1 } } },
        { type: 'complete', id: '2' },
      ],
    );
    peer.send({ type: 'connection_terminate' });
    await eventually(() => peer.closeCode, 1000);
    expect(server.connections[0]!.subprotocol).toBe('graphql-ws');
  });

  test('publishes to live subscriptions on all connections, and to none that were stopped or lost', async () => {
    const server = await serve();
    const peers = [await client(server).ready(), await client(server, ['graphql-ws']).ready()] as const;
    peers[0].send(subscribe('1', 'subscription { s }'), subscribe('2', 'subscription { t }'));
    peers[1].send(start('1', 'subscription { s }'));
    await server.received('start', { count: 3 });
    expect(server.publish({ data: 1 })).toBe(3);
    peers[0].send({ type: 'complete', id: '2' });
    await server.received('stop');
    expect(server.publish({ data: 2 })).toBe(2);
    server.subscriptions[0]!.complete();
    expect(server.publish({ data: 3 })).toBe(1);
    peers[1].socket.terminate();
    await server.connections[1]!.ended;
    expect(server.publish({ data: 4 })).toBe(0);
    await eventually(
      () => peers[0].messages,
      [
        { type: 'next', id: '1', payload: { data: 1 } },
        { type: 'next', id: '2', payload: { data: 1 } },
        { type: 'next', id: '1', payload: { data: 2 } },
        { type: 'complete', id: '1' },
      ],
    );
  });

  test('records connections, messages in order, operations, and how each connection ended', async () => {
    const server = await serve();
    const peer = client(server, ['graphql-transport-ws'], { headers: { 'X-Token': 'abc' } });
    await peer.ready();
    peer.send(subscribe('1', 'query Q { a }', { x: 1 }), { type: 'pong' });
    const connection = await server.nextConnection();
    await server.received('pong');
    expect(connection.received.map(({ type }) => type)).toEqual(['connection_init', 'subscribe', 'pong']);
    expect(connection.received.map(({ meaning }) => meaning.type)).toEqual(['init', 'start', 'pong']);
    expect([connection.index, connection.url, connection.subprotocol]).toEqual([0, '/graphql', 'graphql-transport-ws']);
    expect(connection.headers['x-token']).toBe('abc');
    expect(server.executions).toEqual([
      {
        connection: 0,
        id: '1',
        kind: 'query',
        query: 'query Q { a }',
        operationName: undefined,
        variables: { x: 1 },
        extensions: undefined,
      },
    ]);
    expect([connection.open, connection.end]).toEqual([true, undefined]);
    peer.socket.close(4123, 'enough');
    expect(await connection.ended).toEqual({ code: 4123, reason: 'enough' });
    expect([connection.open, connection.end]).toEqual([false, { code: 4123, reason: 'enough' }]);
  });

  test.each([
    ['an operation before the ack', [subscribe('1', '{ a }')], 4401],
    ['a second connection_init', [{ type: 'connection_init' }, { type: 'connection_init' }], 4429],
    ['no message of the dialect', ['{"type":"start"}'], 4400],
    ['a live id again', [{ type: 'connection_init' }, ...Array(2).fill(subscribe('1', 'subscription { a }'))], 4409],
  ])('holds a graphql-transport-ws client to the protocol: %s', async (_what, messages, code) => {
    const peer = await client(await serve()).open();
    peer.send(...messages);
    await eventually(() => peer.closeCode, code);
  });

  test('closes with 4406 where it has no subprotocol in common with the client', async () => {
    const server = await serve({ subprotocols: ['graphql-transport-ws'] });
    const legacy = new RawClient(server.url, []);
    clients.push(legacy);
    await eventually(() => legacy.closeCode, 4406);
  });

  test('answers what is no document with an error', async () => {
    const peer = await client(await serve()).ready();
    peer.send(subscribe('1', '{ a '));
    await eventually(() => peer.messages.map((message) => (message as { type: string }).type), ['error']);
  });

  test('waits in bounds, and says what it saw instead', async () => {
    const server = await serve();
    await expect(server.nextConnection({ timeoutMs: 5 })).rejects.toThrow('No connection was opened');
    const peer = await client(server).ready();
    await expect(server.received('subscribe', { count: 2, timeoutMs: 5 })).rejects.toThrow(
      'Waited for 2 x "subscribe", and it did not come within 5 ms. So far: connection 0 received connection_init.',
    );
    const waiting = expect(server.received('subscribe', { connection: 0 })).resolves.toHaveLength(1);
    peer.send(subscribe('1', '{ a }'));
    await waiting;
    const never = expect(server.received('start', { connection: 1 })).rejects.toThrow('the server was closed');
    await server.close();
    await never;
  });

  test('hands out connections in their order, each once, however early they are asked for', async () => {
    const server = await serve();
    const [first, second] = [server.nextConnection(), server.nextConnection()];
    client(server);
    expect((await first).index).toBe(0);
    client(server);
    expect((await second).index).toBe(1);
  });

  test('an outage drops connections, refuses new ones, and ends on the same port with all records kept', async () => {
    const server = await serve();
    const { port } = server;
    const peer = await client(server).ready();
    await server.stop();
    await eventually(() => peer.closeCode, 1006);
    expect(server.connections[0]!.end).toEqual({ code: 1006, reason: '' });
    const refused = client(server);
    await eventually(() => refused.error?.includes('ECONNREFUSED'), true);
    await server.start();
    expect(server.port).toBe(port);
    await client(server).ready();
    await server.restart();
    await client(server).ready();
    expect(server.connections).toHaveLength(3);
  });

  test('refuses unknown options and a port that is taken', async () => {
    const server = await serve();
    await expect(scriptedServer({ prot: 1 } as object)).rejects.toThrow(OptionError);
    await expect(scriptedServer({ port: server.port })).rejects.toThrow('cannot listen on');
  });
});

describe('a script', () => {
  test('takes the place of good behaviour unless it proceeds, and the first script is asked first', async () => {
    const asked: string[] = [];
    const server = await serve({
      script: [
        {
          init({ connection, payload }, proceed) {
            asked.push(`first ${JSON.stringify(payload)}`);
            connection.keepAlive();
            return proceed();
          },
        },
        {
          init({ connection }) {
            asked.push('second');
            connection.ack({ hello: true });
          },
        },
      ],
    });
    const peer = await client(server).open();
    peer.send({ type: 'connection_init', payload: { token: 1 } });
    await eventually(() => peer.messages, [{ type: 'ka' }, { type: 'connection_ack', payload: { hello: true } }]);
    expect(asked).toEqual(['first {"token":1}', 'second']);
  });

  test('can be put in and taken out while the server runs', async () => {
    const server = await serve();
    const peer = await client(server).ready();
    const takeOut = server.use({ operation: (operation) => operation.error([{ message: 'no' }]) });
    peer.send(subscribe('1', '{ a }'));
    await eventually(() => peer.messages, [{ type: 'error', id: '1', payload: [{ message: 'no' }] }]);
    takeOut();
    peer.send(subscribe('2', '{ a }'));
    await eventually(() => peer.messages.length, 3);
  });

  test('can see every message first, send anything, and drop the socket after all of it was sent', async () => {
    const long = 'long '.repeat(4_000_000);
    const server = await serve({
      script: {
        message({ connection, message }, proceed) {
          if (message.text !== 'magic') return proceed();
          connection.raw(long);
          connection.raw('free text');
          connection.binary(Buffer.from('bytes'));
          connection.pong({ unasked: true });
          connection.dropAfterSending();
        },
      },
    });
    const peer = await client(server).ready();
    peer.send('magic');
    await eventually(() => peer.closeCode, 1006);
    expect(peer.messages.shift()).toBe(long);
    expect(peer.messages).toEqual(['free text', 'binary bytes', { type: 'pong', payload: { unasked: true } }]);
    expect(server.connections[0]!.received.at(-1)).toMatchObject({ type: 'invalid', text: 'magic' });
  });

  test('that throws or rejects ends the connection, and closing the server tells the test', async () => {
    for (const fail of [
      () => {
        throw new Error('broken script');
      },
      () => Promise.reject(new Error('broken script')),
    ]) {
      const server = await scriptedServer({ script: { init: fail } });
      const peer = await client(server).open();
      peer.send({ type: 'connection_init' });
      await eventually(() => [peer.closeCode, peer.closeReason], [1011, 'The script failed: Error: broken script']);
      await expect(server.close()).rejects.toThrow('broken script');
      await server.close();
    }
  });

  test('that throws at the upgrade refuses it, and closing the server tells the test', async () => {
    const server = await scriptedServer({
      script: {
        upgrade() {
          throw new Error('broken upgrade');
        },
      },
    });
    const peer = client(server);
    await eventually(() => peer.refusal?.status, 500);
    await expect(server.close()).rejects.toThrow('broken upgrade');
  });
});
