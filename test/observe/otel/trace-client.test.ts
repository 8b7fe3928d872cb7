// Spans of what a session is asked to do, and their context on its way to the server.

import * as api from '@opentelemetry/api';
import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type TraceClientOptions, traceClient } from '../../../src/observe/otel/index.js';
import type { InterceptorSession } from '../../../src/session/interceptors.js';
import type { FakeConnectionSettings } from '../../session/support/fake-transport.js';
import { readySession, watch } from '../../session/support/harness.js';
import { endedSpan, endedSpans, registerOpenTelemetry, unregisterOpenTelemetry } from './open-telemetry.js';

beforeEach(registerOpenTelemetry);
afterEach(unregisterOpenTelemetry);

type Ready = Awaited<ReturnType<typeof readySession>>;

async function traced(options?: TraceClientOptions, connection: FakeConnectionSettings = {}): Promise<Ready> {
  return readySession({ connection, interceptors: { call: [await traceClient(options)] } });
}

function traceparentOf(span: ReadableSpan): string {
  const { traceId, spanId } = span.spanContext();
  return `00-${traceId}-${spanId}-01`;
}

function within(work: () => void): Span {
  const span = trace.getTracer('program').startSpan('handler');
  context.with(trace.setSpan(context.active(), span), work);
  return span;
}

describe('the span of a call', () => {
  test('lasts from the call to its answer, under the span that was active where it was made', async () => {
    const ready = await traced();
    const handler = within(() => void ready.session.result('query Basket { basket }'));
    await ready.settle();
    expect(endedSpans()).toEqual([]);
    ready.connection.latest.data({ basket: 1 });
    await ready.settle();
    const span = endedSpan('query Basket');
    expect(span.kind).toBe(SpanKind.CLIENT);
    expect(span.parentSpanContext?.spanId).toBe(handler.spanContext().spanId);
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    expect(span.attributes).toEqual({ 'graphql.operation.type': 'query', 'graphql.operation.name': 'Basket' });
    expect(span.events.map(({ name }) => name)).toEqual(['sending']);
  });

  test('is named by the kind alone where the operation has no name, and holds the document where that is asked for', async () => {
    const ready = await traced({ document: true });
    void ready.session.result('mutation { buy }');
    ready.connection.latest.data({ buy: 1 });
    await ready.settle();
    expect(endedSpan('mutation').attributes).toEqual({
      'graphql.operation.type': 'mutation',
      'graphql.document': 'mutation { buy }',
    });
  });

  test('is one for all sends of it, each of which is an event', async () => {
    const ready = await traced();
    const call = watch(ready.session.result('{ a }'));
    ready.connection.lose();
    const next = await ready.accept();
    next.latest.data({ a: 1 });
    await ready.settle();
    expect(call.value).toMatchObject({ data: { a: 1 } });
    expect(endedSpan('query').events.map(({ name }) => name)).toEqual(['sending', 'sending']);
    expect(ready.connection.latest.request.extensions?.text).toBe(next.latest.request.extensions?.text);
  });

  test('has those of its sends for children where attempts are traced too', async () => {
    const tracing = await traceClient();
    const ready = await readySession({ interceptors: { call: [tracing], attempt: [tracing] } });
    void ready.session.result('{ a }');
    const [lost] = ready.connection.requests;
    ready.connection.lose();
    const next = await ready.accept();
    next.latest.data({ a: 1 });
    await ready.settle();
    const [first, second, call] = endedSpans();
    expect([first, second].map((span) => span?.parentSpanContext?.spanId)).toEqual(
      new Array(2).fill(call?.spanContext().spanId),
    );
    expect([first, second, call].map((span) => span?.attributes['error.type'])).toEqual([
      'closed',
      undefined,
      undefined,
    ]);
    expect([lost, next.latest].map((sent) => sent?.request.extensions?.value.traceparent)).toEqual(
      [first, second].map((span) => span && traceparentOf(span)),
    );
  });
});

