// The options of a session: what may be given, what is assumed, and the checks that refuse a wrong one at once.

import { prepareDocument } from '../protocol/document.js';
import { OptionError } from '../protocol/errors/option-error.js';
import type { JsonCodec } from '../protocol/json.js';
import { checkNumberOption, describe, refuseUnknownOptions } from '../protocol/options.js';
import type { Clock, Credentials, Lane, Limits, Route, Transport } from '../transport/contract.js';
import { type BufferBounds, type BufferOptions, defaultBuffer, resolveBuffer } from './buffer-options.js';
import { systemClock } from './clock.js';
import type { CredentialsProvider } from './credentials.js';
import { type InterceptorOptions, type ResolvedInterceptors, resolveInterceptors } from './interceptors.js';
import { type ResolvedRule, type RetryOptions, resolveRule } from './retry.js';

export interface LivenessOptions {
  /** Silence after which the peer is pinged, ms. Default 15,000. Lower notices a dead peer sooner and pings more. */
  readonly silenceMs?: number | undefined;
  /** How long the peer may take to answer before the connection is terminated, ms. Default 5,000. */
  readonly answerMs?: number | undefined;
  /** A cheap query, as in `{ __typename }`, to ask with where the platform and the subprotocol have no ping. Default: none. */
  readonly probe?: string | undefined;
}

export interface SessionOptions {
  /** How the server is reached, or by which of several ways each operation goes. One transport may serve any number of sessions. */
  readonly transport: Transport | Route;
  /** Headers and connection parameters: an object, or a function that is asked before every connection. Default: none. */
  readonly credentials?: Credentials | CredentialsProvider | undefined;
  /** When to try again: connecting, calls, subscriptions. Default: the built-in tables. */
  readonly retry?: RetryOptions | undefined;
  /** How a dead peer is noticed. `false`: not at all. Default: 15 s of silence, a ping, 5 s for the answer. */
  readonly liveness?: false | LivenessOptions | undefined;
  /** How much one subscription may hold for a slow consumer, and what happens then; also per subscription. */
  readonly buffer?: BufferOptions | undefined;
  /** What is put around calls and around each send: tracing, signing, logging. Default: nothing. */
  readonly interceptors?: InterceptorOptions | undefined;
  /** How long a call may take from being made to being answered, ms. Default 30,000; also per call. `Infinity`: no bound. */
  readonly deadlineMs?: number | undefined;
  /** Calls on the wire at one time; further ones wait their turn. Default: no bound. Subscriptions do not count. */
  readonly maxInFlight?: number | undefined;
  /** Operations that may wait for the connection or their turn; one more is refused with a QueueFullError. Default 10,000. */
  readonly maxWaiting?: number | undefined;
  /** Bounds of every connection: `openTimeoutMs` 10,000, `ackTimeoutMs` 10,000, `closeTimeoutMs` 1,000, `maxMessageBytes` 16 MiB. */
  readonly limits?: { readonly [K in keyof Limits]?: Limits[K] | undefined } | undefined;
  /**
   * Writes the variables and extensions of operations, and reads answers and events, instead of `JSON`: for numbers of any size,
   * say. Small whole numbers are to stay numbers, because the protocol has some of its own. Default: `JSON`.
   */
  readonly json?: Partial<JsonCodec> | undefined;
  /** Where time comes from. For tests; default: the platform. */
  readonly clock?: Clock | undefined;
  /** Where randomness comes from, from 0 up to 1. For tests; default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

export interface ResolvedOptions {
  /** Of the transport or route. */
  readonly name: string;
  readonly lanes: readonly [Lane, ...Lane[]];
  readonly credentials: Credentials | CredentialsProvider | undefined;
  readonly retry: {
    readonly reconnect: boolean;
    readonly connect: ResolvedRule;
    readonly execute: ResolvedRule;
    readonly subscribe: ResolvedRule;
  };
  readonly liveness:
    | { readonly silenceMs: number; readonly answerMs: number; readonly probe: string | undefined }
    | undefined;
  readonly buffer: BufferBounds;
  readonly interceptors: ResolvedInterceptors;
  readonly deadlineMs: number;
  readonly maxInFlight: number;
  readonly maxWaiting: number;
  readonly limits: Limits;
  readonly json: JsonCodec;
  readonly clock: Clock;
  readonly random: () => number;
}

const defaultExecuteAttempts = 5;

const known: readonly (keyof SessionOptions)[] = [
  'transport',
  'credentials',
  'retry',
  'liveness',
  'buffer',
  'interceptors',
  'deadlineMs',
  'maxInFlight',
  'maxWaiting',
  'limits',
  'json',
  'clock',
  'random',
];

