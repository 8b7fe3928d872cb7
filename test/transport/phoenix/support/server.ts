// A server that speaks Phoenix channels as Absinthe has them. It behaves well until a test tells it otherwise, and remembers
// everything that it was told.

import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { listen } from '../../../../src/testing/listen.js';
import { until } from '../../../session/behaviour/support/waiting.js';

export const control = '__absinthe__:control';

export interface Frame {
  readonly joinRef: string | null;
  readonly ref: string | null;
  readonly topic: string;
  readonly event: string;
  readonly payload: { readonly [name: string]: unknown; readonly query?: string };
}

export interface Peer {
  /** Of the upgrade. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Every message, in order. */
  readonly received: readonly Frame[];
  /** The documents among them. */
  readonly docs: readonly Frame[];
  push(topic: string, event: string, payload: object): void;
  event(subscriptionId: string, data: object): void;
  reply(to: Frame, status: string, response: object): void;
  raw(text: string): void;
  drop(): void;
}

export interface Behaviour {
  readonly status?: number;
  /** What is done with a message, instead of answering it well; false: it is answered well. */
  frame?(frame: Frame, peer: Peer, index: number): boolean;
}

export interface PhoenixServer {
  readonly address: string;
  readonly peers: readonly Peer[];
  /** The connection of this number, as soon as it is there and has sent so many documents. */
  peer(index: number, docs?: number): Promise<Peer>;
}

export async function phoenixServer(behaviour: Behaviour = {}): Promise<PhoenixServer> {
  const peers: Peer[] = [];
  const server = createServer();
  const sockets = new WebSocketServer({
    server,
    path: '/socket/websocket',
    verifyClient: (_info, done) => done(behaviour.status === undefined, behaviour.status),
  });
  sockets.on('connection', (socket, incoming) => {
    const index = peers.length;
    const url = new URL(incoming.url ?? '', 'http://localhost');
    const peer = accept(socket, url, incoming.headers, (frame) => {
      if (behaviour.frame?.(frame, peer, index) !== true) answer(frame, peer);
    });
    peers.push(peer);
  });
  const port = await listen('The Phoenix server', server, '127.0.0.1', 0);
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
  });
  return {
    address: `ws://127.0.0.1:${port}/socket/websocket`,
    peers,
    async peer(index, docs = 0) {
      await until(() => (peers[index]?.docs.length ?? -1) >= docs);
      return peers[index] as Peer;
    },
  };
}

function accept(
  socket: WebSocket,
  url: URL,
  headers: Readonly<Record<string, unknown>>,
  hear: (frame: Frame) => void,
): Peer {
  const received: Frame[] = [];
  const raw = (text: string): void => socket.send(text);
  const write = (...frame: unknown[]): void => raw(JSON.stringify(frame));
  socket.on('message', (data) => {
    const [joinRef, ref, topic, event, payload] = JSON.parse(String(data)) as [null, null, string, string, object];
    const frame = { joinRef, ref, topic, event, payload: { ...payload } };
    received.push(frame);
    hear(frame);
  });
  socket.on('error', () => {});
  return {
    url,
    headers,
    received,
    get docs() {
      return received.filter(({ event }) => event === 'doc');
    },
    push: (topic, event, payload) => write(null, null, topic, event, payload),
    event: (subscriptionId, data) =>
      write(null, null, subscriptionId, 'subscription:data', { subscriptionId, result: { data } }),
    reply: (to, status, response) => write(to.joinRef, to.ref, to.topic, 'phx_reply', { status, response }),
    raw,
    drop: () => socket.terminate(),
  };
}

/** Subscriptions get the ids `sub-0`, `sub-1`, ... by the number of their document. */
function answer(frame: Frame, peer: Peer): void {
  if (frame.event !== 'doc') peer.reply(frame, 'ok', {});
  else if (frame.payload.query?.startsWith('subscription')) {
    peer.reply(frame, 'ok', { subscriptionId: `sub-${peer.docs.indexOf(frame)}` });
  } else peer.reply(frame, 'ok', { data: { ok: true } });
}
