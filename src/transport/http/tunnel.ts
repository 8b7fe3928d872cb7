// A tunnel through an HTTP proxy, made with CONNECT (RFC 9110, section 9.3.6), for Node's transports. undici has a ProxyAgent,
// which hides the status of a proxy that refuses, and connects again without end to one that hangs up.

import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { TunnelRefused } from './tunnel-refused.js';

/** `authority`: host and port to reach. Rejects as soon as `signal` is aborted. */
export function openTunnel(proxy: URL, authority: string, signal: AbortSignal): Promise<Socket> {
  const { host, hostname, port, username, password } = proxy;
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  return new Promise((resolve, reject) => {
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
    request.once('error', reject);
    request.once('connect', (response, socket) => {
      if (response.statusCode === 200) {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(new TunnelRefused(host, authority, response.statusCode ?? 0));
    });
    request.end();
  });
}
