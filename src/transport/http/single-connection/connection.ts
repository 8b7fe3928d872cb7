// One stream of server-sent events that all operations share, as a connection of the session's: GraphQL over SSE, "single
// connection mode". Losing the stream loses every operation on it.

import type {
  Capabilities,
  Closure,
  Connection,
  ConnectionEvents,
  Credentials,
  Failure,
  Handle,
  OpenContext,
  Request,
  ResponseHead,
  Sink,
} from '../../contract.js';
import { OpenError } from '../../open-error.js';
import type { AnswerContext } from '../answer.js';
import type { Exchange, HttpClient } from '../exchange.js';
import type { ResolvedHttpOptions } from '../options.js';
import { UploadBody } from '../upload-body.js';
import { EventStream, type EventStreamOwner } from './event-stream.js';
import type { OperationEvent } from './events.js';
import { closureOf, forgotten } from './failures.js';
import { SharedOperation, type SharedOperationHost } from './operation.js';
import { named, SharedRequests } from './requests.js';
import { Reservation, type ReservationOwner } from './reservation.js';
import { Stops } from './stops.js';

const nothingToCancel: Handle = { cancel: () => {} };

type Stage =
  | { readonly at: 'opening'; readonly opened: () => void; readonly refused: (error: OpenError) => void }
  | { readonly at: 'open' }
  | { readonly at: 'closing' }
  | { readonly at: 'ended' };

export class SharedConnection implements Connection, ReservationOwner, EventStreamOwner, SharedOperationHost {
  readonly capabilities: Capabilities = {
    kind: 'connection',
    operations: ['query', 'mutation', 'subscription'],
    resume: false,
    reauthenticate: true,
    idempotencyWindowMs: 0,
  };
  readonly ready: Promise<void>;
  readonly closed: Promise<Closure>;
  streamHead: ResponseHead = { status: 0, headers: {} };
  readonly answers: AnswerContext;
  readonly maxMessageBytes: number;
  readonly clock: OpenContext['clock'];
  readonly #client: HttpClient;
  readonly #events: ConnectionEvents;
  readonly #requests: SharedRequests;
  readonly #stream: EventStream;
  readonly #stops: Stops;
  /** Those that events may be for, by id. Not a Map, whose outgrown tables keep what they held. */
  #operations: Record<string, SharedOperation> = Object.create(null);
  /** Those whose requests are not over. */
  readonly #asking = new Set<SharedOperation>();
  #stage: Stage;
  /** Of the reservation, then of the stream. */
  #exchange: Exchange | undefined;
  #resolveClosed!: (closure: Closure) => void;

  /** Begins at once. */
  constructor(client: HttpClient, options: ResolvedHttpOptions, context: OpenContext, events: ConnectionEvents) {
    const { clock, limits, credentials, json = JSON } = context;
    this.#client = client;
    this.#events = events;
    this.clock = clock;
    this.answers = { place: options.place, parse: (text) => json.parse(text), now: () => clock.now() };
    this.maxMessageBytes = limits.maxMessageBytes;
    this.#requests = new SharedRequests(options, credentials.headers);
    this.#stream = new EventStream(this, clock, options.streamSilenceMs);
    this.#stops = new Stops(client, clock, limits.openTimeoutMs);
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    let stage: Stage = { at: 'ended' };
    this.ready = new Promise((opened, refused) => {
      stage = { at: 'opening', opened, refused };
    });
    this.#stage = stage;
    this.#exchange = client.send(this.#requests.reserve(), new Reservation(this));
  }

  get headers(): ResponseHead['headers'] {
    return this.streamHead.headers;
  }

  start(request: Request, sink: Sink): Handle {
    if (this.#stage.at !== 'open') return nothingToCancel;
    const { id, uploads = [] } = request;
    const asked = named(request);
    const form = uploads.length > 0 ? new UploadBody(asked, uploads) : undefined;
    const operation = new SharedOperation(request, sink, this, form);
    this.#operations[id] = operation;
    this.#asking.add(operation);
    operation.carriedBy(this.#client.send(this.#requests.operation(asked, form), operation));
    return operation;
  }

  /** The stream goes on as it was opened. */
  reauthenticate({ headers }: Credentials): void {
    this.#requests.authorise(headers);
  }

  /** With the stream the server ends whatever still runs on it. */
  close(closure: Closure, graceMs: number): Promise<void> {
    if (this.#stage.at === 'open') {
      this.#stage = { at: 'closing' };
      this.#release();
      void this.#client.close(graceMs).then(() => this.terminate(closure));
    }
    return this.closed.then(() => {});
  }

  terminate(closure: Closure): void {
    this.#end(closure);
  }

  // What the reservation and the stream tell.

  reserved(token: string): void {
    this.#exchange = this.#client.send(this.#requests.open(token), this.#stream);
  }

  refused(failure: Failure): void {
    this.#end(closureOf('peer', failure));
  }

  opened(head: ResponseHead): void {
    if (this.#stage.at !== 'opening') return;
    const { opened } = this.#stage;
    this.streamHead = head;
    this.#stage = { at: 'open' };
    opened();
  }

  streamHeard(): void {
    this.#events.heard();
  }

  /** Ids that are finished on our side may still be on their way: they concern nobody. */
  said(event: OperationEvent): void {
    this.#operations[event.id]?.hear(event);
  }

  streamLost(closure: Closure): void {
    this.#end(closure);
  }

  // What an operation needs.

  ended(operation: SharedOperation): void {
    delete this.#operations[operation.id];
  }

  released(operation: SharedOperation): void {
    this.#asking.delete(operation);
  }

  stop({ id }: SharedOperation): void {
    this.#stops.send(this.#requests.stop(id));
  }

  forgotten(operation: SharedOperation, head: ResponseHead): void {
    if (this.#stage.at !== 'open') return;
    // It must not come back to this connection.
    this.#stage = { at: 'closing' };
    const { place } = this.answers;
    operation.refuse({ ...forgotten(place, head, 'operation'), delivery: 'not-sent' });
    this.#end(closureOf('peer', forgotten(place, head, 'connection')));
  }

  /** Nothing is told any more, to nobody. */
  #release(): void {
    this.#stream.leave();
    this.#exchange?.cancel();
    this.#stops.end();
    for (const operation of [...this.#asking, ...Object.values(this.#operations)]) operation.drop();
    this.#operations = Object.create(null);
  }

  #end(closure: Closure): void {
    const { refused } = this.#stage.at === 'opening' ? this.#stage : { refused: undefined };
    this.#stage = { at: 'ended' };
    this.#release();
    this.#client.destroy();
    refused?.(new OpenError(closure.failure));
    this.#resolveClosed(closure);
  }
}
