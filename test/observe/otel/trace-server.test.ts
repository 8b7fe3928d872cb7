// Spans of what a server runs, made of what it publishes.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import * as api from '@opentelemetry/api';
import { context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type TraceServerOptions, traceServer } from '../../../src/observe/otel/index.js';
import type { Outcome } from '../../../src/server/telemetry/messages.js';
import { Telemetry } from '../../../src/server/telemetry/telemetry.js';
import { ManualTimers } from '../../server/support/manual-timers.js';
import { endedSpan, endedSpans, registerOpenTelemetry, unregisterOpenTelemetry } from './open-telemetry.js';

const leave: (() => void)[] = [];

beforeEach(registerOpenTelemetry);

afterEach(() => {
  for (const one of leave.splice(0)) one();
  unregisterOpenTelemetry();
  vi.restoreAllMocks();
});

interface Given {
  readonly headers?: Record<string, string>;
  readonly extensions?: Record<string, string>;
}

/** A server in name only: it says what the parts of one say. */
class Told {
  readonly telemetry: Telemetry = new Telemetry(new ManualTimers());

  start({ headers = {}, extensions }: Given = {}): ReturnType<Telemetry['operation']> {
    return this.telemetry.operation({ extensions }, { headers });
  }

  end(observed: ReturnType<Telemetry['operation']>, outcome: Outcome = 'ok'): void {
    this.telemetry.ended('query', outcome, 0, observed);
  }
}

async function tracing(options?: TraceServerOptions): Promise<Told> {
  leave.push(await traceServer(options));
  return new Told();
}

const remote = (digit: string) => ({
  traceId: digit.repeat(32),
  spanId: digit.repeat(16),
  traceparent: `00-${digit.repeat(32)}-${digit.repeat(16)}-01`,
});

describe('the span of an operation', () => {
  test('is named by its kind, and holds kind and name as the conventions have them', async () => {
    const told = await tracing();
    const observed = told.start();
    observed?.known('query', 'Basket', '{ basket }');
    told.end(observed);
    const span = endedSpan('query');
    expect(span.kind).toBe(SpanKind.SERVER);
    expect(span.attributes).toEqual({
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Basket',
      'holdfast.outcome': 'ok',
      'holdfast.events': 0,
    });
    expect(span.parentSpanContext).toBeUndefined();
  });

  test('has the name and the document where that is asked for', async () => {
    const told = await tracing({ operationNames: true, document: true });
    const [named, unnamed] = [told.start(), told.start()];
    named?.known('query', 'Basket', 'query Basket { basket }');
    unnamed?.known('mutation', undefined, 'mutation { buy }');
    told.end(named);
    told.end(unnamed);
    expect(endedSpan('query Basket').attributes['graphql.document']).toBe('query Basket { basket }');
    expect(endedSpan('mutation').attributes['graphql.document']).toBe('mutation { buy }');
  });

  test.each<readonly [Outcome, SpanStatusCode, string | undefined]>([
    ['ok', SpanStatusCode.UNSET, undefined],
    ['stopped', SpanStatusCode.UNSET, undefined],
    ['partial', SpanStatusCode.ERROR, 'partial'],
    ['failed', SpanStatusCode.ERROR, 'failed'],
    ['refused', SpanStatusCode.ERROR, 'refused'],
  ])('of which the outcome is %s has the status %i', async (outcome, status, errorType) => {
    const told = await tracing();
    told.end(told.start(), outcome);
    const span = endedSpan('GraphQL Operation');
    expect(span.status.code).toBe(status);
    expect(span.attributes['error.type']).toBe(errorType);
    expect(span.attributes['holdfast.outcome']).toBe(outcome);
  });

  test('has the events of its subscription as events', async () => {
    const told = await tracing();
    const observed = told.start();
    observed?.known('subscription', undefined, 'subscription { tick }');
    told.telemetry.event(observed);
    told.telemetry.event(observed);
    told.end(observed, 'stopped');
    const { events, attributes } = endedSpan('subscription');
    expect(events.map(({ name, attributes: of }) => [name, of?.['holdfast.event.number']])).toEqual([
      ['event', 1],
      ['event', 2],
    ]);
    expect(attributes['holdfast.events']).toBe(2);
  });

  test('is made by the tracer that is given', async () => {
    const tracer = trace.getTracer('of the program');
    const started = vi.spyOn(tracer, 'startSpan');
    const told = await tracing({ tracer });
    told.end(told.start());
    expect(started).toHaveBeenCalledOnce();
    expect(endedSpans()).toHaveLength(1);
  });
});

