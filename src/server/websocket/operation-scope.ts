// What the pipeline is told about one operation: its connection as it was when the operation began, and the signal that says
// when nobody waits for it any more. Few resolvers ever look at the signal, so it is made when somebody does.

import type { ExecutionContext } from '../../protocol/executor.js';

/** What all operations of a connection have in common. */
export type ConnectionScope = Omit<ExecutionContext, 'signal' | 'aborted'>;

const abortReason = new DOMException('The client stopped the operation, or its connection ended.', 'AbortError');

export class OperationScope implements ExecutionContext {
  readonly headers: ExecutionContext['headers'];
  readonly connectionParams: ExecutionContext['connectionParams'];
  readonly connection: unknown;
  readonly remoteAddress: string | undefined;
  readonly principal: string | undefined;
  #controller: AbortController | undefined;
  #aborted = false;

  constructor({ headers, connectionParams, connection, remoteAddress, principal }: ConnectionScope) {
    this.headers = headers;
    this.connectionParams = connectionParams;
    this.connection = connection;
    this.remoteAddress = remoteAddress;
    this.principal = principal;
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(abortReason);
    }
    return this.#controller.signal;
  }

  abort(): void {
    this.#aborted = true;
    this.#controller?.abort(abortReason);
  }
}
