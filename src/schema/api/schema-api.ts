// The API at run time: its roots, and what runs documents and requests that were built before.
/// <reference lib="esnext.disposable" preserve="true" />

import type { DocumentSource } from '../../protocol/document.js';
import { OptionError } from '../../protocol/errors/option-error.js';
import { describe } from '../../protocol/options.js';
import type { OperationKind } from '../../protocol/result.js';
import type { CallResult } from '../../session/call.js';
import type { CallOptions, StreamOptions, SubscribeOptions } from '../../session/prepare.js';
import type { CloseOptions, Session } from '../../session/session.js';
import type { ResultStream } from '../../session/stream.js';
import type { StreamPart } from '../../session/stream-part.js';
import type { Subscription } from '../../session/subscription.js';
import { checkCodecs } from '../scalars/check-codecs.js';
import type { Schema } from '../schema.js';
import type { CallRoot, RequestOptions, SubscriptionRoot } from './api.js';
import { type ApiRequest, BuiltRequest } from './api-request.js';
import type { ApiOptions } from './create-api.js';
import { Decoders } from './decoders.js';
import { Documents } from './documents.js';
import { LateSource, LateSubscription } from './late-source.js';
import { Requests, refuseRequestOptions } from './requests.js';
import { callRoot, optionsFor, rootFields, subscriptionRoot } from './root-fields.js';
import * as run from './run.js';

/** A request takes its options next; a document its variables, and then its options. */
type Given<Options> =
  | readonly [ApiRequest, Options?]
  | readonly [DocumentSource<unknown, object>, (object | undefined)?, Options?];

interface Runs<Options> {
  readonly runnable: run.Runnable | Promise<run.Runnable>;
  readonly options: Options | undefined;
}

export class SchemaApi {
  readonly session: Session;
  readonly schema: Schema;
  readonly query: CallRoot;
  readonly mutation: CallRoot;
  readonly subscription: SubscriptionRoot;
  readonly #requests: Requests;
  readonly #documents: Documents;

  constructor(session: Session, schema: Schema, { scalars = {}, checkDocuments = false }: ApiOptions) {
    checkCodecs(schema.model, scalars);
    if (typeof checkDocuments !== 'boolean') {
      const given = describe(checkDocuments);
      throw new OptionError('checkDocuments', `Option "checkDocuments" must be true or false; it is ${given}.`);
    }
    const codecs = { ...schema.codecs, ...scalars };
    const decoders = new Decoders(schema.model, codecs);
    this.session = session;
    this.schema = schema;
    this.#requests = new Requests(schema, codecs, decoders);
    this.#documents = new Documents(schema, codecs, checkDocuments, decoders);
    const parts = { session, schema, requests: this.#requests };
    this.query = callRoot('query', parts);
    this.mutation = callRoot('mutation', parts);
    this.subscription = subscriptionRoot(parts);
  }

  request(kind: OperationKind, selection: unknown, options?: RequestOptions): ApiRequest {
    if (kind !== 'query' && kind !== 'mutation' && kind !== 'subscription') {
      throw new OptionError(
        'kind',
        `The kind of a request is query, mutation or subscription; it is ${describe(kind)}.`,
      );
    }
    refuseRequestOptions(options);
    rootFields(kind, this.schema);
    return this.#requests.ofSelection(kind, selection, options);
  }

  async execute(...given: Given<CallOptions>): Promise<unknown> {
    const { runnable, options } = this.#runs(given);
    return run.execute(this.session, runnable instanceof Promise ? await runnable : runnable, options);
  }

  async result(...given: Given<CallOptions>): Promise<CallResult> {
    const { runnable, options } = this.#runs(given);
    return run.result(this.session, runnable instanceof Promise ? await runnable : runnable, options);
  }

  stream(...given: Given<StreamOptions>): ResultStream<StreamPart> {
    const { runnable, options } = this.#runs(given);
    const start = (ready: run.Runnable): ResultStream<StreamPart> => run.stream(this.session, ready, options);
    return runnable instanceof Promise ? new LateSource(runnable.then((ready) => () => start(ready))) : start(runnable);
  }

  subscribe(...given: Given<SubscribeOptions>): Subscription {
    const { runnable, options } = this.#runs(given);
    const start = (ready: run.Runnable): Subscription => run.subscribe(this.session, ready, options);
    return runnable instanceof Promise
      ? new LateSubscription(runnable.then((ready) => () => start(ready)))
      : start(runnable);
  }

  #runs<Options extends RequestOptions>([first, second, third]: Given<Options>): Runs<Options> {
    if (first instanceof BuiltRequest) {
      const options = second as Options | undefined;
      const { operationName, extensions } = options ?? {};
      const isOther = operationName !== undefined || extensions !== undefined;
      const request = isOther ? first.with({ operationName, extensions }) : first;
      return { runnable: request, options: optionsFor(request, options) };
    }
    const options = third as Options | undefined;
    const runnable = this.#documents.prepare(first as DocumentSource<unknown, object>, second, options?.operationName);
    return { runnable, options };
  }
}

/** The same, and the owner of its session. */
export class OpenedSchemaApi extends SchemaApi implements AsyncDisposable {
  close(options?: CloseOptions): Promise<void> {
    return this.session.close(options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
