// The check of the options of createServer, which refuses a wrong one at once and fills in the defaults.

import { OptionError } from '../protocol/errors/option-error.js';
import { checkNumberOption, describe, refuseUnknownOptions } from '../protocol/options.js';
import { isEngine } from './execution/engine.js';
import { graphqlJs } from './execution/graphql-js.js';
import { memoryIdempotency } from './idempotency/memory.js';
import type { ResolvedOptions, ServerOptions, UploadOptions } from './options.js';
import { resolveLimits } from './server-limits.js';
import { longestWaitMs } from './timers.js';

const hooks = ['eventContext', 'principal', 'onConnect', 'onDisconnect', 'onError'] as const;

/** Each with its default and its least, ms. */
const waits = {
  initTimeoutMs: [10_000, 1],
  keepAliveMs: [12_000, 0],
  executionTimeoutMs: [30_000, 1],
  stallTimeoutMs: [30_000, 1],
  hookTimeoutMs: [10_000, 1],
  finaliseTimeoutMs: [5_000, 0],
} as const;

type Waits = { readonly [Name in keyof typeof waits]: number };

const optionNames: readonly (keyof ServerOptions)[] = [
  'schema',
  'context',
  'rootValue',
  'development',
  'engine',
  'documents',
  'idempotency',
  'allowedOrigins',
  'batching',
  'uploads',
  'statusCodes',
  'limits',
  ...hooks,
  ...(Object.keys(waits) as (keyof Waits)[]),
];

/** @throws OptionError for an unknown, missing or impossible option. */
export function resolveOptions(options: ServerOptions): ResolvedOptions {
  refuseUnknownOptions('the options of createServer', options, optionNames);
  const { schema, context, rootValue, statusCodes = '2025' } = options;
  if (typeof schema?.getQueryType !== 'function') {
    throw wrong('schema', 'a GraphQLSchema of graphql-js', schema);
  }
  if (context !== undefined && typeof context !== 'function' && (typeof context !== 'object' || context === null)) {
    throw wrong('context', 'an object or a function', context);
  }
  for (const name of hooks) {
    if (options[name] !== undefined && typeof options[name] !== 'function')
      throw wrong(name, 'a function', options[name]);
  }
  if (statusCodes !== '2025' && statusCodes !== '2026') throw wrong('statusCodes', '"2025" or "2026"', statusCodes);
  const { eventContext, principal, onConnect, onDisconnect, onError } = options;
  return {
    schema,
    context,
    rootValue,
    eventContext,
    principal,
    onConnect,
    onDisconnect,
    onError,
    development: resolveDevelopment(options.development),
    engine: resolveEngine(options.engine),
    documents: resolveDocuments(options.documents),
    idempotency: resolveIdempotency(options.idempotency),
    allowedOrigins: resolveOrigins(options.allowedOrigins),
    batchSize: resolveBatching(options.batching),
    uploads: resolveUploads(options.uploads),
    statusCodes,
    ...resolveWaits(options),
    limits: resolveLimits(options.limits ?? {}),
  };
}

function resolveWaits(options: ServerOptions): Waits {
  const entries = Object.entries(waits).map(([name, [byDefault, least]]) => {
    const value = options[name as keyof Waits];
    checkNumberOption(name, value, least, longestWaitMs);
    return [name, value ?? byDefault] as const;
  });
  return Object.fromEntries(entries) as Waits;
}

function resolveDevelopment(development: unknown): boolean {
  if (development === undefined) return globalThis.process?.env?.NODE_ENV === 'development';
  if (typeof development !== 'boolean') throw wrong('development', 'true or false', development);
  return development;
}

function resolveEngine(engine: unknown): ResolvedOptions['engine'] {
  if (engine === undefined) return graphqlJs();
  if (!isEngine(engine)) throw wrong('engine', 'what jit() returns', engine);
  return engine;
}

function resolveDocuments(documents: ServerOptions['documents']): ResolvedOptions['documents'] {
  if (documents === undefined) return undefined;
  refuseUnknownOptions('the option "documents" of createServer', documents, ['find', 'only']);
  const { find, only = false } = documents;
  if (typeof find !== 'function') throw wrong('documents.find', 'a function', find);
  if (typeof only !== 'boolean') throw wrong('documents.only', 'true or false', only);
  return { find, only };
}

function resolveIdempotency(store: ServerOptions['idempotency']): ResolvedOptions['idempotency'] {
  if (store === undefined) return memoryIdempotency();
  if (store === false) return undefined;
  if (typeof store?.begin !== 'function')
    throw wrong('idempotency', 'a store, as memoryIdempotency() makes one, or false', store);
  return store;
}

function resolveOrigins(origins: ServerOptions['allowedOrigins']): readonly string[] {
  if (origins === undefined) return [];
  if (!Array.isArray(origins)) throw wrong('allowedOrigins', 'a list of origins', origins);
  for (const origin of origins) {
    if (origin !== '*' && !isOrigin(origin)) {
      throw wrong('allowedOrigins', 'a list of origins such as "https://app.example.com", or of "*"', origin);
    }
  }
  return [...origins];
}

/**
 * A scheme and one host, and nothing else: `localhost:3000` would be a scheme, a pattern would be nobody's name, and several in one
 * text would be a name with commas.
 */
function isOrigin(origin: unknown): boolean {
  if (typeof origin !== 'string' || !/^[a-z][a-z\d+.-]*:\/\/[^/?#@*,\s]+\/?$/i.test(origin)) return false;
  return URL.canParse(origin) && new URL(origin).host !== '';
}

function resolveBatching(batching: ServerOptions['batching']): number {
  if (batching === undefined || batching === false) return 1;
  if (batching === true) return 10;
  checkNumberOption('batching', batching, 1);
  return batching;
}

function resolveUploads(uploads: ServerOptions['uploads']): ResolvedOptions['uploads'] {
  if (uploads === undefined || uploads === false) return undefined;
  const given: UploadOptions = uploads === true ? {} : uploads;
  if (typeof given !== 'object' || given === null) throw wrong('uploads', 'true, false or an object', uploads);
  refuseUnknownOptions('the option "uploads" of createServer', given, ['maxFiles', 'maxFileBytes']);
  const { maxFiles = 10, maxFileBytes = 10 * 1024 * 1024 } = given;
  checkNumberOption('uploads.maxFiles', maxFiles, 1);
  checkNumberOption('uploads.maxFileBytes', maxFileBytes, 1);
  return { maxFiles, maxFileBytes };
}

function wrong(option: string, wanted: string, value: unknown): OptionError {
  return new OptionError(option, `Option "${option}" must be ${wanted}; it is ${describe(value)}.`);
}
