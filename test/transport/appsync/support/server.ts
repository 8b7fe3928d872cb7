// A server that speaks AppSync: HTTP at /graphql, the real-time WebSocket at /graphql/realtime as a custom domain has it. It
// behaves well until a test tells it otherwise, and remembers everything that it was told.

import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { listen } from '../../../../src/testing/listen.js';
import { until } from '../../../session/behaviour/support/waiting.js';

export interface StartMessage {
  readonly id: string;
  readonly type: string;
  readonly payload: {
    readonly data: string;
    readonly extensions: { readonly authorization: Readonly<Record<string, string>> };
  };
}

/** One connection of the real-time side. */
export interface Peer {
  /** What its address said, decoded. */
  readonly header: Readonly<Record<string, string>>;
  readonly payload: string | null;
  readonly protocol: string;
  /** Of the upgrade. */
  readonly headers: IncomingHttpHeaders;
  /** Every message, in order. */
  readonly received: readonly { readonly type: string; readonly id?: string }[];
  /** The `start` messages among them. */
  readonly starts: readonly StartMessage[];
  send(message: object | string): void;
  event(id: string, data: object): void;
  drop(): void;
}

export interface Asked {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface AppSyncServer {
  readonly address: string;
  readonly host: string;
  readonly peers: readonly Peer[];
  readonly asked: readonly Asked[];
  /** The connection of this number, as soon as it is there and, if given, has sent so many `start` messages. */
  peer(index: number, starts?: number): Promise<Peer>;
}

export interface Behaviour {
  /** What answers `connection_init`. */
  init?(peer: Peer, index: number): void;
  /** What answers a `start`. */
  start?(message: StartMessage, peer: Peer): void;
  /** What answers a request over HTTP. */
  request?(asked: Asked, response: ServerResponse): void;
}

export const acknowledgement = { type: 'connection_ack', payload: { connectionTimeoutMs: 300_000 } };
export const unauthorized = {
  errorType: 'UnauthorizedException',
  message: 'You are not authorized to make this call.',
};

export async function appSyncServer(behaviour: Behaviour = {}): Promise<AppSyncServer> {
  const { init, start, request = answer } = behaviour;
  const peers: Peer[] = [];
  const asked: Asked[] = [];
  const server = createServer(async (incoming, response) => {
    const one = { headers: incoming.headers, body: await textOf(incoming) };
    asked.push(one);
    request(one, response);
  });
  const sockets = new WebSocketServer({ server, path: '/graphql/realtime' });
  sockets.on('connection', (socket, incoming) => {
    const index = peers.length;
    const peer = accept(socket, incoming, (message) => {
      if (message.type === 'connection_init') {
        if (init === undefined) peer.send(acknowledgement);
        else init(peer, index);
      } else if (message.type === 'start') {
        if (start === undefined) peer.send({ type: 'start_ack', id: message.id });
        else start(message as StartMessage, peer);
      } else if (message.type === 'stop') peer.send({ type: 'complete', id: message.id });
    });
    peers.push(peer);
  });
  const port = await listen('The AppSync server', server, '127.0.0.1', 0);
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    server.close();
  });
  return {
    address: `http://127.0.0.1:${port}/graphql`,
    host: `127.0.0.1:${port}`,
    peers,
    asked,
    async peer(index, starts = 0) {
      await until(() => (peers[index]?.starts.length ?? -1) >= starts);
      return peers[index] as Peer;
    },
  };
}

function accept(
  socket: WebSocket,
  incoming: IncomingMessage,
  hear: (message: { readonly type: string; readonly id?: string }) => void,
): Peer {
  const { searchParams } = new URL(incoming.url ?? '', 'http://localhost');
  const received: { readonly type: string; readonly id?: string }[] = [];
  const starts: StartMessage[] = [];
  const send = (message: object | string): void =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as { readonly type: string };
    received.push(message);
    if (message.type === 'start') starts.push(message as StartMessage);
    hear(message);
  });
  socket.on('error', () => {});
  return {
    header: JSON.parse(Buffer.from(searchParams.get('header') ?? '', 'base64').toString()) as Record<string, string>,
    payload: searchParams.get('payload'),
    protocol: socket.protocol,
    headers: incoming.headers,
    received,
    starts,
    send,
    event: (id, data) => send({ type: 'data', id, payload: { data } }),
    drop: () => socket.terminate(),
  };
}

function answer(_asked: Asked, response: ServerResponse): void {
  response.setHeader('content-type', 'application/json');
  response.end('{"data":{"ok":true}}');
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of incoming.setEncoding('utf8')) body += chunk;
  return body;
}
