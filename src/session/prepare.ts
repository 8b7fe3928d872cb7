// Turns what a caller passes into what the session keeps: documents prepared, options checked, before anything is sent.

import { type DocumentSource, type PreparedDocument, prepareDocument, selectOperation } from '../protocol/document.js';
import { DocumentError } from '../protocol/errors/document-error.js';
import { OptionError } from '../protocol/errors/option-error.js';
import type { JsonObject } from '../protocol/json.js';
import { writeDown } from '../protocol/json-text.js';
import { checkHeadersOption, checkNumberOption, describe, refuseUnknownOptions } from '../protocol/options.js';
import { writeVariables } from '../protocol/upload/write-variables.js';
import type { OperationRequest } from '../transport/contract.js';
import { type BufferBounds, type BufferOptions, resolveBuffer } from './buffer-options.js';
import type { ResolvedOptions } from './options.js';
import { type ResolvedRule, type RetryRule, resolveRule } from './retry.js';
import type { StreamForm } from './stream-part.js';

interface SharedOptions {
  /** Aborting it ends the operation at once, here and on the server. */
  readonly signal?: AbortSignal | undefined;
  /** Headers of this request, where the transport sends headers with requests; a WebSocket has none to send. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** GraphQL's `extensions`, sent as they are. */
  readonly extensions?: JsonObject | undefined;
  /** Which operation of the document to run. Needed where it holds several. */
  readonly operationName?: string | undefined;
  /** Instead of the session's rule; `false`: never sent twice. */
  readonly retry?: false | RetryRule | undefined;
}

export interface CallOptions extends SharedOptions {
  /** From the call to its answer, waiting for the connection included, ms. Default: the session's. `Infinity`: no bound. */
  readonly deadlineMs?: number | undefined;
  /** Under this key a server that honours keys runs the mutation at most once. */
  readonly idempotencyKey?: string | undefined;
  /**
   * Calls of one turn with the same text here go in one request over HTTP, for servers that take lists. Each keeps its own
   * deadline, signal, retries and outcome. Other transports send them one by one on their one connection.
   */
  readonly batch?: string | undefined;
}

/** `As`: how the parts are wanted. */
export interface StreamOptions<As extends StreamForm = StreamForm> extends CallOptions {
  /**
   * What each part is: `snapshot`, the whole answer so far, of which a slow consumer gets the newest; or `patch`, what was
   * added, in the order in which it came, for at most as many as the session's `buffer` holds. Default `snapshot`.
   */
  readonly as?: As | undefined;
}

export interface SubscribeOptions extends SharedOptions {
  /** Instead of the session's; what is left out stays the session's. */
  readonly buffer?: BufferOptions | undefined;
}

const sharedOptions = ['signal', 'headers', 'extensions', 'operationName', 'retry'] as const;
const subscribeOptions: readonly string[] = [...sharedOptions, 'buffer'];
const callOptions: readonly string[] = [...sharedOptions, 'deadlineMs', 'idempotencyKey', 'batch'];
const streamOptions: readonly string[] = [...callOptions, 'as'];

export interface Prepared {
  readonly request: OperationRequest;
  readonly rule: ResolvedRule;
}

export interface PreparedStream extends Prepared {
  readonly as: StreamForm;
}

export interface PreparedSubscription extends Prepared {
  readonly buffer: BufferBounds;
}

/** Throws a DocumentError or OptionError for what cannot be run as a query or mutation. */
export function prepareCall(
  document: DocumentSource,
  variables: object | undefined,
  options: CallOptions | undefined,
  session: ResolvedOptions,
): Prepared {
  if (options !== undefined) {
    refuseUnknownOptions('the options of a call', options, callOptions);
    checkNumberOption('deadlineMs', options.deadlineMs, 0);
    checkTextOption('idempotencyKey', options.idempotencyKey);
    checkTextOption('batch', options.batch);
  }
  const request = requestOf(prepareDocument(document), variables, options, session);
  if (request.kind === 'subscription') {
    throw new DocumentError(
      'This document is a subscription: run it with session.subscribe(), which answers with its events.',
    );
  }
  return { request, rule: ruleOf(options, session.retry.execute) };
}

/** The same for what cannot be run as a stream of parts. */
export function prepareStream(
  document: DocumentSource,
  variables: object | undefined,
  options: StreamOptions | undefined,
  session: ResolvedOptions,
): PreparedStream {
  if (options !== undefined) refuseUnknownOptions('the options of a stream', options, streamOptions);
  const { as = 'snapshot', ...call } = options ?? {};
  if (as !== 'snapshot' && as !== 'patch') {
    throw new OptionError('as', `Option "as" must be "snapshot" or "patch"; it is ${describe(as)}.`);
  }
  const { request, rule } = prepareCall(document, variables, call, session);
  // Of a document that is run by its id alone there is no text that would say so.
  return { request: request.query === '' ? { ...request, incremental: true } : request, rule, as };
}

/** Throws a DocumentError or OptionError for what cannot be run as a subscription. */
export function prepareSubscription(
  document: DocumentSource,
  variables: object | undefined,
  options: SubscribeOptions | undefined,
  session: ResolvedOptions,
): PreparedSubscription {
  if (options !== undefined) refuseUnknownOptions('the options of a subscription', options, subscribeOptions);
  const request = requestOf(prepareDocument(document), variables, options, session);
  if (request.kind !== 'subscription') {
    throw new DocumentError(
      `This document is a ${request.kind}: run it with session.execute(), session.result() or session.stream().`,
    );
  }
  const buffer = resolveBuffer(options?.buffer, session.buffer);
  return { request, rule: ruleOf(options, session.retry.subscribe), buffer };
}

function requestOf(
  document: PreparedDocument,
  variables: object | undefined,
  options: SharedOptions | undefined,
  { json }: ResolvedOptions,
): OperationRequest {
  if (variables !== undefined && (typeof variables !== 'object' || variables === null || Array.isArray(variables))) {
    throw new OptionError(
      'variables',
      `Variables must be an object of values by name; they are ${describe(variables)}.`,
    );
  }
  checkSignal(options?.signal);
  checkHeadersOption('headers', options?.headers);
  const { kind, name } = selectOperation(document, options?.operationName);
  const written = writeVariables(variables, json);
  return {
    kind,
    query: document.text,
    documentId: document.documentId,
    operationName: name,
    variables: written.variables,
    extensions: writeDown('extensions', options?.extensions, json),
    headers: options?.headers,
    uploads: written.uploads,
    batch: (options as CallOptions | undefined)?.batch,
  };
}

function checkTextOption(option: string, value: unknown): void {
  if (value === undefined || typeof value === 'string') return;
  throw new OptionError(option, `Option "${option}" must be text; it is ${describe(value)}.`);
}

/** Throws an OptionError unless `signal` is undefined or an AbortSignal. */
export function checkSignal(signal: unknown): void {
  if (signal === undefined || (typeof signal === 'object' && signal !== null && 'aborted' in signal)) return;
  throw new OptionError('signal', `Option "signal" must be an AbortSignal; it is ${describe(signal)}.`);
}

function ruleOf(options: SharedOptions | undefined, rule: ResolvedRule): ResolvedRule {
  return options?.retry === undefined ? rule : resolveRule('retry', options.retry, rule.attempts);
}
