// The limits of a server with their defaults as the code has them, and what happens past each.

import { buildSchema } from 'graphql';
import { resolveOptions } from '../../../src/server/resolve-options.js';
import type { ServerLimits } from '../../../src/server/server-limits.js';
import { table } from '../sessions-guide/table.js';

type Wait =
  | 'initTimeoutMs'
  | 'keepAliveMs'
  | 'executionTimeoutMs'
  | 'stallTimeoutMs'
  | 'hookTimeoutMs'
  | 'finaliseTimeoutMs';

/** What it bounds, and what happens past it. */
type Words = readonly [string, string];

const limits: Readonly<Record<keyof ServerLimits, Words>> = {
  messageBytes: ['bytes of a WebSocket message, and of an HTTP body', 'close 1009; 413'],
  connections: ['WebSockets and event streams in all', '503 at the upgrade; 503'],
  connectionsPerPrincipal: ['the same of one principal', 'close 1013; 429'],
  operationsPerConnection: [
    'operations of one connection at a time; over HTTP/2, streams',
    'an error for the operation',
  ],
  messagesPerSecond: [
    'messages of one WebSocket per second, on average',
    'an error for the operation; who goes on is read more slowly',
  ],
  messageBurst: ['messages at once, after silence', 'the same'],
  idBytes: ['bytes of an operation id', 'close 4400; legacy: an error'],
  depth: ['how deep fields are nested', 'the document is refused'],
  aliases: ['aliases of one operation', 'the document is refused'],
  tokens: ['lexical tokens of a document', 'the document is refused'],
};

const waits: Readonly<Record<Wait, Words>> = {
  initTimeoutMs: ['from the open WebSocket to `connection_init`', 'close 4408'],
  keepAliveMs: [
    'silence before a sign of life; as long again without an answer',
    'the peer is dead, and its socket is ended',
  ],
  executionTimeoutMs: [
    'how long a query or mutation may run; a subscription has no bound',
    'it is answered with an error',
  ],
  stallTimeoutMs: [
    'how long a client may leave more than 1 MiB unread; its sources are paused at once',
    'close 1013; a stream over HTTP is cut',
  ],
  hookTimeoutMs: ['how long any hook may take', 'the hook has failed'],
  finaliseTimeoutMs: ['how long the `return()` of a source is waited for', 'it is let go and reported'],
};

export function drawLimits(): string {
  const options = resolveOptions({ schema: buildSchema('type Query { a: Int }') });
  const names = <Name extends string>(of: Readonly<Record<Name, Words>>): Name[] => Object.keys(of) as Name[];
  return table(
    ['option', 'default', 'what it bounds', 'past it'],
    [
      ...names(limits).map((name) => [`\`limits.${name}\``, inDigits(options.limits[name]), ...limits[name]]),
      ...names(waits).map((name) => [`\`${name}\``, inDigits(options[name]), ...waits[name]]),
    ],
  );
}

function inDigits(value: number): string {
  return value.toLocaleString('en-US');
}
