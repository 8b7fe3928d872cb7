// The options that all HTTP transports share, and the checks that refuse a wrong one before anything is sent.

import { OptionError } from '../../protocol/errors/option-error.js';
import { checkHeadersOption, checkNumberOption, describe, refuseUnknownOptions } from '../../protocol/options.js';

export type StreamFormat = 'sse' | 'multipart';

/** Operations that are sent within a moment of each other go as one request, a list: for servers that take one. */
export interface BatchingOptions {
  /** How long the first one waits for others, ms; longer than the grace of `close()`, it may not be sent at all then. Default 10. */
  readonly intervalMs?: number | undefined;
  /** How many go in one request; further ones go in the next, side by side with it. From 1. Default 10. */
  readonly maxSize?: number | undefined;
}

export type ResolvedBatching = { readonly [Name in keyof BatchingOptions]-?: number };

export const defaultBatching: ResolvedBatching = { intervalMs: 10, maxSize: 10 };

export interface HttpOptions {
  /** Headers of every request, besides those of the credentials and of the call, which win. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * How queries are sent; mutations are always sent by POST. `GET` lets caches answer, and puts the variables into the
   * address, which servers and proxies log; one whose address would be longer than 2,048 characters is sent by POST. `QUERY`
   * is the HTTP method of that name, for servers that know it. Default `POST`.
   */
  readonly queryMethod?: 'POST' | 'GET' | 'QUERY' | undefined;
  /** How queries without their text are sent, which the server knows by hash or id. Default: as `queryMethod` says. */
  readonly hashedQueryMethod?: 'POST' | 'GET' | undefined;
  /**
   * In which forms subscriptions and answers in parts are asked for, the preferred one first. `['sse']` asks for subscriptions
   * with nothing but `text/event-stream`, which is all that some servers understand (graphql-sse). Default
   * `['sse', 'multipart']`.
   */
  readonly streams?: readonly StreamFormat[] | undefined;
  /**
   * How long a stream may be silent before it counts as dead and is started again, ms. Default: three times the interval of
   * the server's heartbeats and at least 15 s, as soon as two of them have come in a row; without them nothing can be told.
   */
  readonly streamSilenceMs?: number | undefined;
  /**
   * Whether queries, and mutations apart from them, are sent in batches by themselves; `true` with the defaults. Subscriptions,
   * uploads and answers in parts never are. Default: only calls with the option `batch`.
   */
  readonly batching?: boolean | BatchingOptions | undefined;
}

/** Of transports that have one connection for each stream. */
export interface SharedStreamOptions {
  /**
   * Whether all subscriptions share one stream of server-sent events instead of having one each: GraphQL over SSE, "single
   * connection mode", which the server has to know (`holdfast/server` and `graphql-sse` do). Each is asked for by a request of
   * its own; queries and mutations go by themselves as ever. Losing the stream interrupts all of them together, and one new
   * stream takes them up again. Browsers have six HTTP/1.1 connections to an origin for all tabs, so there the default is to
   * share where the server can, which is found out with the first subscription; elsewhere it is `false`.
   */
  readonly singleConnection?: boolean | undefined;
}

export const httpOptionNames: readonly (keyof HttpOptions)[] = [
  'headers',
  'queryMethod',
  'hashedQueryMethod',
  'streams',
  'streamSilenceMs',
  'batching',
];

export const sharedStreamOptionNames: readonly (keyof SharedStreamOptions)[] = ['singleConnection'];

/** Whether subscriptions share one stream: where `possible` means that a server which cannot is asked for several. */
export type StreamSharing = 'always' | 'possible' | 'never';

/** What an HTTP transport reaches, and how. */
export interface ResolvedHttpOptions {
  readonly address: URL;
  /** The address as it may be shown: without user, password and query. */
  readonly place: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly queryMethod: 'POST' | 'GET' | 'QUERY';
  readonly hashedQueryMethod: 'POST' | 'GET' | 'QUERY';
  readonly streams: readonly StreamFormat[];
  readonly streamSilenceMs: number | undefined;
  readonly batching: ResolvedBatching | undefined;
}

