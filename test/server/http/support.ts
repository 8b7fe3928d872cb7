// An endpoint on a core whose pipeline a test makes up.

import type { OperationPayload } from '../../../src/protocol/dialects/dialect.js';
import type { ExecuteOptions, Execution, ExecutionContext } from '../../../src/protocol/executor.js';
import { HttpEndpoint } from '../../../src/server/http/endpoint.js';
import { type EndpointOptions, resolveEndpointOptions } from '../../../src/server/http/endpoint-options.js';
import type { PlainResponse } from '../../../src/server/http/plain.js';
import type { ServerOptions } from '../../../src/server/index.js';
import { type FakeCore, fakeCore } from '../support/core.js';
import { FakeRequest, type GivenRequest } from '../support/plain.js';

export interface Ran {
  readonly payload: OperationPayload;
  readonly context: ExecutionContext;
  readonly options: ExecuteOptions | undefined;
}

export interface TestEndpoint {
  readonly core: FakeCore;
  readonly endpoint: HttpEndpoint;
  /** What was given to the pipeline. */
  readonly ran: Ran[];
  ask(request: GivenRequest): Promise<PlainResponse>;
}

export function makeEndpoint(
  answer: Execution | ((ran: Ran) => Execution | Promise<Execution>) = { kind: 'result', result: { data: { ok: 1 } } },
  options: Partial<ServerOptions> = {},
  endpointOptions: EndpointOptions = {},
): TestEndpoint {
  const ran: Ran[] = [];
  const core = fakeCore((payload, context, executeOptions) => {
    const one = { payload, context, options: executeOptions };
    ran.push(one);
    return typeof answer === 'function' ? answer(one) : answer;
  }, options);
  const endpoint = new HttpEndpoint(core, resolveEndpointOptions(endpointOptions, false));
  return { core, endpoint, ran, ask: (request) => endpoint.respond(new FakeRequest(request)) };
}

/** A subscription that a test feeds. */
export class Feed implements AsyncIterator<never, undefined> {
  returned = 0;
  #end: (() => void) | undefined;

  /** `signal`: of its operation, which ends it as it would end a real one. */
  constructor(signal?: AbortSignal) {
    signal?.addEventListener('abort', () => void this.return());
  }

  next(): Promise<IteratorResult<never, undefined>> {
    return new Promise((resolve) => {
      this.#end = () => resolve({ done: true, value: undefined });
    });
  }

  return(): Promise<IteratorResult<never, undefined>> {
    this.returned += 1;
    this.#end?.();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** It ends by itself. */
  finish(): void {
    this.#end?.();
  }
}

export function subscription(events: Feed): Execution {
  return { kind: 'stream', events };
}
