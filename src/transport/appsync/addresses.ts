// Where the real-time side of an AppSync API is, and how one of its connections says who asks: "Building a real-time WebSocket
// client" in the AppSync Developer Guide, sections on discovering the endpoint and on the header parameter.

import type { SignableRequest } from './signature-v4.js';

/** Of what is signed and goes over a WebSocket. Signatures of the guide cover these headers. */
const signedHeaders = {
  accept: 'application/json, text/javascript',
  'content-encoding': 'amz-1.0',
  'content-type': 'application/json; charset=UTF-8',
};

/** From the address of queries and mutations. A custom domain has one host for both. */
export function realtimeAddress(address: URL): URL {
  const realtime = new URL(address);
  const host = address.hostname.replace('.appsync-api.', '.appsync-realtime-api.');
  if (host === address.hostname) realtime.pathname = `${address.pathname.replace(/\/$/, '')}/realtime`;
  else realtime.hostname = host;
  realtime.search = '';
  realtime.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return realtime;
}

/** What a connection is opened for. */
export function connectRequest(address: URL): SignableRequest {
  const url = new URL(address);
  url.pathname = `${address.pathname.replace(/\/$/, '')}/connect`;
  return { method: 'POST', url, headers: signedHeaders, body: '{}' };
}

/** `data`: what a subscription asks for. */
export function startRequest(address: URL, data: string): SignableRequest {
  return { method: 'POST', url: address, headers: signedHeaders, body: data };
}

/** The headers as AppSync wants them in a message. */
export function authorization(
  address: URL,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return { host: address.host, ...headers };
}

/** The address of one connection: it says who asks, and that there is no more to say. */
export function connectionAddress(address: URL, headers: Readonly<Record<string, string>>): string {
  const bytes = new TextEncoder().encode(JSON.stringify(authorization(address, headers)));
  const header = encodeURIComponent(btoa(String.fromCharCode(...bytes)));
  return `${realtimeAddress(address).href}?header=${header}&payload=e30=`;
}
