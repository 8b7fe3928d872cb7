// Spans of what a session is asked to do, as an interceptor, and their trace context on the way to the server: W3C Trace
// Context, or whatever propagator is registered, in the operation's extensions and in the headers of its request.

import { JsonText } from '../../protocol/json-text.js';
import { refuseUnknownOptions } from '../../protocol/options.js';
import type { Result } from '../../protocol/result.js';
import type { Interceptor, Start } from '../../session/interceptors.js';
import {
  type Context,
  loadApi,
  type OpenTelemetryApi,
  operationAttributes,
  type Span,
  type TracingOptions,
} from './api.js';

type Request = Parameters<Start>[0];
type Sink = Parameters<Start>[1];
type Handle = ReturnType<Start>;
type Failure = Parameters<Sink['error']>[0];

export interface TraceClientOptions extends TracingOptions {
  /**
   * Whether the trace context is in the headers of HTTP requests too, for servers that read it there. `false` where operations
   * are to be put together in batches by their transport, which requests of different headers never are, and where a page's
   * server does not allow these headers to other origins. Default `true`.
   */
  readonly headers?: boolean | undefined;
}

/**
 * An interceptor that makes a span of each operation. Among the interceptors of calls it is one span from the call to its end,
 * as its consumer sees them, with an event for each send and each event of a subscription; its parent is the span that is active
 * where the call is made. Among those of attempts it is one span for each send, and where it is among both, these are the
 * children of the call's. Trace context in the extensions of a call goes before the active span.
 *
 * @throws OptionError; MissingDependencyError where `@opentelemetry/api` is not installed.
 * @example
 * ```ts
 * const session = createSession({ transport, interceptors: { call: [await traceClient()] } });
 * ```
 */
export async function traceClient(options: TraceClientOptions = {}): Promise<Interceptor> {
  refuseUnknownOptions('the options of traceClient', options, ['api', 'tracer', 'document', 'headers']);
  const api = options.api ?? (await loadApi());
  return (next) => (request, sink) => {
    const { kind, operationName, query } = request;
    const parent = api.propagation.extract(api.context.active(), request.extensions?.value ?? {}, reader);
    const tracer = options.tracer ?? api.trace.getTracer('holdfast');
    const name = operationName === undefined ? kind : `${kind} ${operationName}`;
    const attributes = operationAttributes(kind, operationName, options.document === true ? query : undefined);
    const span = tracer.startSpan(name, { kind: api.SpanKind.CLIENT, attributes }, parent);
    const own = api.trace.setSpan(parent, span);
    const traced = new TracedSink(api, span, request, sink);
    const handle = api.context.with(own, () => next(withContext(api, own, request, options.headers ?? true), traced));
    return {
      cancel: () => {
        traced.cancelled();
        handle.cancel();
      },
      get flow(): Handle['flow'] {
        return handle.flow;
      },
    };
  };
}

function withContext(api: OpenTelemetryApi, context: Context, request: Request, inHeaders: boolean): Request {
  const carrier: Record<string, string> = {};
  api.propagation.inject(context, carrier);
  if (Object.keys(carrier).length === 0) return request;
  const extensions = request.extensions?.with(carrier) ?? JsonText.of(carrier);
  // What goes in one batch has the headers of all of it.
  if (!inHeaders || request.batch !== undefined) return { ...request, extensions };
  return { ...request, extensions, headers: { ...request.headers, ...carrier } };
}

/** What comes back on its way to the consumer, and the span's end. */
class TracedSink implements Sink {
  readonly #api: OpenTelemetryApi;
  readonly #span: Span;
  readonly #sink: Sink;
  readonly #isSubscription: boolean;
  #hasErrors = false;
  #ended = false;

  constructor(api: OpenTelemetryApi, span: Span, request: Request, sink: Sink) {
    this.#api = api;
    this.#span = span;
    this.#sink = sink;
    this.#isSubscription = request.kind === 'subscription';
  }

  sending(): void {
    this.#span.addEvent('sending');
    this.#sink.sending();
  }

  next(...answer: Parameters<Sink['next']>): void {
    const [result] = answer;
    if (this.#isSubscription || result.hasNext !== undefined) this.#span.addEvent('event');
    // An event with errors is one of many: its subscription goes on.
    if (!this.#isSubscription) this.#answered(result);
    this.#sink.next(...answer);
  }

  error(failure: Failure): void {
    this.#fail(failure.code, failure.message);
    this.#sink.error(failure);
  }

  complete(): void {
    this.#end();
    this.#sink.complete();
  }

  cancelled(): void {
    if (!this.#ended) this.#span.setAttributes({ 'holdfast.outcome': 'cancelled' });
    this.#end();
  }

  /** With its answer, or the last part of it, a query or mutation is over. */
  #answered({ errors, hasNext }: Result): void {
    this.#hasErrors ||= errors !== undefined;
    if (hasNext === true) return;
    if (this.#hasErrors) this.#fail('graphql-errors', errors?.[0]?.message);
    else this.#end();
  }

  #fail(type: string, message: string | undefined): void {
    if (this.#ended) return;
    const code = this.#api.SpanStatusCode.ERROR;
    this.#span.setAttributes({ 'error.type': type });
    this.#span.setStatus(message === undefined ? { code } : { code, message });
    this.#end();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#span.end();
  }
}

type Extensions = Readonly<Record<string, unknown>>;

const reader = {
  get(extensions: Extensions, name: string): string | undefined {
    const value = extensions[name];
    return typeof value === 'string' ? value : undefined;
  },
  keys: (extensions: Extensions) => Object.keys(extensions),
};
