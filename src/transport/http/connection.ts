// GraphQL over HTTP as a connection of the session's: a pool, where every request stands for itself, or one connection of
// HTTP/2 that carries them all. Hands operations to the client of HTTP, and ends with nothing left behind.

import { createBodyReader } from '../../protocol/http/body-reader.js';
import type { BodyReader } from '../../protocol/http/outcome.js';
import { LinkedList } from '../../protocol/linked-list.js';
import type {
  Capabilities,
  Closure,
  Connection,
  ConnectionEvents,
  Credentials,
  Handle,
  OpenContext,
  OperationRequest,
  Request,
  ResponseHead,
  Sink,
} from '../contract.js';
import { withAdvertised } from './advertisement.js';
import type { AnswerContext } from './answer.js';
import { Batcher, type BatcherOwner } from './batcher.js';
import { RequestEncoder } from './encode.js';
import type { Exchange, ExchangeEvents, HttpClient } from './exchange.js';
import { HttpOperation, type OperationHost } from './operation.js';
import type { ResolvedHttpOptions } from './options.js';
import { StreamWatch } from './stream-watch.js';
import { UploadBody } from './upload-body.js';

const nothingToCancel: Handle = { cancel: () => {} };

export class HttpConnection implements Connection, OperationHost, BatcherOwner {
  readonly closed: Promise<Closure>;
  readonly ping: (() => void) | undefined;
  readonly answers: AnswerContext;
  readonly maxMessageBytes: number;
  readonly #client: HttpClient;
  readonly #options: ResolvedHttpOptions;
  readonly #context: OpenContext;
  readonly #events: ConnectionEvents;
  readonly #encoder: RequestEncoder;
  readonly #operations = new LinkedList<HttpOperation>();
  readonly #batcher: Batcher;
  #capabilities: Capabilities;
  #open = true;
  #resolveClosed!: (closure: Closure) => void;

  constructor(client: HttpClient, options: ResolvedHttpOptions, context: OpenContext, events: ConnectionEvents) {
    const { clock, limits, credentials, json = JSON } = context;
    this.#client = client;
    this.#options = options;
    this.#context = context;
    this.#events = events;
    this.#encoder = new RequestEncoder(options, credentials.headers);
    this.answers = { place: options.place, parse: (text) => json.parse(text), now: () => clock.now() };
    this.maxMessageBytes = limits.maxMessageBytes;
    this.#batcher = new Batcher(options.batching, clock, this);
    this.ping = client.ping;
    this.#capabilities = {
      kind: client.ended === undefined ? 'pool' : 'connection',
      operations: ['query', 'mutation', 'subscription'],
      resume: false,
      reauthenticate: true,
      idempotencyWindowMs: 0,
    };
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    void client.ended?.then((closure) => this.#end(closure));
  }

  get capabilities(): Capabilities {
    return this.#capabilities;
  }

  start(request: Request, sink: Sink): Handle {
    if (!this.#open) return nothingToCancel;
    if (this.#batcher.takes(request)) return this.#batcher.add(request, sink);
    const { uploads = [] } = request;
    const form = uploads.length > 0 ? new UploadBody(request, uploads) : undefined;
    const operation = new HttpOperation(request, sink, this, form);
    this.#operations.add(operation);
    const encoder = this.#encoder;
    const sent = form === undefined ? encoder.encode(request) : encoder.encodeForm(request, form);
    operation.carriedBy(this.#client.send(sent, operation));
    return operation;
  }

  reauthenticate(credentials: Credentials): void {
    this.#encoder.authorise(credentials.headers);
  }

  /** The session closes a connection when nothing runs on it that anybody still wants. */
  close(closure: Closure, graceMs: number): Promise<void> {
    if (this.#open) {
      this.#open = false;
      this.#cancelAll();
      void this.#client.close(graceMs).then(() => this.#resolveClosed(closure));
    }
    return this.closed.then(() => {});
  }

  terminate(closure: Closure): void {
    this.#end(closure);
    this.#client.destroy();
  }

  // What one operation needs.

  heard(): void {
    this.#events.heard();
  }

  answering(head: ResponseHead): void {
    this.#events.heard();
    this.#capabilities = withAdvertised(this.#capabilities, head);
  }

  readerFor(head: ResponseHead, request: Request): BodyReader | undefined {
    const contentType = head.headers['content-type'];
    // Nearly every answer is JSON.
    if (contentType === undefined || contentType.startsWith('application/')) return undefined;
    return createBodyReader({
      contentType,
      subscription: request.kind === 'subscription',
      maxMessageBytes: this.maxMessageBytes,
      parse: this.answers.parse,
    });
  }

  watch(silent: (ms: number) => void): StreamWatch {
    return new StreamWatch(this.#context.clock, this.#options.streamSilenceMs, silent);
  }

  /** A batch, under the headers of the first of its entries. */
  send(request: OperationRequest, body: string, events: ExchangeEvents): Exchange {
    return this.#client.send(this.#encoder.encodeBatch(request, body), events);
  }

  ended(operation: HttpOperation): void {
    this.#operations.delete(operation);
  }

  #cancelAll(): void {
    this.#batcher.cancelAll();
    for (const operation of [...this.#operations]) operation.cancel();
  }

  /** Nobody is told anything any more: the session decides by how the connection ended. */
  #end(closure: Closure): void {
    this.#open = false;
    this.#cancelAll();
    this.#resolveClosed(closure);
  }
}