/** Throws an OptionError for an address or option that cannot work. Names that it does not know are the caller's to refuse. */
export function resolveHttpOptions(address: string | URL, options: HttpOptions): ResolvedHttpOptions {
  const url = resolveAddress(address);
  checkHeadersOption('headers', options.headers);
  checkChoice('queryMethod', options.queryMethod, ['POST', 'GET', 'QUERY']);
  checkChoice('hashedQueryMethod', options.hashedQueryMethod, ['POST', 'GET']);
  checkNumberOption('streamSilenceMs', options.streamSilenceMs, 1);
  const { queryMethod = 'POST', streams = ['sse', 'multipart'] } = options;
  checkStreams(streams);
  return {
    address: url,
    place: `${url.protocol}//${url.host}${url.pathname}`,
    headers: { ...inLowerCase(options.headers), ...basicAuthorization(url) },
    queryMethod,
    hashedQueryMethod: options.hashedQueryMethod ?? queryMethod,
    streams,
    streamSilenceMs: options.streamSilenceMs,
    batching: resolveBatching(options.batching),
  };
}

/** `inBrowser`: connections are few. Throws an OptionError for an option that cannot work. */
export function resolveStreamSharing(
  { singleConnection }: SharedStreamOptions,
  { streams }: ResolvedHttpOptions,
  inBrowser: boolean,
): StreamSharing {
  if (singleConnection !== undefined && typeof singleConnection !== 'boolean') {
    const message = `Option "singleConnection" must be true or false; it is ${describe(singleConnection)}.`;
    throw new OptionError('singleConnection', message);
  }
  const sse = streams.includes('sse');
  if (singleConnection === true && !sse) {
    const message = 'Option "singleConnection" asks for server-sent events, and option "streams" leaves them out.';
    throw new OptionError('singleConnection', message);
  }
  if (singleConnection === undefined) return inBrowser && sse ? 'possible' : 'never';
  return singleConnection ? 'always' : 'never';
}

export function inLowerCase(headers: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const lower: Record<string, string> = {};
  for (const name in headers) lower[name.toLowerCase()] = headers[name] ?? '';
  return lower;
}

function resolveAddress(address: unknown): URL {
  let url: URL;
  try {
    url = new URL(address as string | URL);
  } catch {
    // The platform's own error repeats the whole text, which may hold credentials.
    const shown = typeof address === 'string' ? address.replace(/^.*@/s, '...@').replace(/[?#].*$/s, '') : address;
    throw new OptionError(
      'address',
      `Option "address" is not a URL: ${describe(shown)}. An example: https://example.com/graphql`,
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new OptionError('address', `The address must begin with http: or https:; it begins with "${url.protocol}".`);
  }
  url.hash = '';
  return url;
}

/** User and password of an address are sent as browsers and curl do. RFC 7617. */
function basicAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const bytes = new TextEncoder().encode(decoded(`${username}:${password}`));
  return { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
}

function decoded(credentials: string): string {
  try {
    return decodeURIComponent(credentials);
  } catch (cause) {
    const message = 'User and password in the address must be percent-encoded UTF-8, as in 100%25.';
    throw new OptionError('address', message, cause);
  }
}

function resolveBatching(batching: unknown): ResolvedBatching | undefined {
  if (batching === undefined || batching === false) return undefined;
  if (batching === true) return defaultBatching;
  if (typeof batching !== 'object' || batching === null) {
    const message = `Option "batching" must be true, false or { intervalMs, maxSize }; it is ${describe(batching)}.`;
    throw new OptionError('batching', message);
  }
  refuseUnknownOptions('batching', batching, Object.keys(defaultBatching));
  const { intervalMs = defaultBatching.intervalMs, maxSize = defaultBatching.maxSize } = batching as BatchingOptions;
  checkNumberOption('batching.intervalMs', intervalMs, 0, 60_000);
  checkNumberOption('batching.maxSize', maxSize, 1);
  return { intervalMs, maxSize };
}

function checkChoice(option: string, value: unknown, choice: readonly string[]): void {
  if (value === undefined || choice.some((known) => known === value)) return;
  throw new OptionError(option, `Option "${option}" must be one of ${choice.join(', ')}; it is ${describe(value)}.`);
}

function checkStreams(streams: unknown): void {
  const known: readonly unknown[] = ['sse', 'multipart'];
  if (Array.isArray(streams) && streams.length > 0 && streams.every((format) => known.includes(format))) return;
  throw new OptionError('streams', 'Option "streams" must be a list with "sse", "multipart" or both.');
}
