// One request and its answer, as long as they last.

import type { HttpRequest, HttpResponse } from '../adapters/node/message.js';
import type { Accepted } from './accept.js';

export interface Exchange {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  readonly accepted: Accepted;
  /** Aborted when the client goes away before its answer is complete. */
  readonly abort: AbortController;
  /** Settles when the answer is complete or the client has gone. */
  readonly over: Promise<void>;
  /** Names work that ends, in a bounded time, after the exchange is over: whoever closes the server waits for it. */
  track(work: Promise<unknown>): void;
}