describe('its parent', () => {
  const [one, other] = [remote('1'), remote('2')];

  /** Runs `work` while a span is the active one, as an instrumentation of HTTP does. */
  function within(traceparent: string | undefined, work: () => void): Span {
    const carrier = traceparent === undefined ? {} : { traceparent };
    const parent = api.propagation.extract(context.active(), carrier);
    const span = trace.getTracer('http').startSpan('POST', {}, parent);
    context.with(trace.setSpan(parent, span), work);
    return span;
  }

  test('is what the headers say', async () => {
    const told = await tracing();
    told.end(told.start({ headers: { traceparent: one.traceparent } }));
    expect(endedSpan('GraphQL Operation').parentSpanContext).toMatchObject({
      traceId: one.traceId,
      spanId: one.spanId,
    });
  });

  test('is what the extensions say, whatever the headers do', async () => {
    const told = await tracing();
    told.end(told.start({ headers: { traceparent: one.traceparent }, extensions: { traceparent: other.traceparent } }));
    expect(endedSpan('GraphQL Operation').parentSpanContext?.spanId).toBe(other.spanId);
  });

  test('is what the headers say where the extensions hold something that is none', async () => {
    const told = await tracing();
    told.end(told.start({ headers: { traceparent: one.traceparent }, extensions: { traceparent: 'nonsense' } }));
    expect(endedSpan('GraphQL Operation').parentSpanContext?.spanId).toBe(one.spanId);
  });

  test.each([
    ['nothing', {}],
    ['the headers', { headers: { traceparent: one.traceparent } }],
    [
      'headers and extensions',
      { headers: { traceparent: one.traceparent }, extensions: { traceparent: one.traceparent } },
    ],
  ])('is the active span that was made of the request where %s names a parent', async (_, given: Given) => {
    const told = await tracing();
    const http = within(given.headers?.traceparent, () => told.end(told.start(given)));
    expect(endedSpan('GraphQL Operation').parentSpanContext?.spanId).toBe(http.spanContext().spanId);
  });

  test('is what the request says, not an active span of another trace', async () => {
    const told = await tracing();
    within(undefined, () => told.end(told.start({ headers: { traceparent: one.traceparent } })));
    expect(endedSpan('GraphQL Operation').parentSpanContext?.spanId).toBe(one.spanId);
  });

  test('is what the extensions say, not the active span of a request that holds several operations', async () => {
    const told = await tracing();
    within(one.traceparent, () =>
      told.end(
        told.start({ headers: { traceparent: one.traceparent }, extensions: { traceparent: other.traceparent } }),
      ),
    );
    expect(endedSpan('GraphQL Operation').parentSpanContext?.spanId).toBe(other.spanId);
  });
});

describe('while an operation runs', () => {
  test('its span is the active one, also after a wait, and not outside of it', async () => {
    const told = await tracing();
    const observed = told.start();
    await observed?.run(async () => {
      await Promise.resolve();
      trace.getTracer('program').startSpan('resolver').end();
    });
    trace.getTracer('program').startSpan('elsewhere').end();
    told.end(observed);
    expect(endedSpan('resolver').parentSpanContext?.spanId).toBe(endedSpan('GraphQL Operation').spanContext().spanId);
    expect(endedSpan('elsewhere').parentSpanContext).toBeUndefined();
  });
});

describe('when tracing stops', () => {
  test('the spans of what still runs end, and nothing is traced any more', async () => {
    const stop = await traceServer();
    const told = new Told();
    const running = told.start();
    stop();
    expect(endedSpans()).toHaveLength(1);
    expect(told.start()).toBeUndefined();
    told.end(running);
    expect(endedSpans()).toHaveLength(1);
  });

  test('and of what began before it started there are none', async () => {
    const other = (): void => {};
    subscribe('holdfast:server:operation', other);
    leave.push(() => unsubscribe('holdfast:server:operation', other));
    const told = new Told();
    const before = told.start();
    await tracing();
    before?.known('query', undefined, '{ hello }');
    told.end(before);
    expect(before).toBeDefined();
    expect(endedSpans()).toEqual([]);
  });
});

describe('what goes wrong', () => {
  test('in a propagator concerns no operation: it is told to the diagnostics of OpenTelemetry', async () => {
    const broken = {
      ...api.propagation,
      extract: () => {
        throw new Error('No context today');
      },
      inject: () => {},
    };
    const told = vi.fn();
    const server = await tracing({ api: { ...api, propagation: broken, diag: { error: told } } });
    const observed = server.start();
    expect(observed?.run(() => 'answered')).toBe('answered');
    server.end(observed);
    expect(told).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining('could not be traced'),
      new Error('No context today'),
    );
    expect(endedSpans()).toEqual([]);
  });

  test('in the options is refused at once', async () => {
    await expect(traceServer({ documents: true } as TraceServerOptions)).rejects.toThrow('Did you mean "document"?');
  });

  test('on a platform without diagnostics channels is said', async () => {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
    await expect(traceServer()).rejects.toMatchObject({ code: 'no-diagnostics-channel' });
  });
});
