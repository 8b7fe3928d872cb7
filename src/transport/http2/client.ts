// One connection of HTTP/2 and the requests on it: RFC 9113, section 5.1.2 (no more streams than the peer allows, so requests
// wait here and not in Node, where they would look sent) and section 6.8 (GOAWAY, the two ways in which a peer leaves).

import { type ClientHttp2Session, constants } from 'node:http2';
import type { Socket } from 'node:net';
import { LinkedList } from '../../protocol/linked-list.js';
import type { Clock, Closure, ConnectionEvents, Failure } from '../contract.js';
import type { Exchange, ExchangeEvents, HttpClient, HttpRequest } from '../http/exchange.js';
import { type ExchangeOwner, Http2Exchange } from './exchange.js';
import { closedFailure, endedByNetwork, endedByPeer, endedByUs, type GoAway, notSent } from './failures.js';
import type { Origin } from './headers.js';
import { VitalSigns } from './vital-signs.js';

/** As long as more requests than this wait for a stream the session is asked to keep the others to itself, where they are bounded. */
const queueHigh = 256;
const queueLow = 64;

/** Client streams have odd ids up to 2^31 - 1. A connection that has used up nearly all of them is replaced in good time. */
const lastGoodStreamId = 2 ** 31 - 1 - 2 ** 16;

/** Of what a peer says that goes into a message, bytes. */
const longestDetail = 500;

type Stage =
  | { readonly at: 'open' }
  /** Nothing new begins, what runs may finish. `goAway`: because the peer said so. */
  | { readonly at: 'leaving'; readonly goAway: GoAway | undefined }
  | { readonly at: 'ended' };

export interface Http2Target {
  readonly place: string;
  readonly origin: Origin;
}

export class Http2Client implements HttpClient, ExchangeOwner {
  /** The peer's SETTINGS have come: it speaks HTTP/2, and its limits are known. */
  readonly ready: Promise<void>;
  readonly ended: Promise<Closure>;
  readonly ping: () => void;
  readonly place: string;
  readonly origin: Origin;
  readonly #session: ClientHttp2Session;
  readonly #socket: Socket;
  readonly #events: ConnectionEvents;
  readonly #clock: Clock;
  readonly #vitalSigns: VitalSigns;
  readonly #queue = new LinkedList<Http2Exchange>();
  readonly #running = new LinkedList<Http2Exchange>();
  #stage: Stage = { at: 'open' };
  /** How many streams the peer allows at once; none before its SETTINGS. */
  #streams = 0;
  #phase: 'handshake' | 'connection' = 'handshake';
  #starting = false;
  #backlogged = false;
  /** The first that was heard of. */
  #error: unknown;
  /** Some streams ended with the connection, without an outcome of their own. */
  #lostSome = false;
  #resolveReady!: () => void;
  #resolveEnded!: (closure: Closure) => void;

