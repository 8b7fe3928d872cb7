// Whole numbers of any size, there and back over every transport, with a codec of the program's own.

import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { Subprotocol } from '../../src/protocol/dialects/dialect.js';
import type { Executor } from '../../src/protocol/executor.js';
import type { JsonCodec } from '../../src/protocol/json.js';
import type { Session } from '../../src/session/session.js';
import { connect } from '../../src/session/session.js';
import type { Transport } from '../../src/transport/contract.js';
import { viaFetch } from '../../src/transport/fetch/index.js';
import { local } from '../../src/transport/local/index.js';
import { undici } from '../../src/transport/undici/index.js';
import { webSocket } from '../../src/transport/websocket/index.js';
import { asDigits, asText, big } from '../support/big-numbers.js';

/** What a request says between these words, as it stands there: the server reads no numbers. */
function variablesIn(text: string): string {
  const found = /"variables":(\{[^}]*\})/.exec(text)?.[1];
  if (found === undefined) throw new Error(`No variables in ${text}`);
  return found;
}

/** Answers with the variables, over HTTP or as server-sent events. */
async function echoOverHttp(): Promise<string> {
  const server = createHttpServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const answer = `{"data":{"echo":${variablesIn(body)}}}`;
    if (request.headers.accept?.startsWith('text/event-stream')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`event: next\ndata: ${answer}\n\nevent: complete\ndata:\n\n`);
    } else {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(answer);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

const words = {
  'graphql-transport-ws': { start: 'subscribe', next: 'next' },
  'graphql-ws': { start: 'start', next: 'data' },
} as const;

async function echoOverWebSocket(subprotocol: Subprotocol): Promise<string> {
  const { start, next } = words[subprotocol];
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => subprotocol });
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      const text = String(data);
      const { type, id } = JSON.parse(text);
      if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
      if (type !== start) return;
      socket.send(`{"type":"${next}","id":"${id}","payload":{"data":{"echo":${variablesIn(text)}}}}`);
      socket.send(`{"type":"complete","id":"${id}"}`);
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Writes big numbers as marked text, which is all that a server of plain JSON can do. */
const echoing: Executor = {
  execute: async ({ variables }) => {
    const echo = JSON.parse(asText.stringify(variables));
    return { kind: 'result', result: { data: { echo } } };
  },
};

const ways: readonly (readonly [name: string, json: JsonCodec, transport: () => Transport | Promise<Transport>])[] = [
  ['undici', asDigits, async () => undici(await echoOverHttp())],
  ['fetch', asDigits, async () => viaFetch(await echoOverHttp())],
  ['a WebSocket', asDigits, async () => webSocket(await echoOverWebSocket('graphql-transport-ws'))],
  ['a legacy WebSocket', asDigits, async () => webSocket(await echoOverWebSocket('graphql-ws'))],
  ['a server in the same process', asText, () => local(echoing)],
];

async function over(json: JsonCodec | undefined, transport: Transport): Promise<Session> {
  const session = await connect({ transport, json });
  onTestFinished(() => session.close({ graceMs: 0 }));
  return session;
}

test.each(ways)('a big number goes there and comes back over %s, in calls and in events', async (_name, json, make) => {
  const session = await over(json, await make());
  const echo = { id: big, small: 1, minus: -big };
  expect(await session.execute('{ echo }', echo)).toEqual({ echo });
  const events: unknown[] = [];
  for await (const data of session.subscribe('subscription { echo }', echo).data({ onGap: 'fail' })) events.push(data);
  expect(events).toEqual([{ echo }]);
});

test.each(ways.slice(0, 4))(
  'without a codec a big number is rounded over %s, as JSON does',
  async (_name, _json, make) => {
    const session = await over({ stringify: asDigits.stringify, parse: JSON.parse }, await make());
    expect(await session.execute('{ echo }', { id: big })).toEqual({ echo: { id: Number(big) } });
  },
);

test('an answer that the codec cannot read is a broken message, over a WebSocket as over HTTP', async () => {
  const parse = (text: string): unknown => {
    if (text.includes('echo')) throw new Error('cannot');
    return JSON.parse(text);
  };
  const http = await over({ stringify: JSON.stringify, parse }, undici(await echoOverHttp()));
  await expect(http.execute('{ a }', { echo: 1 })).rejects.toMatchObject({ code: 'protocol-error' });
  const socket = await over({ stringify: JSON.stringify, parse }, webSocket(await echoOverWebSocket('graphql-ws')));
  const once = { retry: { attempts: 1 } };
  await expect(socket.execute('{ a }', { echo: 1 }, once)).rejects.toMatchObject({ code: 'protocol-error' });
});