/** Throws an OptionError for the first option that is unknown or cannot work. */
export function resolveOptions(options: SessionOptions): ResolvedOptions {
  refuseUnknownOptions('the session options', options, known);
  const lanes = resolveLanes(options.transport);
  checkNumberOption('deadlineMs', options.deadlineMs, 1);
  checkNumberOption('maxInFlight', options.maxInFlight, 1);
  checkNumberOption('maxWaiting', options.maxWaiting, 1);
  return {
    name: options.transport.name,
    lanes,
    credentials: options.credentials,
    retry: resolveRetry(options.retry),
    liveness: resolveLiveness(options.liveness),
    buffer: resolveBuffer(options.buffer, defaultBuffer),
    interceptors: resolveInterceptors(options.interceptors),
    deadlineMs: options.deadlineMs ?? 30_000,
    maxInFlight: options.maxInFlight ?? Number.POSITIVE_INFINITY,
    maxWaiting: options.maxWaiting ?? 10_000,
    limits: resolveLimits(options.limits),
    json: resolveJson(options.json),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}

const everything = (): boolean => true;

function resolveLanes(transport: Transport | Route): readonly [Lane, ...Lane[]] {
  const lanes: unknown = Object(transport).lanes;
  if (Array.isArray(lanes) && lanes.length > 0 && lanes.every(isLane)) return lanes as [Lane, ...Lane[]];
  if (isTransport(transport)) return [{ transport, takes: everything }];
  throw new OptionError(
    'transport',
    `Option "transport" must be a transport, as in webSocket('wss://example.com/graphql'); it is ${describe(transport)}.`,
  );
}

function isTransport(value: unknown): value is Transport {
  return typeof value === 'object' && value !== null && typeof (value as Transport).open === 'function';
}

function isLane(value: unknown): value is Lane {
  const { transport, takes } = Object(value);
  return isTransport(transport) && typeof takes === 'function';
}

function resolveJson(json: Partial<JsonCodec> | undefined): JsonCodec {
  if (json === undefined) return JSON;
  checkObject('json', json);
  refuseUnknownOptions('json', json, ['parse', 'stringify']);
  for (const [name, given] of Object.entries(json)) {
    if (given === undefined || typeof given === 'function') continue;
    throw new OptionError(`json.${name}`, `Option "json.${name}" must be a function; it is ${describe(given)}.`);
  }
  const { parse = JSON.parse, stringify = JSON.stringify } = json;
  return { parse: parse.bind(json), stringify: stringify.bind(json) };
}

function resolveRetry(retry: RetryOptions | undefined): ResolvedOptions['retry'] {
  checkObject('retry', retry ?? {});
  refuseUnknownOptions('retry', retry ?? {}, ['connect', 'execute', 'subscribe']);
  return {
    reconnect: retry?.connect !== false,
    connect: resolveRule('retry.connect', retry?.connect, Number.POSITIVE_INFINITY),
    execute: resolveRule('retry.execute', retry?.execute, defaultExecuteAttempts),
    subscribe: resolveRule('retry.subscribe', retry?.subscribe, Number.POSITIVE_INFINITY),
  };
}

function resolveLiveness(liveness: false | LivenessOptions | undefined): ResolvedOptions['liveness'] {
  if (liveness === false) return undefined;
  const given = liveness ?? {};
  checkObject('liveness', given);
  refuseUnknownOptions('liveness', given, ['silenceMs', 'answerMs', 'probe']);
  checkNumberOption('liveness.silenceMs', given.silenceMs, 1);
  checkNumberOption('liveness.answerMs', given.answerMs, 1);
  const probe = given.probe === undefined ? undefined : prepareDocument(given.probe).text;
  return { silenceMs: given.silenceMs ?? 15_000, answerMs: given.answerMs ?? 5_000, probe };
}

const defaultLimits: Limits = {
  openTimeoutMs: 10_000,
  ackTimeoutMs: 10_000,
  closeTimeoutMs: 1_000,
  maxMessageBytes: 16 * 2 ** 20,
};

function resolveLimits(limits: SessionOptions['limits']): Limits {
  checkObject('limits', limits ?? {});
  refuseUnknownOptions('limits', limits ?? {}, Object.keys(defaultLimits));
  for (const [name, value] of Object.entries(limits ?? {})) checkNumberOption(`limits.${name}`, value, 1);
  return {
    openTimeoutMs: limits?.openTimeoutMs ?? defaultLimits.openTimeoutMs,
    ackTimeoutMs: limits?.ackTimeoutMs ?? defaultLimits.ackTimeoutMs,
    closeTimeoutMs: limits?.closeTimeoutMs ?? defaultLimits.closeTimeoutMs,
    maxMessageBytes: limits?.maxMessageBytes ?? defaultLimits.maxMessageBytes,
  };
}

function checkObject(option: string, value: unknown): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  throw new OptionError(option, `Option "${option}" must be an object; it is ${describe(value)}.`);
}
