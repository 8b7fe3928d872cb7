// The transport within the process, with a look at what passes: what the session sends and what reaches it is shown to the
// checks as if it went over one connection that never ends.

import { clientDialect, serverDialect } from '../../protocol/dialects/index.js';
import type { Result } from '../../protocol/result.js';
import type { Connection, Failure, Handle, Request, Sink, Transport } from '../../transport/contract.js';
import type { FrameChecks } from './frame-checks.js';
import type { Wire } from './wire.js';

const client = clientDialect('graphql-transport-ws');
const server = serverDialect('graphql-transport-ws');

export function watched(transport: Transport, wire: Wire, observer: FrameChecks): Transport {
  return {
    name: transport.name,
    async open(context, events) {
      const connection = await transport.open(context, events);
      return {
        capabilities: connection.capabilities,
        closed: connection.closed,
        start: (request, sink) => start(connection, request, new WatchedSink(request, sink, wire, observer)),
        close: (closure, graceMs) => connection.close(closure, graceMs),
        terminate: (closure) => connection.terminate(closure),
      };
    },
  };
}

function start(connection: Connection, request: Request, sink: WatchedSink): Handle {
  const handle = connection.start(request, sink);
  return {
    cancel: () => {
      sink.cancelled();
      handle.cancel();
    },
    flow: handle.flow,
  };
}

class WatchedSink implements Sink {
  readonly #request: Request;
  readonly #sink: Sink;
  readonly #wire: Wire;
  readonly #observer: FrameChecks;

  constructor(request: Request, sink: Sink, wire: Wire, observer: FrameChecks) {
    this.#request = request;
    this.#sink = sink;
    this.#wire = wire;
    this.#observer = observer;
  }

  sending(): void {
    const { id } = this.#request;
    this.#observer.sent(this.#wire, client.start(id, this.#request));
    this.#sink.sending();
  }

  next(result: Result, bytes: number): void {
    this.#observer.arrived(this.#wire, server.next(this.#request.id, result));
    this.#sink.next(result, bytes);
  }

  error(failure: Failure): void {
    const { id } = this.#request;
    if (failure.delivery === 'unknown') this.#observer.failed(id);
    else this.#observer.arrived(this.#wire, server.error(id, [{ message: failure.message }]));
    this.#sink.error(failure);
  }

  complete(): void {
    this.#observer.arrived(this.#wire, server.complete(this.#request.id));
    this.#sink.complete();
  }

  cancelled(): void {
    this.#observer.sent(this.#wire, client.stop(this.#request.id) ?? '');
  }
}
