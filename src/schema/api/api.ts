// The API of a schema: roots, requests and raw documents; and what roots are where nothing is known of the schema to the
// compiler. What they are where a generated module tells it is in types/roots.ts.
/// <reference lib="esnext.disposable" preserve="true" />

import type { DocumentSource } from '../../protocol/document.js';
import type { CallResult } from '../../session/call.js';
import type { VariablesOf, VariablesThenOptions } from '../../session/call-parameters.js';
import type { CallOptions, StreamOptions, SubscribeOptions } from '../../session/prepare.js';
import type { CloseOptions, Session } from '../../session/session.js';
import type { ResultStream } from '../../session/stream.js';
import type { StreamPart, StreamPatch, StreamSnapshot } from '../../session/stream-part.js';
import type { Subscription } from '../../session/subscription.js';
import type { Schema } from '../schema.js';
import type { CallRootOf, RequestBuilderOf, SubscriptionRootOf } from '../types/roots.js';
import type { ApiRequest } from './api-request.js';

/** A selection in any of its forms, as `readSelection` takes them: nothing is known of it to the compiler. */
export type Selection = true | string | object;

/** The arguments of a root field by name. */
export type FieldArguments = Readonly<Record<string, unknown>>;

/** What is said of a request that is built and not sent. */
export type RequestOptions = Pick<CallOptions, 'operationName' | 'extensions'>;

/** A root field of queries or mutations. */
export interface CallField {
  /**
   * Runs the field and answers with its value. In `options`, `operationName` is the name that the operation is given.
   *
   * @param args Its arguments; `{}` for none.
   * @param selection What to select of its value. Default: its scalars and enums, and those of the objects in it.
   * @throws ValidationError and ScalarError before anything is sent; GraphQLResultError, whose `data` is the partial data as the
   * server sent it; ScalarError for an answer that cannot be decoded; whatever `session.execute` throws.
   */
  <T = unknown>(
    args?: FieldArguments | undefined,
    selection?: Selection | undefined,
    options?: CallOptions | undefined,
  ): Promise<T>;
  /** Builds the request and sends nothing. @throws ValidationError and ScalarError at once. */
  request<T = unknown>(
    args?: FieldArguments | undefined,
    selection?: Selection | undefined,
    options?: RequestOptions | undefined,
  ): ApiRequest<T>;
  /** The same with everything the server answered: GraphQL errors do not throw here. */
  result<T = unknown>(
    args?: FieldArguments | undefined,
    selection?: Selection | undefined,
    options?: CallOptions | undefined,
  ): Promise<CallResult<T>>;
  /** The same in parts, for `@defer` and `@stream`. @throws ValidationError and ScalarError at once. */
  stream<T = unknown>(
    args?: FieldArguments | undefined,
    selection?: Selection | undefined,
    options?: StreamOptions<'snapshot'> | undefined,
  ): ResultStream<StreamSnapshot<T>>;
  stream<T = unknown>(
    args: FieldArguments | undefined,
    selection: Selection | undefined,
    options: StreamOptions<'patch'>,
  ): ResultStream<StreamPatch<T>>;
  /** What the schema says of it. */
  readonly description: string | undefined;
}

/** A root field of subscriptions. */
export interface SubscriptionField {
  /**
   * Starts the subscription and answers with its events, whose data is the value of the field.
   *
   * @param args Its arguments; `{}` for none.
   * @param selection What to select of its value. Default: its scalars and enums, and those of the objects in it.
   * @throws ValidationError, ScalarError and OptionError at once; everything else out of the iterator.
   */
  <T = unknown>(
    args?: FieldArguments | undefined,
    selection?: Selection | undefined,
    options?: SubscribeOptions | undefined,
  ): Subscription<T>;
  /** Builds the request and sends nothing. @throws ValidationError and ScalarError at once. */
  request<T = unknown>(
    args?: FieldArguments | undefined,
    selection?: Selection | undefined,
    options?: RequestOptions | undefined,
  ): ApiRequest<T>;
  /** What the schema says of it. */
  readonly description: string | undefined;
}

