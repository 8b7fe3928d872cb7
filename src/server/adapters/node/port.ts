// The port that `serve` owns: HTTP/1.1, or with a certificate HTTP/2 and HTTP/1.1 over TLS.

import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createSecureServer, type Http2Session } from 'node:http2';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ServerCore } from '../../core.js';
import { ListenError } from '../../listen-error.js';
import { declineBefore } from './decline-upgrade.js';
import type { Handler } from './handler.js';
import { toOriginForm } from './target.js';

export interface TlsOptions {
  /** The private key, as PEM. */
  readonly key: string | Uint8Array;
  /** The certificate, with those between it and its root, as PEM. */
  readonly cert: string | Uint8Array;
}

export interface Port {
  readonly number: number;
  /** Accepts nothing more. Resolves when every connection has ended; those that have not after `graceMs` are cut. */
  close(graceMs: number): Promise<void>;
}

/** @throws ListenError */
export async function openPort(
  core: ServerCore,
  handler: Handler,
  { host, port, tls }: { readonly host: string; readonly port: number; readonly tls: TlsOptions | undefined },
): Promise<Port> {
  const { server, endIdle, endAll } =
    tls === undefined ? plain(handler) : secure(handler, tls, core.options.limits.operationsPerConnection);
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    toOriginForm(request);
    handler.upgrade(request, socket, head);
  });
  declineBefore(server, () => true);
  const { port: number } = await listen(core, server, host, port);
  return {
    number,
    async close(graceMs) {
      const released = new Promise((resolve) => server.close(resolve));
      endIdle();
      const cancel = core.timers.set(graceMs, endAll);
      await released;
      cancel();
    },
  };
}

/** RFC 9113, section 6.5.2: a setting has 32 bits. */
const mostStreams = 2 ** 32 - 1;

interface Made {
  readonly server: NetServer;
  /** Ends the connections on which nothing is in progress, and makes the others end when nothing is. */
  endIdle(): void;
  endAll(): void;
}

function plain(handler: Handler): Made {
  const server = createHttpServer(answering(handler));
  return {
    server,
    endIdle: () => server.closeIdleConnections(),
    endAll: () => server.closeAllConnections(),
  };
}

/** Node lets one HTTP/2 connection have any number of streams at a time unless it is told how many. */
function secure(handler: Handler, { key, cert }: TlsOptions, streams: number): Made {
  const settings = { maxConcurrentStreams: Math.min(streams, mostStreams) };
  const pem = { key: toPem(key), cert: toPem(cert) };
  const server = createSecureServer({ ...pem, allowHTTP1: true, settings }, answering(handler));
  const sockets = new Set<Socket>();
  const sessions = new Set<Http2Session>();
  // Also those whose handshake is not done.
  server.on('connection', (socket: Socket) => keep(sockets, socket));
  server.on('session', (session) => keep(sessions, session));
  return {
    server,
    endIdle() {
      for (const session of sessions) session.close();
    },
    endAll() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function answering(handler: Handler): Handler['request'] {
  return (request, response) => {
    toOriginForm(request);
    handler.request(request, response);
  };
}

function keep<T extends { once(event: 'close', listener: () => void): unknown }>(all: Set<T>, one: T): void {
  all.add(one);
  one.once('close', () => all.delete(one));
}

function toPem(text: string | Uint8Array): string | Buffer {
  return typeof text === 'string' ? text : Buffer.from(text);
}

function listen(core: ServerCore, server: NetServer, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const refused = (error: Error): void => reject(new ListenError(host, port, error));
    server.once('error', refused);
    server.listen(port, host, () => {
      server.off('error', refused);
      server.on('error', (error) => core.report(error, 'http'));
      resolve(server.address() as AddressInfo);
    });
  });
}