describe('how a span ends', () => {
  test('with errors that the server answered', async () => {
    const ready = await traced();
    void ready.session.result('{ a }');
    ready.connection.latest.next({ data: { a: null }, errors: [{ message: 'No a today' }] });
    await ready.settle();
    const { status, attributes } = endedSpan('query');
    expect(status).toEqual({ code: SpanStatusCode.ERROR, message: 'No a today' });
    expect(attributes['error.type']).toBe('graphql-errors');
  });

  test('with a failure, by its code', async () => {
    const ready = await traced();
    const call = watch(ready.session.result('mutation { pay }'));
    ready.connection.lose();
    await ready.settle();
    expect(call.status).toBe('rejected');
    const { status, attributes } = endedSpan('mutation');
    expect(status.code).toBe(SpanStatusCode.ERROR);
    expect(attributes['error.type']).toBe('closed');
  });

  test('with a cancellation, which is no error', async () => {
    const ready = await traced();
    const giveUp = new AbortController();
    const call = watch(ready.session.result('{ a }', {}, { signal: giveUp.signal }));
    giveUp.abort();
    await ready.settle();
    expect(call.status).toBe('rejected');
    const { status, attributes } = endedSpan('query');
    expect(status.code).toBe(SpanStatusCode.UNSET);
    expect(attributes['holdfast.outcome']).toBe('cancelled');
  });

  test('of a subscription: with it, and with its events, whatever errors they hold', async () => {
    const ready = await traced();
    const ticks = ready.session.subscribe('subscription Ticks { tick }');
    await ready.settle();
    ready.connection.latest.next({ data: { tick: 1 } });
    ready.connection.latest.next({ data: null, errors: [{ message: 'No tick' }] });
    await ready.settle();
    expect(endedSpans()).toEqual([]);
    ready.connection.latest.complete();
    await ready.settle();
    const { events, status } = endedSpan('subscription Ticks');
    expect(events.map(({ name }) => name)).toEqual(['sending', 'event', 'event']);
    expect(status.code).toBe(SpanStatusCode.UNSET);
    await ticks.return?.();
  });

  test('of an answer in parts: with the last of them, as an error where one of them held errors', async () => {
    const ready = await traced();
    const parts = ready.session.stream('query Parts { a ... @defer { b } }');
    await ready.settle();
    const { latest } = ready.connection;
    latest.next({ data: { a: null }, errors: [{ message: 'No a today' }], hasNext: true });
    expect(endedSpans()).toEqual([]);
    latest.next({ hasNext: false });
    await ready.settle();
    const { events, status } = endedSpan('query Parts');
    expect(events.map(({ name }) => name)).toEqual(['sending', 'event', 'event']);
    expect(status.code).toBe(SpanStatusCode.ERROR);
    await parts.return?.();
  });
});

describe('the trace context', () => {
  test('goes into the extensions, beside those of the call, and into the headers', async () => {
    const ready = await traced();
    void ready.session.result('{ a }', {}, { extensions: { own: 1 }, headers: { 'x-own': '1' } });
    const { request } = ready.connection.latest;
    ready.connection.latest.data({ a: 1 });
    await ready.settle();
    const traceparent = traceparentOf(endedSpan('query'));
    expect(request.extensions?.value).toEqual({ own: 1, traceparent });
    expect(request.headers).toEqual({ 'x-own': '1', traceparent });
  });

  test('takes tracestate along', async () => {
    const ready = await traced();
    const traceState = api.createTraceState('vendor=7');
    const remote = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1, traceState };
    context.with(trace.setSpanContext(context.active(), remote), () => void ready.session.result('{ a }'));
    expect(ready.connection.latest.request.extensions?.value).toMatchObject({ tracestate: 'vendor=7' });
  });

  test('of the call itself goes before the active span', async () => {
    const ready = await traced();
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    within(() => void ready.session.result('{ a }', {}, { extensions: { traceparent } }));
    ready.connection.latest.data({ a: 1 });
    await ready.settle();
    expect(endedSpan('query').parentSpanContext?.spanId).toBe('2'.repeat(16));
  });

  test.each([
    ['by option', { headers: false }, {}],
    ['for a call that goes in a batch', {}, { batch: 'page' }],
  ])('stays out of the headers %s', async (_, options, call) => {
    const ready = await traced(options);
    void ready.session.result('{ a }', {}, call);
    const { headers, extensions } = ready.connection.latest.request;
    expect(extensions?.value).toHaveProperty('traceparent');
    expect(headers ?? {}).not.toHaveProperty('traceparent');
  });

  test('is nowhere where no propagator is registered: the request stays as it is', async () => {
    propagation.disable();
    const ready = await traced();
    void ready.session.result('{ a }');
    const { headers, extensions } = ready.connection.latest.request;
    expect([headers, extensions]).toEqual([undefined, undefined]);
    ready.connection.latest.data({ a: 1 });
    await ready.settle();
    expect(endedSpan('query').ended).toBe(true);
  });

  test('is the active one while the request is handed to the transport', async () => {
    const seen: (string | undefined)[] = [];
    const tracing = await traceClient({ api });
    const ready = await readySession({
      interceptors: {
        call: [
          tracing,
          (next) => (request, sink) => {
            seen.push(trace.getActiveSpan()?.spanContext().spanId);
            return next(request, sink);
          },
        ],
      },
    });
    void ready.session.result('{ a }');
    ready.connection.latest.data({ a: 1 });
    await ready.settle();
    expect(seen).toEqual([endedSpan('query').spanContext().spanId]);
  });
});

describe('what the tracer stands between', () => {
  test('events can still be held back one operation at a time', async () => {
    const tracing = await traceClient();
    const pause = vi.fn();
    const flow = { pause, resume: (): void => {} };
    const request = { id: '1', kind: 'subscription', query: '', operationName: undefined } as Parameters<
      ReturnType<typeof tracing>
    >[0];
    const sink = { sending() {}, next() {}, error() {}, complete() {} };
    const handle = tracing(() => ({ cancel: () => {}, flow }), {} as InterceptorSession)(request, sink);
    handle.flow?.pause();
    expect(pause).toHaveBeenCalledOnce();
    handle.cancel();
  });

  test('an unknown option is refused at once', async () => {
    await expect(traceClient({ header: false } as TraceClientOptions)).rejects.toThrow('Did you mean "headers"?');
  });
});
