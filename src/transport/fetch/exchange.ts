// One request over fetch, from its first byte to its last word. Its body is read at the pace of whoever listens, and nothing
// is told of it from the moment it is cancelled.

import { Linked } from '../../protocol/linked-list.js';
import type { Failure, ResponseHead } from '../contract.js';
import type { Exchange, ExchangeEvents, HttpRequest } from '../http/exchange.js';
import { networkFailure, provesNotSent } from '../http/failures.js';
import { type BodySource, fetchBody, needsStream } from './body.js';
import {
  brokenOff,
  hiddenRedirect,
  noResponse,
  noStreamedBody,
  sourceFailed,
  unexplained,
  unsendableHeaders,
} from './failures.js';
import { inBrowser, streamsBodies } from './platform.js';
import { countStream } from './streams.js';

/** What all requests of one client have in common. */
export interface FetchSettings {
  readonly fetch: typeof globalThis.fetch;
  /** Undefined: as the platform has it. */
  readonly credentials: RequestCredentials | undefined;
  readonly origin: string;
  /** The address as it may be shown. */
  readonly place: string;
}

/** What is used of the reader of a body. */
type Reader = Pick<ReadableStreamDefaultReader<Uint8Array>, 'read' | 'cancel'>;

export class FetchExchange extends Linked<FetchExchange> implements Exchange {
  readonly #request: HttpRequest;
  readonly #events: ExchangeEvents;
  readonly #settings: FetchSettings;
  readonly #ended: (exchange: FetchExchange) => void;
  readonly #controller = new AbortController();
  readonly #inBrowser: boolean = inBrowser();
  #source: BodySource | undefined;
  #reader: Reader | undefined;
  #leaveStreams: (() => void) | undefined;
  /** Present while nothing may be told. */
  #pause: { readonly over: Promise<void>; readonly end: () => void } | undefined;
  #over = false;

  constructor(
    request: HttpRequest,
    events: ExchangeEvents,
    settings: FetchSettings,
    ended: (exchange: FetchExchange) => void,
  ) {
    super();
    this.#request = request;
    this.#events = events;
    this.#settings = settings;
    this.#ended = ended;
  }

  begin(): void {
    const refusal = this.#refusal();
    if (refusal === undefined) void this.#run();
    else this.refuse(refusal);
  }

  /** It ends before it began: not synchronously, because whoever asked does not expect that. */
  refuse(failure: Failure): void {
    queueMicrotask(() => this.#fail(failure));
  }

  cancel(): void {
    if (this.#over) return;
    this.#finish();
    this.#controller.abort();
    if (this.#reader !== undefined) discard(this.#reader);
  }

  get flow(): this {
    return this;
  }

  pause(): void {
    if (this.#over || this.#pause !== undefined) return;
    let end = (): void => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#pause = { over, end };
  }

  resume(): void {
    this.#pause?.end();
    this.#pause = undefined;
  }

  /** What can be known without sending anything. */
  #refusal(): Failure | undefined {
    const { headers, body } = this.#request;
    const { place } = this.#settings;
    try {
      new Headers(headers);
    } catch {
      return unsendableHeaders(place, Object.keys(headers));
    }
    return needsStream(body) && !streamsBodies() ? noStreamedBody(place) : undefined;
  }

  async #run(): Promise<void> {
    const { fetch, origin, place } = this.#settings;
    if (this.#request.longLived && this.#inBrowser) this.#leaveStreams = countStream(origin);
    const init = this.#init();
    this.#events.sending();
    if (this.#over) return;
    let response: Response;
    try {
      response = await fetch(origin + this.#request.path, init);
    } catch (error) {
      // An injected fetch may throw on the spot.
      this.refuse(this.#explain(error, 'asking'));
      return;
    }
    if (!isUnread(response)) this.#fail(noResponse(place));
    else if (response.type === 'opaqueredirect') this.#fail(hiddenRedirect(place));
    else await this.#hear(response);
  }

  #init(): RequestInit {
    const { method, headers, body: given } = this.#request;
    const { body, source } = fetchBody(given);
    this.#source = source;
    const { credentials } = this.#settings;
    // Some servers' runtimes throw at members that mean something in browsers only.
    return {
      method,
      // The platform knows the length of any body but a stream.
      headers: source?.length === undefined ? headers : { ...headers, 'content-length': String(source.length) },
      redirect: 'manual',
      signal: this.#controller.signal,
      ...(body === undefined ? {} : { body }),
      ...(source === undefined ? {} : { duplex: 'half' }),
      ...(credentials === undefined ? {} : { credentials }),
      ...(this.#inBrowser ? { cache: 'no-store' } : {}),
    };
  }

  async #hear(response: Response): Promise<void> {
    const reader = readerOf(response);
    this.#reader = reader;
    // An injected fetch may not know what an AbortSignal is, and answer what was cancelled.
    if (this.#over) discard(reader);
    else this.#events.head(headOf(response));
    while (!this.#over) {
      let step: Awaited<ReturnType<Reader['read']>>;
      try {
        step = await reader.read();
      } catch (error) {
        this.#fail(this.#explain(error, 'reading'));
        return;
      }
      while (this.#pause !== undefined) await this.#pause.over;
      if (this.#over) return;
      if (step.done) {
        this.#finish();
        this.#events.end();
      } else if (step.value.length > 0) this.#events.chunk(step.value);
    }
  }

  #explain(error: unknown, stage: 'asking' | 'reading'): Failure {
    const { place } = this.#settings;
    const trouble = this.#source?.trouble;
    if (trouble !== undefined) return sourceFailed(place, trouble.error);
    if (this.#inBrowser) return stage === 'asking' ? unexplained(place, error) : brokenOff(place, error);
    return networkFailure(error, stage === 'asking' && provesNotSent(error) ? 'connect' : 'operation', place);
  }

  #fail(failure: Failure): void {
    if (this.#over) return;
    this.#finish();
    this.#events.failed(failure);
  }

  #finish(): void {
    this.#over = true;
    this.#leaveStreams?.();
    this.#source?.release();
    this.#ended(this);
  }
}

function isUnread(given: Partial<Response> | undefined): boolean {
  if (typeof given?.status !== 'number' || typeof given.headers?.forEach !== 'function') return false;
  return given.bodyUsed !== true && given.body?.locked !== true;
}

function discard(reader: Reader): void {
  reader.cancel().catch(() => {});
}

/** Cookies are for the platform: no browser shows them. */
function headOf({ status, headers: given }: Response): ResponseHead {
  const headers: Record<string, string> = {};
  given.forEach((value, name) => {
    if (name !== 'set-cookie') headers[name] = value;
  });
  return { status, headers };
}

/** Where there is no stream to read, as for status 204 and on platforms without streams, the body comes in one piece. */
function readerOf(response: Response): Reader {
  if (typeof response.body?.getReader === 'function') return response.body.getReader();
  let done = false;
  return {
    async read() {
      if (done) return { done, value: undefined };
      done = true;
      return { done: false, value: new Uint8Array(await response.arrayBuffer()) };
    },
    async cancel() {},
  };
}
