// One request on a dispatcher of undici: speaks undici's handler interface on one side and the seam's events on the other, and
// is silent from the moment it is cancelled.

import type { IncomingHttpHeaders } from 'node:http';
import type { Transform } from 'node:stream';
import type { Dispatcher } from 'undici';
import { Linked } from '../../protocol/linked-list.js';
import type { Failure, ResponseHead } from '../contract.js';
import type { Exchange, ExchangeEvents, HttpBody, HttpRequest } from '../http/exchange.js';
import { networkFailure } from '../http/failures.js';
import { TunnelRefused } from '../http/tunnel-refused.js';
import { codingOf, readableCodings, unpackerFor } from '../http/unpack.js';
import { UploadBody, UploadSourceError } from './body.js';
import type { Line } from './lines.js';

export interface ExchangeHost {
  /** Scheme, host and port. */
  readonly origin: string;
  /** The address as it may be shown. */
  readonly place: string;
  /** Nothing will be told of it any more, and its line is free. */
  finished(exchange: UndiciExchange): void;
}

type State =
  | { readonly kind: 'waiting'; readonly request: HttpRequest }
  | { readonly kind: 'dispatched' }
  | { readonly kind: 'started'; readonly controller: Dispatcher.DispatchController }
  | { readonly kind: 'unpacking' }
  | { readonly kind: 'failing' }
  | { readonly kind: 'over' };

const dispatched: State = { kind: 'dispatched' };
/** All of it has come. */
const unpacking: State = { kind: 'unpacking' };
const failing: State = { kind: 'failing' };
const over: State = { kind: 'over' };
/** What undici is told when a request is no longer wanted. */
const cancelled = new Error('The request was cancelled.');

export class UndiciExchange extends Linked<UndiciExchange> implements Exchange, Dispatcher.DispatchHandler {
  readonly #events: ExchangeEvents;
  readonly #host: ExchangeHost;
  #state: State;
  #line: Line | undefined;
  #upload: UploadBody | undefined;
  #coding: string | undefined;
  #unpacker: Transform | undefined;
  #paused = false;
  /** Known from the head on. */
  #pausable: boolean | undefined;

  constructor(request: HttpRequest, events: ExchangeEvents, host: ExchangeHost) {
    super();
    this.#state = { kind: 'waiting', request };
    this.#events = events;
    this.#host = host;
  }

