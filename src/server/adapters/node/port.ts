// The port that `serve` owns: HTTP/1.1, or with a certificate HTTP/2 and HTTP/1.1 over TLS.

import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createSecureServer, type Http2Session } from 'node:http2';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
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
  /** Resolves when every answer that is complete has left, and after `boundMs` in any case. */
  written(boundMs: number): Promise<void>;
  /** Accepts nothing more. Resolves when every connection has ended; those that have not after `graceMs` are cut. */
  close(graceMs: number): Promise<void>;
}

/** @throws ListenError */
export async function openPort(
  core: ServerCore,
  handler: Handler,
  { host, port, tls }: { readonly host: string; readonly port: number; readonly tls: TlsOptions | undefined },
): Promise<Port> {
  const { server, open, endSessions, endAll } =
    tls === undefined ? plain(handler) : secure(handler, tls, core.options.limits.operationsPerConnection);
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    toOriginForm(request);
    handler.upgrade(request, socket, head);
  });
  declineBefore(server, () => true);
  const { port: number } = await listen(core, server, host, port);
  return {
    number,
    async written(boundMs) {
      let cancel = (): void => {};
      const bound = new Promise<void>((resolve) => {
        cancel = core.timers.set(boundMs, resolve);
      });
      await Promise.race([written(open), bound]);
      cancel();
    },
    async close(graceMs) {
      const released = new Promise((resolve) => NetServer.prototype.close.call(server, resolve));
      endSessions();
      const cancel = core.timers.set(graceMs, endAll);
      await written(open);
      // Node's own way to close ends what it takes for idle: also a connection whose answer is complete and has not left yet.
      server.close();
      await released;
      cancel();
    },
  };
}

/** RFC 9113, section 6.5.2: a setting has 32 bits. */
const mostStreams = 2 ** 32 - 1;

interface Made {
  readonly server: NetServer;
  /** What HTTP/1.1 is spoken on. */
  readonly open: ReadonlySet<Socket>;
  /** Makes the sessions of HTTP/2 end when nothing is in progress on them. */
  endSessions(): void;
  endAll(): void;
}

function plain(handler: Handler): Made {
  const server = createHttpServer(answering(handler));
  const open = new Set<Socket>();
  server.on('connection', (socket) => keep(open, socket));
  return { server, open, endSessions() {}, endAll: () => server.closeAllConnections() };
}

/** Node lets one HTTP/2 connection have any number of streams at a time unless it is told how many. */
function secure(handler: Handler, { key, cert }: TlsOptions, streams: number): Made {
  const settings = { maxConcurrentStreams: Math.min(streams, mostStreams) };
  const pem = { key: toPem(key), cert: toPem(cert) };
  const server = createSecureServer({ ...pem, allowHTTP1: true, settings }, answering(handler));
  const sockets = new Set<Socket>();
  const open = new Set<Socket>();
  const sessions = new Set<Http2Session>();
  // Also those whose handshake is not done.
  server.on('connection', (socket: Socket) => keep(sockets, socket));
  server.on('secureConnection', (socket) => {
    if (socket.alpnProtocol !== 'h2') keep(open, socket);
  });
  server.on('session', (session) => keep(sessions, session));
  return {
    server,
    open,
    endSessions() {
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

/** Settles when what was written to these sockets has left, or they have closed. */
function written(sockets: ReadonlySet<Socket>): Promise<unknown> {
  const writing = [...sockets].filter(({ writable, writableLength }) => writable && writableLength > 0);
  return Promise.all(writing.map((socket) => new Promise((resolve) => socket.write('', resolve))));
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
