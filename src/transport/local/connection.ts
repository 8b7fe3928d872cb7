// One connection within the process: hands requests to the executor with the session's credentials, and knows what runs and
// what is still being closed, so that it can end with nothing left behind. Only its session ends it.

import type { ExecutionContext, Executor } from '../../protocol/executor.js';
import type { JsonObject } from '../../protocol/json.js';
import { writeDown } from '../../protocol/json-text.js';
import type {
  Capabilities,
  Closure,
  Connection,
  ConnectionEvents,
  Credentials,
  Handle,
  OpenContext,
  Request,
  Sink,
} from '../contract.js';
import { refuseUploads } from '../http/refuse-uploads.js';
import { LocalOperation, type OperationHost } from './operation.js';
import { Turns } from './turns.js';

/** A pool: opening costs nothing, no operation's failure concerns another one, and there is no peer to be asked whether it lives. */
const capabilities: Capabilities = {
  kind: 'pool',
  operations: ['query', 'mutation', 'subscription'],
  resume: false,
  reauthenticate: true,
  idempotencyWindowMs: 0,
};

const nothingToCancel: Handle = { cancel: () => {} };

type Headers = Readonly<Record<string, string>>;

type Stage =
  | { readonly at: 'open' }
  /** Everything was told to stop: what the executor still holds has until then to be released. */
  | { readonly at: 'closing'; readonly cancelTimer: () => void }
  | { readonly at: 'ended' };

export class LocalConnection implements Connection, OperationHost {
  readonly capabilities: Capabilities = capabilities;
  readonly closed: Promise<Closure>;
  readonly turns: Turns;
  readonly maxMessageBytes: number;
  readonly parse: (text: string) => unknown;
  readonly #executor: Executor;
  readonly #context: OpenContext;
  readonly #events: ConnectionEvents;
  #headers: Headers = {};
  #connectionParams: JsonObject | undefined;
  /** The application's own room, one per connection. */
  readonly #room: Record<string, unknown> = {};
  readonly #operations = new Set<LocalOperation>();
  /** What the executor has not given back: executions that run, and sources that are being closed. */
  readonly #held = new Set<Promise<void>>();
  #stage: Stage = { at: 'open' };
  #resolveClosed!: (closure: Closure) => void;

  constructor(executor: Executor, context: OpenContext, events: ConnectionEvents) {
    const { clock, limits, credentials, json = JSON } = context;
    this.#executor = executor;
    this.#context = context;
    this.#events = events;
    this.reauthenticate(credentials);
    this.turns = new Turns(clock);
    this.maxMessageBytes = limits.maxMessageBytes;
    this.parse = (text) => json.parse(text);
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
  }

  start(request: Request, sink: Sink): Handle {
    if (this.#stage.at !== 'open') return nothingToCancel;
    if (request.uploads?.length) return refuseUploads(sink, 'a session within the process');
    const operation = new LocalOperation(request, sink, this);
    this.#operations.add(operation);
    this.hold(operation.run());
    return operation;
  }

  reauthenticate({ headers, connectionParams }: Credentials): void {
    this.#headers = inLowerCase(headers);
    this.#connectionParams = writeDown('connectionParams', connectionParams)?.value;
  }

  close(closure: Closure, graceMs: number): Promise<void> {
    if (this.#stage.at === 'open') {
      const cancelTimer = this.#context.clock.setTimer(graceMs, () => this.#end(closure));
      this.#stage = { at: 'closing', cancelTimer };
      this.#stopAll();
      void Promise.allSettled(this.#held).then(() => this.#end(closure));
    }
    return this.closed.then(() => {});
  }

  terminate(closure: Closure): void {
    this.#stopAll();
    this.#end(closure);
  }

  // What one operation needs.

  execute(request: Request, signal: AbortSignal): ReturnType<Executor['execute']> {
    const { query, documentId, operationName, variables, extensions, headers } = request;
    const context: ExecutionContext = {
      signal,
      headers: headers === undefined ? this.#headers : { ...this.#headers, ...inLowerCase(headers) },
      connectionParams: this.#connectionParams,
      connection: this.#room,
    };
    return this.#executor.execute(
      { query, documentId, operationName, variables: variables?.value, extensions: extensions?.value },
      context,
    );
  }

  heard(): void {
    this.#events.heard();
  }

  hold(released: Promise<void>): void {
    this.#held.add(released);
    void released.finally(() => this.#held.delete(released));
  }

  ended(operation: LocalOperation): void {
    this.#operations.delete(operation);
  }

  #stopAll(): void {
    for (const operation of [...this.#operations]) operation.cancel();
    this.turns.end();
  }

  #end(closure: Closure): void {
    if (this.#stage.at === 'closing') this.#stage.cancelTimer();
    this.#stage = { at: 'ended' };
    this.#resolveClosed(closure);
  }
}

function inLowerCase(headers: Headers | undefined): Headers {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