  sendOver(line: Line): void {
    if (this.#state.kind !== 'waiting') return;
    const { request } = this.#state;
    this.#state = dispatched;
    this.#line = line;
    try {
      line.dispatcher.dispatch(this.#optionsFor(request), this);
    } catch (error) {
      this.onResponseError(undefined, error);
    }
  }

  /** It will not be sent. */
  refuse(failure: Failure): void {
    if (this.#state.kind === 'waiting') this.#fail(failure);
  }

  cancel(): void {
    const state = this.#state;
    if (state.kind === 'over') return;
    this.#state = over;
    if (state.kind === 'started') state.controller.abort(cancelled);
    this.#line?.drop();
    this.#finish();
  }

  /** Undefined where undici cannot hold back the answer. */
  get flow(): Exchange['flow'] {
    return this.#pausable === false ? undefined : this;
  }

  /** One piece that undici has already read may still come. */
  pause(): void {
    this.#paused = true;
    this.#unpacker?.pause();
    if (this.#state.kind === 'started' && this.#pausable === true) this.#state.controller.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#unpacker?.resume();
    this.#readOn();
  }

  // What undici tells.

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Thrown and not aborted: nothing was written, so the socket stays as good as it is.
    if (this.#state.kind !== 'dispatched' && this.#state.kind !== 'started') throw cancelled;
    const first = this.#state.kind === 'dispatched';
    this.#state = { kind: 'started', controller };
    if (first) this.#events.sending();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // 1xx: the answer is still to come. RFC 9110, section 15.2.
    if (this.#state.kind !== 'started' || status < 200) return;
    this.#pausable = isPausable(headers);
    if (this.#paused && this.#pausable) controller.pause();
    this.#coding = codingOf(headers['content-encoding']);
    this.#events.head({ status, headers: plainHeaders(headers) });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#state.kind !== 'started') return;
    if (this.#coding === undefined) {
      this.#events.chunk(chunk);
      return;
    }
    this.#unpacker ??= this.#unpack(this.#coding);
    if (this.#unpacker?.write(chunk) === false && this.#pausable === true) {
      controller.pause();
      this.#unpacker.once('drain', () => this.#readOn());
    }
  }

  onResponseEnd(): void {
    if (this.#state.kind !== 'started') return;
    this.#line?.free();
    this.#line = undefined;
    if (this.#unpacker === undefined) {
      this.#complete();
    } else {
      this.#state = unpacking;
      this.#unpacker.end();
    }
  }

  onResponseError(_controller: unknown, error: unknown): void {
    const { kind } = this.#state;
    if (kind !== 'dispatched' && kind !== 'started') return;
    const first = isSocketError(error) ? (this.#line?.trouble ?? error) : error;
    this.#fail(failureOf(first, kind === 'started' ? 'operation' : 'connect', this.#host.place));
  }

  /** Later: undici goes on reading within the call, which it cannot do while it is telling a piece of another answer. */
  #readOn(): void {
    queueMicrotask(() => {
      if (this.#state.kind === 'started' && !this.#paused) this.#state.controller.resume();
    });
  }

  #unpack(coding: string): Transform | undefined {
    const fail = (why: string, cause?: unknown): void => {
      if (this.#state.kind !== 'started' && this.#state.kind !== 'unpacking') return;
      const message = `The answer of ${this.#host.place} came compressed (${coding}) and could not be read: ${why}`;
      this.#fail({ code: 'protocol-error', phase: 'operation', message, cause });
    };
    const unpacker = unpackerFor(coding);
    if (unpacker === undefined) fail(`name only ${readableCodings} in the header accept-encoding.`);
    unpacker?.on('data', (bytes: Buffer) => this.#events.chunk(bytes));
    unpacker?.once('end', () => this.#complete());
    unpacker?.on('error', (error) => fail(`${error.message}.`, error));
    if (this.#paused) unpacker?.pause();
    return unpacker;
  }

  #complete(): void {
    this.#state = over;
    this.#finish();
    this.#events.end();
  }

  /** Told later, because undici refuses a request within the call that hands it over. */
  #fail(failure: Failure): void {
    const state = this.#state;
    this.#state = failing;
    if (state.kind === 'started') state.controller.abort(cancelled);
    queueMicrotask(() => {
      if (this.#state.kind !== 'failing') return;
      this.#state = over;
      this.#line?.drop();
      this.#finish();
      this.#events.failed(failure);
    });
  }

  #finish(): void {
    this.#upload?.stop();
    this.#upload = undefined;
    this.#unpacker?.destroy();
    this.#unpacker = undefined;
    this.#line = undefined;
    this.#host.finished(this);
  }

  #optionsFor({ method, path, headers: given, body }: HttpRequest): Dispatcher.DispatchOptions {
    // A copy: interceptors of a program's own may write into it.
    const headers: Record<string, string> = { ...given };
    if (typeof body === 'object' && body.length !== undefined) headers['content-length'] = String(body.length);
    return {
      origin: this.#host.origin,
      path,
      method,
      headers,
      body: typeof body === 'object' ? this.#uploadOf(body) : (body ?? null),
      // Deadlines are the session's, and silence is watched by whoever reads the stream.
      headersTimeout: 0,
      bodyTimeout: 0,
      // undici repeats what it takes for idempotent by itself. Here the session decides that.
      idempotent: false,
    };
  }

  #uploadOf(body: HttpBody): Uint8Array {
    this.#upload = new UploadBody(body);
    // undici takes any async iterable; its types know only some.
    return this.#upload as unknown as Uint8Array;
  }
}

function failureOf(error: unknown, phase: 'connect' | 'operation', place: string): Failure {
  if (error instanceof TunnelRefused) {
    const { message, status } = error;
    return { code: 'http-status', phase: 'connect', message, status, delivery: 'not-sent', cause: error };
  }
  if (error instanceof UploadSourceError) {
    const message = `The request to ${place} was given up, because what it uploads could not be read: ${error.message}`;
    return { code: 'aborted', phase: 'operation', message, cause: error.cause };
  }
  return networkFailure(error, phase, place);
}

function isSocketError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'UND_ERR_SOCKET';
}

/**
 * undici 7 fails an assertion, which ends the process, when a connection that the server will close after the answer ends
 * while it is paused. A stream of events has neither length nor announcement of an end, and is sent in chunks.
 */
function isPausable({ 'transfer-encoding': coding, connection }: IncomingHttpHeaders): boolean {
  return coding === 'chunked' && !/\bclose\b/i.test(connection ?? '');
}

/** Without cookies, which are credentials: what is kept here reaches results, errors and diagnostics. */
function plainHeaders(headers: IncomingHttpHeaders): ResponseHead['headers'] {
  const plain: Record<string, string> = {};
  for (const name in headers) {
    if (name === 'set-cookie') continue;
    const value = headers[name];
    plain[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  }
  return plain;
}
