// The options of the HTTP/1.1 transport on undici, and the checks that refuse a wrong one before anything is opened.

import { OptionError } from '../../protocol/errors/option-error.js';
import { checkNumberOption, describe, refuseUnknownOptions } from '../../protocol/options.js';
import { checkSocketPath, type ResolvedTls, resolveTls, type TlsOptions } from '../http/node-tls.js';
import {
  type HttpOptions,
  httpOptionNames,
  type ResolvedHttpOptions,
  resolveHttpOptions,
  resolveStreamSharing,
  type SharedStreamOptions,
  type StreamSharing,
  sharedStreamOptionNames,
} from '../http/options.js';

export type { TlsOptions } from '../http/node-tls.js';

/** What is used of undici's `Dispatcher`: an `Agent`, a `Pool`, a `ProxyAgent`, a `MockAgent`, in version 7 or 8. */
export interface Dispatcher {
  dispatch(options: never, handler: never): boolean;
}

export interface UndiciOptions extends HttpOptions, SharedStreamOptions {
  /**
   * How many sockets carry queries and mutations at most; calls beyond wait for one. Subscriptions have sockets of their own,
   * as many as there are. From 1. Default 64.
   */
  readonly connections?: number | undefined;
  /**
   * How long a socket is kept without use, ms, where the server announces no time of its own; else that time, less one
   * second. It should be shorter than the server's, so that no request goes into a socket that the server is closing: Node's
   * servers wait 5 s. Default 4,000.
   */
  readonly keepAliveMs?: number | undefined;
  /** Certificates and verification of `https:` addresses. Default: as Node does. */
  readonly tls?: TlsOptions | undefined;
  /** An HTTP proxy to tunnel through, as in `http://user:password@proxy:3128`. Default: none. */
  readonly proxy?: string | undefined;
  /** Path of the unix socket to connect to; the address still gives the host, path and query of requests. Default: none. */
  readonly socketPath?: string | undefined;
  /**
   * A dispatcher of the program's own, which makes and keeps the sockets. It is used and never closed, and none of the other
   * options about sockets goes with it. Default: pools that live as long as the session.
   */
  readonly dispatcher?: Dispatcher | undefined;
}

export interface ResolvedUndiciOptions {
  readonly http: ResolvedHttpOptions;
  readonly sharing: StreamSharing;
  readonly sockets: SocketOptions | InjectedDispatcher;
}

export interface SocketOptions {
  readonly dispatcher?: undefined;
  readonly connections: number;
  readonly keepAliveMs: number;
  readonly tls: ResolvedTls;
  readonly proxy: URL | undefined;
  readonly socketPath: string | undefined;
}

export interface InjectedDispatcher {
  readonly dispatcher: Dispatcher;
}

const socketOptionNames = ['connections', 'keepAliveMs', 'tls', 'proxy', 'socketPath'] as const;
const known: readonly string[] = [...httpOptionNames, ...sharedStreamOptionNames, ...socketOptionNames, 'dispatcher'];
/** The longest time that a timer of Node takes. */
const longestMs = 2 ** 31 - 1;

/** Throws an OptionError for an address or option that cannot work. */
export function resolveUndiciOptions(address: string | URL, options: UndiciOptions): ResolvedUndiciOptions {
  refuseUnknownOptions('undici()', options, known);
  const http = resolveHttpOptions(address, options);
  const sharing = resolveStreamSharing(options, http, false);
  const { dispatcher } = options;
  return { http, sharing, sockets: dispatcher === undefined ? socketOptions(options) : injected(dispatcher, options) };
}

function socketOptions(options: UndiciOptions): SocketOptions {
  const { connections = 64, keepAliveMs = 4_000, socketPath } = options;
  checkNumberOption('connections', connections, 1, 2 ** 16);
  if (!Number.isInteger(connections))
    throw new OptionError('connections', `Option "connections" must be a whole number; it is ${connections}.`);
  checkNumberOption('keepAliveMs', keepAliveMs, 1, longestMs);
  const proxy = resolveProxy(options.proxy);
  checkSocketPath(socketPath);
  if (socketPath !== undefined && proxy !== undefined) {
    throw new OptionError('socketPath', 'Options "socketPath" and "proxy" both make the connection: give one of them.');
  }
  return { connections, keepAliveMs, proxy, socketPath, tls: resolveTls(options.tls) };
}

function injected(dispatcher: unknown, options: UndiciOptions): InjectedDispatcher {
  if (!isDispatcher(dispatcher)) {
    throw new OptionError(
      'dispatcher',
      `Option "dispatcher" must be a dispatcher of undici, as in new Agent(); it is ${describe(dispatcher)}.`,
    );
  }
  const other = socketOptionNames.find((name) => options[name] !== undefined);
  if (other !== undefined) {
    throw new OptionError(
      other,
      `Options "${other}" and "dispatcher" are both about sockets: give one of them, or set it on the dispatcher.`,
    );
  }
  return { dispatcher };
}

function isDispatcher(value: unknown): value is Dispatcher {
  return typeof value === 'object' && value !== null && 'dispatch' in value && typeof value.dispatch === 'function';
}

function resolveProxy(proxy: unknown): URL | undefined {
  if (proxy === undefined) return undefined;
  const url = typeof proxy === 'string' && URL.canParse(proxy) ? new URL(proxy) : undefined;
  if (url?.protocol !== 'http:') {
    // What was given may hold a password, also where it is no address.
    throw new OptionError('proxy', 'Option "proxy" must be an http: address, as in http://user:password@proxy:3128.');
  }
  try {
    decodeURIComponent(`${url.username}:${url.password}`);
  } catch (cause) {
    throw new OptionError('proxy', 'User and password in option "proxy" must be percent-encoded, as in 100%25.', cause);
  }
  return url;
}
