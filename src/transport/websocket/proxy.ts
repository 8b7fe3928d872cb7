// A tunnel through an HTTP proxy, made with CONNECT (RFC 9110, section 9.3.6), as the TCP connection of a WebSocket.

import { request as httpRequest } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { TunnelRefused } from './failures.js';
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
    const { hostname, port, username, password } = new URL(proxy);
    const target = new URL(address);
    const secure = target.protocol === 'wss:';
    const authority = `${target.hostname}:${target.port || (secure ? 443 : 80)}`;
    const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString(
      'base64',
    );
    const request = httpRequest({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port || 80,
      method: 'CONNECT',
      path: authority,
      agent: false,
      signal,
      headers: {
        host: authority,
        ...(username === '' ? undefined : { 'proxy-authorization': `Basic ${credentials}` }),
      },
    });
    request.once('error', created);
    request.once('connect', (response, socket) => {
      if (response.statusCode !== 200) {
        socket.destroy();
        created(new TunnelRefused(hostname, authority, response.statusCode ?? 0));
      } else {
        created(null, secure ? secured(socket, target.hostname, tls) : socket);
      }
    });
    request.end();
  };
  // Node also accepts an answer through the callback instead of the returned socket; its types know only the latter.
  return tunnel as unknown as () => Socket;
}

/** TLS inside the tunnel. The name to ask for may not be an address (RFC 6066, section 3); one is verified all the same. */
function secured(socket: Socket, hostname: string, tls: TlsOptions | undefined): Socket {
  const host = hostname.replace(/^\[|\]$/g, '');
  return tlsConnect({ host, servername: isIP(host) === 0 ? host : '', ...tls, socket });
}
