// Spans of the operations that the servers of this process run: OpenTelemetry's semantic conventions for GraphQL. It listens
// to the diagnostics channel of operations and knows nothing else of a server.

import { HoldfastError } from '../../protocol/errors/holdfast-error.js';
import { refuseUnknownOptions } from '../../protocol/options.js';
import type {
  ServedOperation,
  ServedOperationMessage,
  ServerChannelMessages,
} from '../../server/telemetry/messages.js';
import {
  type Context,
  loadApi,
  type OpenTelemetryApi,
  operationAttributes,
  type Span,
  type TracingOptions,
} from './api.js';

export interface TraceServerOptions extends TracingOptions {
  /**
   * Whether the names of spans hold those of operations, as in `query Basket` in place of `query`. Default `false`: clients may
   * invent any number of names, and backends group by the names of spans. It is in `graphql.operation.name` in any case.
   */
  readonly operationNames?: boolean | undefined;
}

type Started = Extract<ServedOperationMessage, { type: 'start' }>;
type Ended = Extract<ServedOperationMessage, { type: 'end' }>;

const channel: keyof ServerChannelMessages = 'holdfast:server:operation';

/**
 * Makes a span of each operation that a server of this process runs, until the returned function is called. It is the active
 * one while resolvers run, those of a subscription's events too, which are events of the span. Its parent is the trace context
 * in the operation's `extensions` (`traceparent`, as `traceClient` puts it there), else that of the request's headers, or the
 * span that an instrumentation of HTTP has made of them. An operation that was answered with errors, in part or as a whole, has
 * the status ERROR and says in `error.type` whether it was `partial`, `failed` or `refused`.
 *
 * A span is exported when it ends, that of a subscription with it, and the SDK keeps so many events of one span as its limit
 * says (128 unless it is set otherwise).
 *
 * @throws OptionError; MissingDependencyError where `@opentelemetry/api` is not installed; HoldfastError where the platform has
 *   no diagnostics channels.
 * @example
 * ```ts
 * const stop = await traceServer();
 * ```
 */
export async function traceServer(options: TraceServerOptions = {}): Promise<() => void> {
  refuseUnknownOptions('the options of traceServer', options, ['api', 'tracer', 'document', 'operationNames']);
  const diagnostics = diagnosticsChannel();
  const tracing = new ServerTracing(options.api ?? (await loadApi()), options);
  const listener = (message: unknown): void => tracing.hear(message as ServedOperationMessage);
  diagnostics.subscribe(channel, listener);
  return () => {
    diagnostics.unsubscribe(channel, listener);
    tracing.stop();
  };
}

class ServerTracing {
  readonly #api: OpenTelemetryApi;
  readonly #options: TraceServerOptions;
  readonly #spans = new Map<ServedOperation, Span>();

  constructor(api: OpenTelemetryApi, options: TraceServerOptions) {
    this.#api = api;
    this.#options = options;
  }

  /** Never throws: what a subscriber of a channel throws ends the process. */
  hear(message: ServedOperationMessage): void {
    try {
      if (message.type === 'start') this.#start(message);
      else this.#goOn(message);
    } catch (error) {
      this.#api.diag.error('holdfast: an operation could not be traced.', error);
    }
  }

  stop(): void {
    for (const span of this.#spans.values()) span.end();
    this.#spans.clear();
  }

  #start(message: Started): void {
    const { trace, context, SpanKind } = this.#api;
    const tracer = this.#options.tracer ?? trace.getTracer('holdfast');
    const parent = this.#parentOf(message);
    const span = tracer.startSpan('GraphQL Operation', { kind: SpanKind.SERVER }, parent);
    this.#spans.set(message.operation, span);
    const own = trace.setSpan(parent, span);
    message.runIn((work) => context.with(own, work));
  }

  #goOn(message: Exclude<ServedOperationMessage, Started>): void {
    const span = this.#spans.get(message.operation);
    if (span === undefined) return;
    switch (message.type) {
      case 'known': {
        const { kind, name, document } = message;
        const { operationNames = false, document: withDocument = false } = this.#options;
        span.updateName(operationNames && name !== undefined ? `${kind} ${name}` : kind);
        span.setAttributes(operationAttributes(kind, name, withDocument ? document : undefined));
        break;
      }
      case 'event':
        span.addEvent('event', { 'holdfast.event.number': message.count });
        break;
      case 'end':
        this.#spans.delete(message.operation);
        this.#end(span, message);
        break;
    }
  }

  #end(span: Span, { outcome, events }: Ended): void {
    const wrong = outcome !== 'ok' && outcome !== 'stopped';
    span.setAttributes({
      'holdfast.outcome': outcome,
      'holdfast.events': events,
      ...(wrong ? { 'error.type': outcome } : {}),
    });
    if (wrong) span.setStatus({ code: this.#api.SpanStatusCode.ERROR });
    span.end();
  }

  #parentOf(message: Started): Context {
    const { context, propagation, trace } = this.#api;
    const active = context.active();
    const byHeaders = propagation.extract(active, message.header, reader);
    const byExtensions = propagation.extract(byHeaders, message.extension, reader);
    const [here, headers, extensions] = [active, byHeaders, byExtensions].map((one) => trace.getSpanContext(one));
    // Where the headers' trace goes on here already, somebody has made a span of the request: it is nearer than its parent.
    const continued = extensions?.spanId === headers?.spanId && headers?.traceId === here?.traceId;
    return continued ? active : byExtensions;
  }
}

type Read = Started['header'];

const reader = { get: (read: Read, name: string) => read(name), keys: (): string[] => [] };

interface DiagnosticsChannel {
  subscribe(name: string, listener: (message: unknown) => void): void;
  unsubscribe(name: string, listener: (message: unknown) => void): boolean;
}

interface Platform {
  readonly process?: { getBuiltinModule?(id: string): unknown } | undefined;
}

function diagnosticsChannel(): DiagnosticsChannel {
  const module = (globalThis as Platform).process?.getBuiltinModule?.('node:diagnostics_channel');
  if (module !== undefined) return module as DiagnosticsChannel;
  const message =
    'traceServer listens to node:diagnostics_channel, which this platform does not have. Run the server on Node 20.16 or later.';
  throw new HoldfastError(message, { code: 'no-diagnostics-channel', phase: 'prepare' });
}
