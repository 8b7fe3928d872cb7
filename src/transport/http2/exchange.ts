// One request on its stream: RFC 9113, section 8.1. It waits until a stream is free, is handed to Node, and tells what comes
// back; an answer is complete only with the peer's END_STREAM. One object for each request, and listeners that all share.

import { type ClientHttp2Session, type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2';
import { Duplex, type Transform } from 'node:stream';
import { Linked } from '../../protocol/linked-list.js';
import type { Failure } from '../contract.js';
import type { Exchange, ExchangeEvents, HttpRequest } from '../http/exchange.js';
import { codingOf, readableCodings, unpackerFor } from '../http/unpack.js';
import { sendBody } from './body.js';
import { bodyFailure, notSent, packedFailure, refusedStream, resetStream, unsendable } from './failures.js';
import { type Origin, requestHeaders, responseHead } from './headers.js';

export interface ExchangeOwner {
  readonly place: string;
  readonly origin: Origin;
  /** The connection itself has ended, which says all there is to say of what was on it. */
  readonly lost: boolean;
  /** A queued one was cancelled: it is not to be sent. */
  withdraw(exchange: Http2Exchange): void;
  /** Its stream is closed, and free for another. `told`: whether there is nothing more to tell of it. */
  released(exchange: Http2Exchange, told: boolean): void;
}

/** The head is all there is. */
const headOnly = { endStream: true };

const carried: unique symbol = Symbol('carried');

type Carrier = ClientHttp2Stream & { [carried]: Http2Exchange | undefined };

export class Http2Exchange extends Linked<Http2Exchange> implements Exchange {
  readonly #request: HttpRequest;
  readonly #events: ExchangeEvents;
  readonly #owner: ExchangeOwner;
  #stream: Carrier | undefined;
  /** Nothing will be told any more. */
  #over = false;
  #headSeen = false;
  /** END_STREAM has come: the answer is complete as soon as it is read. */
  #endSeen = false;
  #paused = false;
  /** How the body is compressed, and what reads it. */
  #coding: string | undefined;
  #unpacker: Transform | undefined;
  #error: unknown;

  constructor(request: HttpRequest, events: ExchangeEvents, owner: ExchangeOwner) {
    super();
    this.#request = request;
    this.#events = events;
    this.#owner = owner;
  }

  get flow(): this {
    return this;
  }

  /** Undefined until Node has given it a stream. */
  get streamId(): number | undefined {
    return this.#stream?.id;
  }

  /** Hands it to Node, on a stream that is free. False where it did not take one. */
  begin(session: ClientHttp2Session): boolean {
    const headers = requestHeaders(this.#request, this.#owner.origin);
    if (typeof headers === 'string') {
      this.failLater(unsendable(headers));
      return false;
    }
    this.#events.sending();
    if (this.#over) return false;
    try {
      this.#carriedBy(session.request(headers, this.#request.body === undefined ? headOnly : undefined) as Carrier);
      return true;
    } catch (error) {
      this.failLater(notSent(`The request could not be given to the HTTP/2 connection: ${String(error)}`));
      return false;
    }
  }

  #carriedBy(stream: Carrier): void {
    this.#stream = stream;
    stream[carried] = this;
    stream.push = push;
    stream.on('response', onResponse);
    stream.on('end', onEnd);
    stream.on('error', onError);
    stream.on('close', onClose);
    const { body } = this.#request;
    if (typeof body === 'string') stream.end(body);
    else if (body !== undefined) sendBody(stream, body).catch((error: unknown) => this.#sourceFailed(error));
  }

  cancel(): void {
    if (this.#over) return;
    this.silence();
    if (this.#stream === undefined) this.#owner.withdraw(this);
    else this.#reset(this.#stream);
  }

  /** The peer may send what the window of this stream still holds, and then waits. Other streams go on. */
  pause(): void {
    this.#paused = true;
    this.#unpacker?.pause();
    if (!this.#over && this.#headSeen) this.#stream?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#unpacker?.resume();
    this.#readOn();
  }

  /** Its stream is beyond the last one that the peer took. One that it has begun to answer it took all the same. */
  isBeyond(lastStreamId: number): boolean {
    const id = this.#stream?.id;
    return id !== undefined && id > lastStreamId && !this.#headSeen;
  }

  fail(failure: Failure): void {
    if (this.#over) return;
    this.silence();
    this.#events.failed(failure);
  }

  /** The same, where it may not be told at once. */
  failLater(failure: Failure): void {
    queueMicrotask(() => this.fail(failure));
  }

  /** Who sent it learns what becomes of it by other means. */
  silence(): void {
    this.#over = true;
    this.#unpacker?.destroy();
  }

  // What its stream tells.

  responded(headers: IncomingHttpHeaders): void {
    const stream = this.#stream;
    if (this.#over || this.#headSeen || stream === undefined) return;
    this.#headSeen = true;
    const head = responseHead(headers);
    this.#coding = codingOf(head.headers['content-encoding']);
    this.#events.head(head);
    if (this.#over) return;
    if (this.#paused) stream.pause();
    // Listened to only now: a chunk must not overtake its head.
    stream.on('data', onData);
  }

  received(bytes: Uint8Array): void {
    if (this.#over) return;
    if (this.#coding === undefined) this.#events.chunk(bytes);
    else this.#unpack(bytes, this.#coding);
  }

  endPushed(): void {
    this.#endSeen = true;
  }

  ended(): void {
    if (this.#over) return;
    const stream = this.#stream;
    if (!this.#endSeen) {
      // Reset: that is told when it is closed, for which Node would wait until the body is sent that nobody takes any more.
      stream?.destroy();
      return;
    }
    if (this.#unpacker === undefined) this.#complete();
    else this.#unpacker.end();
    // Answered before its body was sent to the end: the rest would be for nobody.
    if (stream?.writableFinished === false) stream.close(constants.NGHTTP2_CANCEL);
  }

  errored(error: unknown): void {
    this.#error ??= error;
  }

  closed(code: number): void {
    const unpacker = this.#unpacker;
    if (unpacker?.writableEnded === true && !unpacker.closed) {
      // All of it has come, and is not yet told.
      unpacker.once('close', () => this.closed(code));
      return;
    }
    const { lost, place } = this.#owner;
    this.#owner.released(this, this.#over);
    if (lost) this.silence();
    if (this.#over) return;
    const refused = this.streamId === undefined || (code === constants.NGHTTP2_REFUSED_STREAM && !this.#headSeen);
    this.fail(refused ? refusedStream(place) : resetStream(place, code, this.#error));
  }

  #complete(): void {
    this.#over = true;
    this.#events.end();
  }

  #unpack(bytes: Uint8Array, coding: string): void {
    this.#unpacker ??= this.#unpackerFor(coding);
    if (this.#unpacker?.write(bytes) !== false) return;
    this.#stream?.pause();
    this.#unpacker.once('drain', () => this.#readOn());
  }

  #unpackerFor(coding: string): Transform | undefined {
    const fail = (why: string, cause?: unknown): void => {
      if (this.#over) return;
      if (this.#stream !== undefined) this.#reset(this.#stream);
      this.fail(packedFailure(this.#owner.place, coding, why, cause));
    };
    const unpacker = unpackerFor(coding);
    if (unpacker === undefined) fail(`name only ${readableCodings} in the header accept-encoding.`);
    unpacker?.on('data', (bytes: Buffer) => this.#events.chunk(bytes));
    unpacker?.once('end', () => this.#complete());
    unpacker?.on('error', (error) => fail(`${error.message}.`, error));
    return unpacker;
  }

  #readOn(): void {
    if (!this.#over && !this.#paused && this.#headSeen) this.#stream?.resume();
  }

  #sourceFailed(error: unknown): void {
    if (this.#over || this.#stream === undefined) return;
    this.#reset(this.#stream);
    this.fail(bodyFailure(this.#owner.place, error));
  }

  #reset(stream: Carrier): void {
    // Closed by the peer, with something left to read: it goes only when it is read, or destroyed.
    if (stream.closed) stream.destroy();
    else stream.close(constants.NGHTTP2_CANCEL);
  }
}

function onResponse(this: Carrier, headers: IncomingHttpHeaders): void {
  this[carried]?.responded(headers);
}

function onData(this: Carrier, bytes: Uint8Array): void {
  this[carried]?.received(bytes);
}

function onEnd(this: Carrier): void {
  this[carried]?.ended();
}

function onError(this: Carrier, error: unknown): void {
  this[carried]?.errored(error);
}

function onClose(this: Carrier): void {
  this[carried]?.closed(this.rstCode);
  // Node keeps streams for a while after their end: not what they carried.
  this[carried] = undefined;
}

/** Node pushes null with END_STREAM while the stream is open; for a stream that was reset it does so after closing it. */
function push(this: Carrier, chunk: unknown, encoding?: BufferEncoding): boolean {
  if (chunk === null && !this.closed) this[carried]?.endPushed();
  return Duplex.prototype.push.call(this, chunk, encoding);
}
