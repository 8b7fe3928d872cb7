// The options of createServer: their meaning, bounds and defaults, and the check that refuses a wrong one at once.

import type { GraphQLSchema } from 'graphql';
import { OptionError } from '../protocol/errors/option-error.js';
import { checkNumberOption, describe, refuseUnknownOptions } from '../protocol/options.js';
import type { Hooks } from './hook-types.js';

/** Bounds on what one peer can multiply. */
export interface ServerLimits {
  /** The largest WebSocket message (then close 1009) and HTTP body (then 413), bytes. Default 1 MiB. */
  readonly messageBytes?: number | undefined;
  /** How many operations one connection may have at a time; one more is answered with an error. Default 100. */
  readonly operationsPerConnection?: number | undefined;
  /** The longest operation id, bytes of UTF-8. Default 128. */
  readonly idBytes?: number | undefined;
}

export interface ServerOptions extends Hooks {
  readonly schema: GraphQLSchema;
  /** The root value handed to root resolvers. */
  readonly rootValue?: unknown;
  /** How long a new WebSocket may take to send `connection_init`, ms, at least 1; then close 4408. Default 10,000. */
  readonly initTimeoutMs?: number | undefined;
  /**
   * After this much silence on a WebSocket, ms, the server sends a sign of life and asks for one; a peer that stays silent
   * for as long again is dead and its socket is ended. On a stream over HTTP it sends a comment, or a part that means nothing.
   * 0 turns both off: then a dead peer is noticed only by TCP. Default 12,000.
   */
  readonly keepAliveMs?: number | undefined;
  /** How long `onConnect`, `onDisconnect` and `context` may take, ms, at least 1; then they count as failed. Default 10,000. */
  readonly hookTimeoutMs?: number | undefined;
  /** How long the `return()` of a stopped event source is waited for, ms. Default 5,000. */
  readonly finaliseTimeoutMs?: number | undefined;
  readonly limits?: ServerLimits | undefined;
}

/** The same with every default filled in. */
export interface ResolvedOptions extends Hooks {
  readonly schema: GraphQLSchema;
  readonly rootValue: unknown;
  readonly initTimeoutMs: number;
  readonly keepAliveMs: number;
  readonly hookTimeoutMs: number;
  readonly finaliseTimeoutMs: number;
  readonly limits: Readonly<Record<keyof ServerLimits, number>>;
}

const optionNames: readonly (keyof ServerOptions)[] = [
  'schema',
  'context',
  'rootValue',
  'onConnect',
  'onDisconnect',
  'onError',
  'initTimeoutMs',
  'keepAliveMs',
  'hookTimeoutMs',
  'finaliseTimeoutMs',
  'limits',
];
const limitNames: readonly (keyof ServerLimits)[] = ['messageBytes', 'operationsPerConnection', 'idBytes'];

/** The longest wait that Node's timers can measure. */
export const longestWaitMs: number = 2 ** 31 - 1;

/** @throws OptionError for an unknown, missing or impossible option. */
export function resolveOptions(options: ServerOptions): ResolvedOptions {
  refuseUnknownOptions('the options of createServer', options, optionNames);
  const { schema, context, rootValue, onConnect, onDisconnect, onError } = options;
  if (typeof schema?.getQueryType !== 'function') {
    throw new OptionError(
      'schema',
      `Option "schema" must be a GraphQLSchema of graphql-js; it is ${describe(schema)}.`,
    );
  }
  if (context !== undefined && typeof context !== 'function' && (typeof context !== 'object' || context === null)) {
    throw new OptionError('context', `Option "context" must be an object or a function; it is ${describe(context)}.`);
  }
  for (const [name, hook] of Object.entries({ onConnect, onDisconnect, onError })) {
    if (hook !== undefined && typeof hook !== 'function') {
      throw new OptionError(name, `Option "${name}" must be a function; it is ${describe(hook)}.`);
    }
  }

  const { initTimeoutMs = 10_000, keepAliveMs = 12_000, hookTimeoutMs = 10_000, finaliseTimeoutMs = 5_000 } = options;
  checkNumberOption('initTimeoutMs', initTimeoutMs, 1, longestWaitMs);
  checkNumberOption('keepAliveMs', keepAliveMs, 0, longestWaitMs);
  checkNumberOption('hookTimeoutMs', hookTimeoutMs, 1, longestWaitMs);
  checkNumberOption('finaliseTimeoutMs', finaliseTimeoutMs, 0, longestWaitMs);

  return {
    schema,
    context,
    rootValue,
    onConnect,
    onDisconnect,
    onError,
    initTimeoutMs,
    keepAliveMs,
    hookTimeoutMs,
    finaliseTimeoutMs,
    limits: resolveLimits(options.limits ?? {}),
  };
}

function resolveLimits(limits: ServerLimits): ResolvedOptions['limits'] {
  refuseUnknownOptions('the limits of createServer', limits, limitNames);
  const { messageBytes = 1024 * 1024, operationsPerConnection = 100, idBytes = 128 } = limits;
  checkNumberOption('limits.messageBytes', messageBytes, 1, longestWaitMs);
  checkNumberOption('limits.operationsPerConnection', operationsPerConnection, 1);
  checkNumberOption('limits.idBytes', idBytes, 1);
  return { messageBytes, operationsPerConnection, idBytes };
}
