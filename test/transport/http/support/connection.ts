// A connection over the fake client of HTTP, under a clock that stands still, and what its operations are told.

import type { Result } from '../../../../src/protocol/result.js';
import { VirtualClock } from '../../../../src/testing/virtual-clock.js';
import type {
  Closure,
  ConnectionEvents,
  Failure,
  Handle,
  OpenContext,
  Request,
  ResponseHead,
  Sink,
} from '../../../../src/transport/contract.js';
import { HttpConnection } from '../../../../src/transport/http/connection.js';
import { type HttpOptions, resolveHttpOptions } from '../../../../src/transport/http/options.js';
import { FakeClient } from './fake-client.js';

const address = 'http://user:secret@server.test/graphql?key=1';
/** The address as it may be shown. */
export const place = 'http://server.test/graphql';

let lastId = 0;

export function requestOf(request: Partial<Request> = {}): Request {
  const none = undefined;
  lastId += 1;
  return {
    id: String(lastId),
    kind: 'query',
    query: '{ a }',
    operationName: none,
    variables: none,
    extensions: none,
    headers: none,
    ...request,
  };
}

export const subscription: Partial<Request> = { kind: 'subscription', query: 'subscription { s }' };
export const deferred: Partial<Request> = { query: '{ a ... @defer { b } }' };

/** What one operation is told, in order: `sending`, `next`, `error`, `complete`. */
export class Recorder implements Sink {
  readonly told: string[] = [];
  readonly results: Result[] = [];
  readonly heads: (ResponseHead | undefined)[] = [];
  failure: Failure | undefined;
  handle: Handle = { cancel: () => {} };
  /** Called with every result, right then. */
  onNext: () => void = () => {};
  onSending: () => void = () => {};

  sending(): void {
    this.told.push('sending');
    this.onSending();
  }

  next(result: Result, _bytes: number, head?: ResponseHead | undefined): void {
    this.told.push('next');
    this.results.push(result);
    this.heads.push(head);
    this.onNext();
  }

  error(failure: Failure): void {
    this.told.push('error');
    this.failure = failure;
  }

  complete(): void {
    this.told.push('complete');
  }
}

export interface Opened {
  readonly client: FakeClient;
  readonly connection: HttpConnection;
  readonly clock: VirtualClock;
  /** How often there was a sign of life. */
  readonly heard: () => number;
  start(request?: Partial<Request>): Recorder;
}

export function openHttp(
  options: HttpOptions = {},
  context: Partial<OpenContext> & { readonly maxMessageBytes?: number; readonly client?: FakeClient } = {},
): Opened {
  const { maxMessageBytes = 16 * 2 ** 20, client = new FakeClient(), ...given } = context;
  const clock = new VirtualClock(1_000_000);
  let heard = 0;
  const events: ConnectionEvents = {
    heard: () => {
      heard += 1;
    },
    keepAlive: () => {},
    pong: () => {},
    control: () => {},
    goingAway: () => {},
    backlog: () => {},
  };
  const connection = new HttpConnection(
    client,
    resolveHttpOptions(address, options),
    {
      signal: new AbortController().signal,
      generation: 1,
      credentials: {},
      clock,
      limits: { openTimeoutMs: 1, ackTimeoutMs: 1, closeTimeoutMs: 1, maxMessageBytes },
      ...given,
    },
    events,
  );
  return {
    client,
    connection,
    clock,
    heard: () => heard,
    start: (request) => {
      const recorder = new Recorder();
      recorder.handle = connection.start(requestOf(request), recorder);
      return recorder;
    },
  };
}

export const closure: Closure = {
  by: 'us',
  code: 1000,
  reason: 'the session was closed',
  clean: true,
  failure: { code: 'closed', phase: 'close', message: 'The session was closed.' },
};
