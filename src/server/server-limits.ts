// The bounds on what one peer can multiply: their meaning and defaults.

import { checkNumberOption, refuseUnknownOptions } from '../protocol/options.js';

/** Bounds on what one peer can multiply. Whole numbers, at least 1; `Infinity` is no bound, where that is said. */
export interface ServerLimits {
  /** The largest WebSocket message (then close 1009) and HTTP body (then 413), bytes. Default 1 MiB. */
  readonly messageBytes?: number | undefined;
  /** WebSockets and event streams in all (then 503). Default 10,000; may be `Infinity`. */
  readonly connections?: number | undefined;
  /**
   * WebSockets and event streams of one principal (then close 1013, over HTTP 429). Default 100; may be `Infinity`. Who is one
   * principal says the option `principal`; without it every address is one, so that behind a proxy all clients are.
   */
  readonly connectionsPerPrincipal?: number | undefined;
  /**
   * How many operations one connection may have at a time; one more is answered with an error. A session of Holdfast is told, and
   * waits. Of an HTTP/2 connection of `serve`: how many streams. Default 100.
   */
  readonly operationsPerConnection?: number | undefined;
  /**
   * Messages per second on one WebSocket, on average. An operation past it is answered with an error; who goes on is read no
   * faster. A session of Holdfast is told, and keeps to it. Default 100; may be `Infinity`.
   */
  readonly messagesPerSecond?: number | undefined;
  /**
   * How many messages may come at once, when there was silence before. Less than twice `operationsPerConnection` is too few for a
   * client whose messages were held up on the way. Default 200; may be `Infinity`.
   */
  readonly messageBurst?: number | undefined;
  /** The longest operation id, bytes of UTF-8. Default 128. */
  readonly idBytes?: number | undefined;
  /** How deep a document's fields may be nested, fragments followed. Default 15; may be `Infinity`. */
  readonly depth?: number | undefined;
  /** How many aliases one operation may use, fragments followed. Default 30; may be `Infinity`. */
  readonly aliases?: number | undefined;
  /** How many lexical tokens a document may have. Default 5,000; may be `Infinity`. */
  readonly tokens?: number | undefined;
}

export type ResolvedLimits = Readonly<Record<keyof ServerLimits, number>>;

const defaults: ResolvedLimits = {
  messageBytes: 1024 * 1024,
  connections: 10_000,
  connectionsPerPrincipal: 100,
  operationsPerConnection: 100,
  messagesPerSecond: 100,
  messageBurst: 200,
  idBytes: 128,
  depth: 15,
  aliases: 30,
  tokens: 5_000,
};

const largestMessageBytes = 2 ** 31 - 1;

/** @throws OptionError for an unknown or impossible limit. */
export function resolveLimits(limits: ServerLimits): ResolvedLimits {
  const names = Object.keys(defaults) as (keyof ServerLimits)[];
  refuseUnknownOptions('the limits of createServer', limits, names);
  const resolved: Record<keyof ServerLimits, number> = { ...defaults };
  for (const name of names) {
    const max = name === 'messageBytes' ? largestMessageBytes : Number.POSITIVE_INFINITY;
    checkNumberOption(`limits.${name}`, limits[name], 1, max);
    resolved[name] = limits[name] ?? defaults[name];
  }
  return resolved;
}
