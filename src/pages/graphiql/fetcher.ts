// What GraphiQL runs operations with: sessions of our own. Queries and mutations go over HTTP, subscriptions over WebSocket,
// and each run has a session for itself, because it belongs to the headers that the editor held when it began.

import { mayComeInParts, type PreparedDocument, prepareDocument, selectOperation } from '../../protocol/document.js';
import { HoldfastError } from '../../protocol/errors/holdfast-error.js';
import type { JsonObject } from '../../protocol/json.js';
import { GraphQLResultError } from '../../session/errors/graphql-result-error.js';
import type { CallOptions, SubscribeOptions } from '../../session/prepare.js';
import { createSession, type Session } from '../../session/session.js';
import type { Gap } from '../../session/subscription-event.js';
import { viaFetch } from '../../transport/fetch/index.js';
import { webSocket } from '../../transport/websocket/browser.js';

export interface Operation {
  readonly query: string;
  readonly variables?: object | undefined;
  readonly operationName?: string | null | undefined;
}

/** What GraphiQL shows: each value in place of the one before. */
export interface Observer {
  next(value: object): void;
  complete(): void;
}

export interface Observable {
  subscribe(observer: Observer): { unsubscribe(): void };
}

export type Fetcher = (
  operation: Operation,
  options?: { readonly headers?: Readonly<Record<string, string>> | undefined } | undefined,
) => Observable;

/** Runs operations at `endpoint`, for HTTP and WebSocket alike. */
export function makeFetcher(endpoint: URL): Fetcher {
  return (operation, { headers } = {}) => ({
    subscribe(observer) {
      const stop = new AbortController();
      void new Run(operation, observer, stop.signal).over(endpoint, headers);
      return { unsubscribe: () => stop.abort() };
    },
  });
}

/** Pressing the button once is asking once; whoever presses it can see how long it takes, and stop it. */
const once: CallOptions = { retry: false, deadlineMs: Number.POSITIVE_INFINITY };

class Run {
  readonly #operation: Operation;
  readonly #observer: Observer;
  readonly #signal: AbortSignal;

  constructor(operation: Operation, observer: Observer, signal: AbortSignal) {
    this.#operation = operation;
    this.#observer = observer;
    this.#signal = signal;
  }

  /** Never rejects: what goes wrong is shown, as an answer with errors. */
  async over(endpoint: URL, headers: Readonly<Record<string, string>> | undefined): Promise<void> {
    const { query } = this.#operation;
    let session: Session | undefined;
    try {
      const document = prepareDocument(query);
      const operationName = nameIn(document, this.#operation.operationName);
      const { kind } = selectOperation(document, operationName);
      const options = { signal: this.#signal, operationName };
      const subscribes = kind === 'subscription';
      session = createSession({
        transport: subscribes ? webSocket(endpoint) : viaFetch(endpoint),
        credentials: subscribes ? { connectionParams: headers } : { headers },
      });
      if (subscribes) await this.#subscribe(session, options);
      else if (mayComeInParts(query)) await this.#stream(session, { ...options, ...once });
      else await this.#call(session, { ...options, ...once });
    } catch (error) {
      this.#show(asAnswer(error));
    }
    if (!this.#signal.aborted) this.#observer.complete();
    await session?.close({ graceMs: 0 });
  }

  async #call(session: Session, options: CallOptions): Promise<void> {
    const { query, variables } = this.#operation;
    const { errors, data, extensions } = await session.result(query, variables, options);
    this.#show({ errors, data, extensions });
  }

  async #stream(session: Session, options: CallOptions): Promise<void> {
    const { query, variables } = this.#operation;
    for await (const { errors, data, extensions } of session.stream(query, variables, options)) {
      this.#show({ errors, data, extensions });
    }
  }

  async #subscribe(session: Session, options: SubscribeOptions): Promise<void> {
    const { query, variables } = this.#operation;
    session.on('state', (state) => {
      if (state.status !== 'waiting') return;
      this.#show({ waiting: { why: state.cause.message, nextAttempt: asTime(state.until) } });
    });
    for await (const event of session.subscribe(query, variables, options)) {
      if (event.type === 'gap') this.#show({ gap: readable(event.gap) });
      else if (event.type === 'snapshot') this.#show({ data: event.data });
      else this.#show({ errors: event.errors, data: event.data, extensions: event.extensions });
    }
  }

  #show(value: object): void {
    if (!this.#signal.aborted) this.#observer.next(value);
  }
}

/** GraphiQL looks for names only when nobody has typed for a moment, so the one that it gives may be gone. */
function nameIn({ operations }: PreparedDocument, given: string | null | undefined): string | undefined {
  return operations.find(({ name }) => name !== undefined && name === given)?.name;
}

function asAnswer(error: unknown): object {
  if (error instanceof GraphQLResultError) {
    return { errors: error.errors, data: error.data, extensions: error.extensions };
  }
  const { message } = error instanceof Error ? error : new Error(String(error));
  const extensions: JsonObject | undefined = error instanceof HoldfastError ? { code: error.code } : undefined;
  return { errors: [{ message, extensions }] };
}

function readable({ lostAt, liveAt, ...gap }: Gap): object {
  return { ...gap, lostAt: asTime(lostAt), liveAt: asTime(liveAt) };
}

function asTime(ms: number): string {
  return new Date(ms).toISOString();
}