  constructor(
    session: ClientHttp2Session,
    socket: Socket,
    target: Http2Target,
    events: ConnectionEvents,
    clock: Clock,
  ) {
    this.#session = session;
    this.#socket = socket;
    this.place = target.place;
    this.origin = target.origin;
    this.#events = events;
    this.#clock = clock;
    this.#vitalSigns = new VitalSigns(session, socket, events, clock);
    this.ping = () => this.#vitalSigns.ask();
    this.ready = new Promise((resolve) => {
      this.#resolveReady = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    session.on('remoteSettings', ({ maxConcurrentStreams }) => this.#settings(maxConcurrentStreams));
    session.on('goaway', (code, lastStreamId, detail) => this.#goAway(code, lastStreamId, detail));
    session.on('error', (error) => this.#failed(error));
    session.on('close', () => this.#end(this.#closure()));
    // Node does not hear of every error of a socket that it has taken, such as an alert of TLS.
    socket.on('error', (error) => this.#failed(error));
    // Node leaves a socket that has said all it had to say to the peer, who may never close it.
    socket.once('finish', () => socket.destroy());
  }

  get lost(): boolean {
    return this.#session.destroyed;
  }

  send(request: HttpRequest, events: ExchangeEvents): Exchange {
    const exchange = new Http2Exchange(request, events, this);
    if (this.#stage.at === 'leaving') {
      exchange.failLater(notSent(`The HTTP/2 connection to ${this.place} takes no new requests.`));
    } else if (this.#stage.at === 'open') {
      this.#queue.add(exchange);
      this.#start();
    }
    return exchange;
  }

  withdraw(exchange: Http2Exchange): void {
    this.#queue.delete(exchange);
    this.#tellBacklog();
  }

  released(exchange: Http2Exchange, told: boolean): void {
    this.#running.delete(exchange);
    if (this.lost) this.#lostSome ||= !told;
    else if (this.#stage.at === 'open') this.#start();
    else this.#closeWhenIdle();
  }

  close(graceMs: number): Promise<void> {
    if (this.#stage.at === 'ended') return Promise.resolve();
    if (this.#stage.at === 'open') this.#stage = { at: 'leaving', goAway: undefined };
    this.#failQueue(closedFailure(this.place));
    this.#closeWhenIdle();
    const cancelTimer = this.#clock.setTimer(graceMs, () => this.destroy());
    return this.ended.then(cancelTimer);
  }

  destroy(): void {
    for (const exchange of this.#queue) exchange.silence();
    this.#end(endedByUs());
  }

  /** Hands over as many as the peer takes. */
  #start(): void {
    // `sending()` may bring the next request while this one is on its way.
    if (this.#starting) return;
    this.#starting = true;
    for (let next = this.#queue.first; next !== undefined; next = this.#queue.first) {
      if (this.#stage.at !== 'open' || this.#running.size >= this.#streams) break;
      this.#queue.delete(next);
      if (next.begin(this.#session)) this.#running.add(next);
      if ((next.streamId ?? 0) > lastGoodStreamId) this.#retire();
    }
    this.#starting = false;
    this.#tellBacklog();
  }

  #tellBacklog(): void {
    const { size } = this.#queue;
    if (this.#backlogged ? size > queueLow : size <= queueHigh) return;
    this.#backlogged = !this.#backlogged;
    this.#events.backlog(this.#backlogged ? 'high' : 'low');
  }

  #settings(streams: number | undefined): void {
    this.#streams = streams ?? Number.POSITIVE_INFINITY;
    this.#phase = 'connection';
    this.#resolveReady();
    this.#start();
  }

  #goAway(code: number, lastStreamId: number, data: Uint8Array | undefined): void {
    if (this.#stage.at === 'ended') return;
    const goAway: GoAway = { code, detail: new TextDecoder().decode(data?.subarray(0, longestDetail)) };
    const leftOut = notSent(`${this.place} left without having looked at the request (GOAWAY).`);
    const failed = code !== constants.NGHTTP2_NO_ERROR;
    // First of all, so that nothing of what is not sent comes back to this connection.
    if (failed) this.#stage = { at: 'ended' };
    else this.#leave(goAway);
    for (const exchange of this.#running) {
      if (exchange.isBeyond(lastStreamId)) exchange.fail(leftOut);
    }
    this.#failQueue(leftOut);
    if (failed) this.#settle(endedByPeer(goAway, this.#phase, this.place));
  }

  #leave(goAway: GoAway): void {
    const known = this.#stage.at === 'leaving';
    this.#stage = { at: 'leaving', goAway };
    if (!known) this.#events.goingAway({ reason: goAway.detail });
  }

  #retire(): void {
    this.#stage = { at: 'leaving', goAway: undefined };
    this.#events.goingAway({ reason: 'its stream ids are used up' });
    this.#failQueue(notSent(`The HTTP/2 connection to ${this.place} has used up its stream ids.`));
  }

  #failQueue(failure: Failure): void {
    for (const exchange of [...this.#queue]) {
      this.#queue.delete(exchange);
      exchange.fail(failure);
    }
  }

  /** What Node then sends ends with the last stream. */
  #closeWhenIdle(): void {
    if (this.#running.size === 0) this.#session.close();
  }

  #failed(error: unknown): void {
    this.#error ??= error;
    this.#end(this.#closure());
  }

  #closure(): Closure {
    const stage = this.#stage;
    const finished = this.#running.size === 0 && !this.#lostSome;
    if (stage.at !== 'leaving' || !finished) return endedByNetwork(this.#error, this.#phase, this.place);
    return stage.goAway === undefined ? endedByUs() : endedByPeer(stage.goAway, this.#phase, this.place);
  }

  #end(closure: Closure): void {
    if (this.#stage.at === 'ended') return;
    this.#stage = { at: 'ended' };
    this.#failQueue(notSent(`The connection to ${this.place} ended before the request was sent.`));
    this.#settle(closure);
  }

  #settle(closure: Closure): void {
    for (const exchange of this.#running) exchange.silence();
    this.#vitalSigns.end();
    this.#session.destroy();
    // A turn later: the last frames are on their way out.
    setImmediate(() => this.#socket.destroy());
    this.#resolveEnded(closure);
  }
}
