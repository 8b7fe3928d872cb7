// A tunnel through an HTTP proxy, made with CONNECT (RFC 9110, section 9.3.6), as the TCP connection of a WebSocket.

import { isIP, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { openTunnel } from '../http/tunnel.js';
import type { TlsOptions } from './options.js';

type Created = (error: Error | null, socket?: Socket) => void;

/** For `createConnection` of `node:http`: answers later, through the callback. Aborting the signal gives the tunnel up. */
export function connectThroughProxy(
  proxy: string,
  address: string,
  tls: TlsOptions | undefined,
  signal: AbortSignal,
): () => Socket {
  const tunnel = (_options: unknown, created: Created): void => {
    const target = new URL(address);
    const secure = target.protocol === 'wss:';
    const authority = `${target.hostname}:${target.port || (secure ? 443 : 80)}`;
    openTunnel(new URL(proxy), authority, signal).then((socket) => {
      created(null, secure ? secured(socket, target.hostname, tls) : socket);
    }, created);
  };
  // Node also accepts an answer through the callback instead of the returned socket; its types know only the latter.
  return tunnel as unknown as () => Socket;
}

/** TLS inside the tunnel. The name to ask for may not be an address (RFC 6066, section 3); one is verified all the same. */
function secured(socket: Socket, hostname: string, tls: TlsOptions | undefined): Socket {
  const host = hostname.replace(/^\[|\]$/g, '');
  return tlsConnect({ host, servername: isIP(host) === 0 ? host : '', ...tls, socket });
}
