// OpenTelemetry as a program sets it up, with spans that end up in memory: a provider of the SDK, a context manager on
// AsyncLocalStorage, and a propagator of W3C Trace Context, level 1.

import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  type ContextManager,
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type TextMapPropagator,
  trace,
} from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

class StorageContextManager implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();

  active(): Context {
    return this.#storage.getStore() ?? ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    active: Context,
    work: F,
    self?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#storage.run(active, () => work.apply(self, args));
  }

  bind<T>(_active: Context, target: T): T {
    return target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    this.#storage.disable();
    return this;
  }
}

const traceContext: TextMapPropagator = {
  inject(from, carrier, setter) {
    const span = trace.getSpanContext(from);
    if (span === undefined) return;
    setter.set(carrier, 'traceparent', `00-${span.traceId}-${span.spanId}-0${span.traceFlags}`);
    if (span.traceState !== undefined) setter.set(carrier, 'tracestate', span.traceState.serialize());
  },
  extract(into, carrier, getter) {
    const text = getter.get(carrier, 'traceparent');
    const [, traceId = '', spanId = '', flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-0([01])$/.exec(String(text)) ?? [];
    const remote = { traceId, spanId, traceFlags: Number(flags), isRemote: true };
    return isSpanContextValid(remote) ? trace.setSpanContext(into, remote) : into;
  },
  fields: () => ['traceparent', 'tracestate'],
};

const exporter = new InMemorySpanExporter();

/** Registers it all, as a program does when it starts. */
export function registerOpenTelemetry(): void {
  context.setGlobalContextManager(new StorageContextManager());
  propagation.setGlobalPropagator(traceContext);
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
}

export function unregisterOpenTelemetry(): void {
  context.disable();
  propagation.disable();
  trace.disable();
  exporter.reset();
}

/** Spans that have ended, in the order of their ends. */
export function endedSpans(): ReadableSpan[] {
  return exporter.getFinishedSpans();
}

/** The one span that has ended with this name. */
export function endedSpan(name: string): ReadableSpan {
  const found = endedSpans().filter((span) => span.name === name);
  const [span] = found;
  if (span === undefined || found.length > 1) {
    const names = endedSpans().map((one) => one.name);
    throw new Error(`There are ${found.length} spans "${name}" among ${JSON.stringify(names)}.`);
  }
  return span;
}
