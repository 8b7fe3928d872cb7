// The options of the WebSocket transport, and the checks that refuse a wrong one before anything is opened.

import type { Agent } from 'node:http';
import type { Subprotocol } from '../../protocol/dialects/dialect.js';
import { subprotocols } from '../../protocol/dialects/index.js';
import { OptionError } from '../../protocol/errors/option-error.js';
import type { JsonObject } from '../../protocol/json.js';
import { checkHeadersOption, describe, refuseUnknownOptions } from '../../protocol/options.js';
import type { TlsOptions } from '../http/node-tls.js';

export type { TlsOptions } from '../http/node-tls.js';

export interface WebSocketOptions {
  /** Which subprotocols are offered, in order. Default: `graphql-transport-ws`, then the legacy `graphql-ws`. */
  readonly protocols?: readonly Subprotocol[] | undefined;
  /** What to speak with a server that selects no subprotocol. Default: such a server is refused. */
  readonly assume?: Subprotocol | undefined;
  /** Headers of the upgrade, besides those of the credentials. Node only. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** An agent of `node:http(s)`, which makes the TCP connection. Node only. */
  readonly agent?: Agent | undefined;
  /** Certificates and verification of `wss:`. Node only. */
  readonly tls?: TlsOptions | undefined;
  /** An HTTP proxy to tunnel through, as in `http://user:password@proxy:3128`. Node only. Default: none. */
  readonly proxy?: string | undefined;
  /** permessage-deflate. Costs memory and CPU for each connection. Node only. Default false. */
  readonly compression?: boolean | undefined;
  /** Another implementation of the platform's WebSocket. Default: `globalThis.WebSocket`; in Node the package `ws`. */
  readonly WebSocket?: WebSocketConstructor | undefined;
  /** Answers the server's pings instead of the built-in pong, which returns the payload. */
  readonly onPing?: ((ping: ServerPing) => void) | undefined;
}

/** A ping of the server, for a program that answers by itself. */
export interface ServerPing {
  readonly payload: JsonObject | undefined;
  /** Sends a pong. Does nothing once the connection has ended. */
  answer(payload?: JsonObject | undefined): void;
}

/** What is used of the platform's WebSocket (WHATWG). */
export type WebSocketConstructor = new (address: string, protocols: string[]) => PlatformWebSocket;

export interface PlatformWebSocket {
  readonly protocol: string;
  readonly bufferedAmount: number;
  readonly readyState: number;
  binaryType: string;
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

const known: readonly (keyof WebSocketOptions)[] = [
  'protocols',
  'assume',
  'headers',
  'agent',
  'tls',
  'proxy',
  'compression',
  'WebSocket',
  'onPing',
];
/** What a WebSocket of the platform gives no way to set: why, and what to do instead. */
const nodeOnly = {
  headers: 'sends no headers of a program\'s own. Put credentials into "connectionParams"',
  agent: 'makes its connection itself. Leave the option out',
  tls: 'verifies certificates itself. Add a CA of your own where the platform keeps its trusted ones',
  proxy: 'goes through the proxy that the platform is set to. Set it there',
  compression: 'offers compression by itself, and the server decides. Switch it on or off there',
} as const;
const nodeOnlyNames = Object.keys(nodeOnly) as (keyof typeof nodeOnly)[];

export interface ResolvedWebSocketOptions extends WebSocketOptions {
  readonly address: string;
  readonly protocols: readonly Subprotocol[];
}

/** Throws an OptionError for an address or option that cannot work, anywhere or in a browser. */
export function resolveWebSocketOptions(
  address: string | URL,
  options: WebSocketOptions,
  place: 'node' | 'browser' = 'node',
): ResolvedWebSocketOptions {
  refuseUnknownOptions('webSocket()', options, known);
  const protocols = options.protocols ?? subprotocols;
  if (!Array.isArray(protocols) || protocols.length === 0) {
    throw new OptionError(
      'protocols',
      `Option "protocols" must be a list with at least one of ${subprotocols.join(', ')}.`,
    );
  }
  for (const protocol of protocols) checkProtocol('protocols', protocol);
  checkHeadersOption('headers', options.headers);
  if (options.assume !== undefined) checkAssume(options.assume, protocols);
  if (options.WebSocket !== undefined) checkWebSocketClass(options.WebSocket);
  if (options.WebSocket !== undefined || place === 'browser') refuseNodeOnly(options, place);
  if (options.proxy !== undefined) checkProxy(options.proxy, options.agent);
  return { ...options, protocols, address: resolveAddress(address) };
}

function checkWebSocketClass(given: unknown): void {
  if (typeof given === 'function') return;
  const message = `Option "WebSocket" must be a class with the face of the platform's WebSocket; it is ${describe(given)}.`;
  throw new OptionError('WebSocket', message);
}

function refuseNodeOnly(options: WebSocketOptions, place: 'node' | 'browser'): void {
  const name = nodeOnlyNames.find((one) => options[one] !== undefined);
  if (name === undefined) return;
  const otherwise = place === 'node' ? ', or leave out the option "WebSocket": Node\'s own takes it' : '';
  const message = `Option "${name}" cannot be honoured by a WebSocket of the platform, which ${nodeOnly[name]}${otherwise}.`;
  throw new OptionError(name, message);
}

/** `ws:` and `wss:` as they are; `http:` becomes `ws:`, `https:` becomes `wss:`. */
function resolveAddress(address: string | URL): string {
  const url = parseUrl('address', address, 'wss://example.com/graphql');
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.protocol === 'https:') url.protocol = 'wss:';
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') {
    throw new OptionError(
      'address',
      `The address must begin with ws:, wss:, http: or https:; it begins with "${url.protocol}".`,
    );
  }
  // A fragment has no meaning for a WebSocket, and the platform refuses it (RFC 6455, section 3).
  url.hash = '';
  return url.href;
}

function checkProxy(proxy: unknown, agent: unknown): void {
  const url = parseUrl('proxy', proxy, 'http://proxy:3128');
  if (url.protocol !== 'http:')
    throw new OptionError('proxy', `Option "proxy" must be an http: address; it begins with "${url.protocol}".`);
  if (agent !== undefined)
    throw new OptionError('proxy', 'Options "proxy" and "agent" both make the TCP connection: give one of them.');
  try {
    decodeURIComponent(`${url.username}:${url.password}`);
  } catch (cause) {
    throw new OptionError('proxy', 'User and password in option "proxy" must be percent-encoded, as in 100%25.', cause);
  }
}

function parseUrl(option: string, value: unknown, example: string): URL {
  try {
    return new URL(value as string | URL);
  } catch {
    // The platform's own error repeats the whole text, so it is no cause of this one.
    const shown = typeof value === 'string' ? withoutSecrets(value) : value;
    throw new OptionError(option, `Option "${option}" is not a URL: ${describe(shown)}. An example: ${example}`);
  }
}

/** What is no URL, without what would be user, password and query of one. */
function withoutSecrets(text: string): string {
  return text.replace(/^.*@/s, '...@').replace(/[?#].*$/s, '');
}

function checkAssume(assume: unknown, offered: readonly unknown[]): void {
  checkProtocol('assume', assume);
  if (offered.includes(assume)) return;
  const message = `Option "assume" holds ${describe(assume)}, which option "protocols" does not offer: name it in both.`;
  throw new OptionError('assume', message);
}

function checkProtocol(option: string, protocol: unknown): void {
  if (subprotocols.some((known) => known === protocol)) return;
  throw new OptionError(
    option,
    `Option "${option}" holds ${describe(protocol)}; it may hold ${subprotocols.join(' and ')}.`,
  );
}
