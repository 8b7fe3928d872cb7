// The ways that the demo can go to its server: a transport each, what the server has to speak, and what it is like to lose one.

import type { FaultProxy } from '../../testing/fault-proxy.js';
import type { Transport } from '../../transport/contract.js';
import { viaFetch } from '../../transport/fetch/index.js';
import { http2 } from '../../transport/http2/index.js';
import { undici } from '../../transport/undici/index.js';
import { webSocket } from '../../transport/websocket/index.js';

/** `http1`: HTTP/1.1, and WebSocket; `http2`: HTTP/2 in clear text, "h2c". */
export type ServerProtocol = 'http1' | 'http2';

export interface Way {
  readonly name: string;
  readonly protocol: ServerProtocol;
  /** `connection`: one carries everything, and is lost as a whole; `pool`: every request stands for itself. */
  readonly kind: 'connection' | 'pool';
  /** A sentence that says how everything goes. */
  readonly title: string;
  /** Sentences that say what becomes of a mutation whose answer is lost. */
  readonly aboutWrites: string;
  readonly transport: (proxy: FaultProxy) => Transport;
}

const path = '/graphql';
const oneConnection = 'Everything goes over one connection';
const remembered = `Mutations carry keys, and the server remembers in its process which of them ran: one whose answer is lost is sent again, and
runs once. A server that is killed forgets: what was on its way to it is not sent again, and reported as outcome unknown.`;
const notRemembered = `A mutation whose answer is lost is not sent again, and reported as outcome unknown: the next request may reach another
server, and this one shares its memory of what ran with none.`;
const oneEach = 'Every call is a request of its own over HTTP/1.1, on sockets that are kept for the next one';

export const defaultWay: Way = {
  name: 'websocket',
  protocol: 'http1',
  kind: 'connection',
  title: `${oneConnection}, a WebSocket.`,
  aboutWrites: remembered,
  transport: (proxy) => webSocket(proxy.url('ws', path)),
};

export const ways: readonly Way[] = [
  defaultWay,
  {
    name: 'undici',
    protocol: 'http1',
    kind: 'pool',
    title: `${oneEach} (undici).`,
    aboutWrites: notRemembered,
    transport: (proxy) => undici(proxy.url('http', path)),
  },
  {
    name: 'http2',
    protocol: 'http2',
    kind: 'connection',
    title: `${oneConnection} of HTTP/2, a stream for each operation.`,
    aboutWrites: notRemembered,
    transport: (proxy) => http2(proxy.url('http', path)),
  },
  {
    name: 'fetch',
    protocol: 'http1',
    kind: 'pool',
    title: `${oneEach} (the fetch of Node).`,
    aboutWrites: notRemembered,
    transport: (proxy) => viaFetch(proxy.url('http', path)),
  },
];