/**
 * Runs several root fields in one request, mutations one after the other as they are written, and answers with an object of
 * their values. Its properties are the root fields of the schema, and nothing else.
 *
 * @throws ValidationError for a property that is no root field; SchemaError (`no-root`) where the schema has no such root.
 */
export interface CallRoot {
  <T = unknown>(selection: Selection, options?: CallOptions | undefined): Promise<T>;
  readonly [field: string]: CallField;
}

/** The same for subscriptions, of which GraphQL allows one root field at a time. */
export interface SubscriptionRoot {
  <T = unknown>(selection: Selection, options?: SubscribeOptions | undefined): Subscription<T>;
  readonly [field: string]: SubscriptionField;
}

/**
 * The API of a schema over a session. Made by `createApi`.
 *
 * @typeParam Types The `$Types` of a generated module; `unknown` where the schema is known at run time only.
 */
export interface Api<in out Types = unknown> {
  readonly session: Session;
  readonly schema: Schema<Types>;
  readonly query: CallRootOf<Types, 'query'>;
  readonly mutation: CallRootOf<Types, 'mutation'>;
  readonly subscription: SubscriptionRootOf<Types>;

  /**
   * Builds a request of any number of root fields and sends nothing.
   *
   * @throws ValidationError and ScalarError for what the schema does not allow; SchemaError (`no-root`); OptionError.
   * @example `const request = api.request('query', { 'old: books': { $args: { until: 1900 } }, authors: true })`
   */
  readonly request: RequestBuilderOf<Types>;

  /**
   * Runs a request that was built, or any document as the session does. Documents are encoded and decoded by the `scalars` of
   * the API, and checked against the schema where `checkDocuments` is on.
   */
  execute<T>(request: ApiRequest<T>, options?: CallOptions | undefined): Promise<T>;
  execute<TResult = unknown, TVariables extends object = object>(
    document: DocumentSource<TResult, TVariables>,
    ...call: VariablesThenOptions<TVariables, CallOptions>
  ): Promise<TResult>;

  /** The same with everything the server answered: GraphQL errors do not throw here. */
  result<T>(request: ApiRequest<T>, options?: CallOptions | undefined): Promise<CallResult<T>>;
  result<TResult = unknown, TVariables extends object = object>(
    document: DocumentSource<TResult, TVariables>,
    ...call: VariablesThenOptions<TVariables, CallOptions>
  ): Promise<CallResult<TResult>>;

  /** The same in parts, for `@defer` and `@stream`. */
  stream<T>(request: ApiRequest<T>, options?: StreamOptions<'snapshot'> | undefined): ResultStream<StreamSnapshot<T>>;
  stream<T>(request: ApiRequest<T>, options: StreamOptions<'patch'>): ResultStream<StreamPatch<T>>;
  stream<TResult = unknown, TVariables extends object = object>(
    document: DocumentSource<TResult, TVariables>,
    ...call: VariablesThenOptions<TVariables, StreamOptions<'snapshot'>>
  ): ResultStream<StreamSnapshot<TResult>>;
  stream<TResult = unknown, TVariables extends object = object>(
    document: DocumentSource<TResult, TVariables>,
    variables: VariablesOf<TVariables>,
    options: StreamOptions<'patch'>,
  ): ResultStream<StreamPatch<TResult>>;
  stream<TResult = unknown, TVariables extends object = object>(
    document: DocumentSource<TResult, TVariables>,
    variables: VariablesOf<TVariables>,
    options: StreamOptions,
  ): ResultStream<StreamPart<TResult>>;

  /** Starts a subscription that was built, or any document that is one. */
  subscribe<T>(request: ApiRequest<T>, options?: SubscribeOptions | undefined): Subscription<T>;
  subscribe<TResult = unknown, TVariables extends object = object>(
    document: DocumentSource<TResult, TVariables>,
    ...call: VariablesThenOptions<TVariables, SubscribeOptions>
  ): Subscription<TResult>;
}

/** An API that owns its session. Made by `openApi`. */
export interface OpenedApi<in out Types = unknown> extends Api<Types>, AsyncDisposable {
  /** Closes the session, and with it everything that runs. */
  close(options?: CloseOptions | undefined): Promise<void>;
}
