// Real servers of HTTP/2 on loopback, from node:http2: what they were asked, over how many connections, and how many streams
// were open at once.

import {
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { certificate, key } from '../../websocket/support/certificate.js';

export type Handler = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

export interface Serving {
  /** As in `http://127.0.0.1:40000/graphql`. */
  readonly address: string;
  readonly server: Http2Server;
  readonly sessions: ServerHttp2Session[];
  /** Requests, in order. */
  readonly paths: string[];
  /** TCP connections that were ever made. */
  connections: number;
  openStreams: number;
  peakStreams: number;
}

export interface ServerSettings extends SecureServerOptions {
  readonly secure?: boolean;
  /** Listens there instead of on a port. */
  readonly socketPath?: string;
}

export async function serve(handler: Handler, settings: ServerSettings = {}): Promise<Serving> {
  const { secure = false, socketPath, ...options } = settings;
  const server = (
    secure ? createSecureServer({ cert: certificate, key, ...options }) : createServer(options)
  ) as Http2Server;
  const serving = { server, address: '', sessions: [], paths: [], connections: 0, openStreams: 0, peakStreams: 0 } as {
    -readonly [Name in keyof Serving]: Serving[Name];
  };
  server.on(secure ? 'secureConnection' : 'connection', (socket) => {
    serving.connections += 1;
    socket.on('error', () => {});
  });
  server.on('session', (session) => {
    serving.sessions.push(session);
    session.on('error', () => {});
  });
  server.on('stream', (stream, headers) => {
    serving.paths.push(String(headers[':path']));
    serving.openStreams += 1;
    serving.peakStreams = Math.max(serving.peakStreams, serving.openStreams);
    stream.on('close', () => {
      serving.openStreams -= 1;
    });
    stream.on('error', () => {});
    handler(stream, headers);
  });
  await new Promise<void>((resolve) => {
    if (socketPath === undefined) server.listen(0, '127.0.0.1', resolve);
    else server.listen(socketPath, resolve);
  });
  onTestFinished(() => {
    for (const session of serving.sessions) session.destroy();
    server.close();
  });
  const { port } = (socketPath === undefined ? server.address() : { port: 80 }) as AddressInfo;
  serving.address = `${secure ? 'https' : 'http'}://127.0.0.1:${port}/graphql`;
  return serving;
}

/** Reads a request to its end. */
export async function bodyOf(stream: ServerHttp2Stream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

export const ok: Handler = (stream) => {
  stream.respond({ ':status': 200, 'content-type': 'application/json' });
  stream.end('{"data":{"ok":true}}');
};
