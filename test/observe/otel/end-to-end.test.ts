// One trace from a caller's span through session, wire and server to the spans of resolvers, over real sockets.

import { context, trace } from '@opentelemetry/api';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { traceClient, traceServer } from '../../../src/observe/otel/index.js';
import { createSession, type Session } from '../../../src/session/session.js';
import type { Transport } from '../../../src/transport/contract.js';
import { viaFetch } from '../../../src/transport/fetch/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { startServer, type TestServer, until } from '../../server/support/serving.js';
import { endedSpan, endedSpans, registerOpenTelemetry, unregisterOpenTelemetry } from './open-telemetry.js';

const leave: (() => unknown)[] = [];

beforeEach(async () => {
  registerOpenTelemetry();
  leave.push(await traceServer({ operationNames: true }));
});

afterEach(async () => {
  for (const one of leave.splice(0).reverse()) await one();
  unregisterOpenTelemetry();
});

/** Something of a resolver that deserves a span of its own. */
async function work(name: string): Promise<void> {
  await Promise.resolve();
  trace.getTracer('program').startSpan(name).end();
}

/** A schema whose resolvers make spans, of which none knows the operation's. */
function tracedSchema(): GraphQLSchema {
  const schema = buildSchema('type Query { hello: String } type Subscription { tick: Int }');
  const { hello } = schema.getQueryType()?.getFields() ?? {};
  const { tick } = schema.getSubscriptionType()?.getFields() ?? {};
  if (hello === undefined || tick === undefined) throw new Error('The schema lacks a field.');
  hello.resolve = async () => {
    await work('load hello');
    return 'there';
  };
  tick.subscribe = async function* () {
    await work('open source');
    yield 1;
    yield 2;
  };
  tick.resolve = async (event) => {
    await work(`resolve ${event}`);
    return event;
  };
  return schema;
}

async function start(to: (server: TestServer) => Transport): Promise<Session> {
  const server = await startServer({
    schema: tracedSchema(),
    context: async () => {
      await work('make context');
      return {};
    },
  });
  leave.push(() => server[Symbol.asyncDispose]());
  const session = createSession({ transport: to(server), interceptors: { call: [await traceClient()] } });
  leave.push(() => session.close());
  return session;
}

/** Makes the calls inside of a span of the program, and gives its id. */
async function handling(calls: () => Promise<unknown>): Promise<string> {
  const span = trace.getTracer('program').startSpan('handle');
  await context.with(trace.setSpan(context.active(), span), calls);
  span.end();
  return span.spanContext().spanId;
}

/** The names of the spans from this one up to the root. */
function upFrom(name: string): string[] {
  const spans = new Map(endedSpans().map((span) => [span.spanContext().spanId, span]));
  const first = endedSpans().find((span) => span.name === name);
  const path: string[] = [];
  for (let span = first; span !== undefined; span = spans.get(span.parentSpanContext?.spanId ?? ''))
    path.push(span.name);
  return path;
}

describe.each<readonly [string, (server: TestServer) => Transport]>([
  ['WebSocket', ({ ws }) => webSocket(ws)],
  ['the legacy protocol', ({ ws }) => webSocket(ws, { protocols: ['graphql-ws'] })],
  ['HTTP', ({ url }) => viaFetch(url)],
])('over %s', (_, to) => {
  test('a span of a resolver, or of the context function, is under the operation, the call and the caller', async () => {
    const session = await start(to);
    await handling(() => session.execute('query Greet { hello }'));
    await until(() => endedSpans().length === 5);
    for (const name of ['make context', 'load hello']) {
      expect(upFrom(name)).toEqual([name, 'query Greet', 'query Greet', 'handle']);
    }
    expect(new Set(endedSpans().map((span) => span.spanContext().traceId)).size).toBe(1);
  });

  test('calls at the same time keep to their own traces', async () => {
    const session = await start(to);
    const parents = await Promise.all(
      [1, 2, 3].map((n) => handling(() => session.execute(`query Greet${n} { hello }`))),
    );
    await until(() => endedSpans().length === 15);
    const spans = endedSpans();
    for (const [index, parent] of parents.entries()) {
      const handle = spans.find((span) => span.spanContext().spanId === parent);
      const names = spans
        .filter((span) => span.spanContext().traceId === handle?.spanContext().traceId)
        .map(({ name }) => name);
      expect(names.sort()).toEqual([
        'handle',
        'load hello',
        'make context',
        `query Greet${index + 1}`,
        `query Greet${index + 1}`,
      ]);
    }
  });

  test('the source of a subscription and each of its events are under it, and counted by it', async () => {
    const session = await start(to);
    await handling(async () => {
      for await (const event of session.subscribe('subscription Ticks { tick }')) expect(event.type).toBe('data');
    });
    await until(() => endedSpans().length === 7);
    for (const name of ['make context', 'open source', 'resolve 1', 'resolve 2']) {
      expect(upFrom(name)).toEqual([name, 'subscription Ticks', 'subscription Ticks', 'handle']);
    }
    const served = endedSpans().find(({ attributes }) => attributes['holdfast.outcome'] === 'ok');
    expect(served?.events.map(({ name }) => name)).toEqual(['event', 'event']);
  });

  test('an operation that is refused has its span under the call', async () => {
    const session = await start(to);
    await handling(() => session.result('query Wrong { nothing }'));
    await until(() => endedSpans().length === 3);
    expect(upFrom('GraphQL Operation')).toEqual(['GraphQL Operation', 'query Wrong', 'handle']);
    expect(endedSpan('GraphQL Operation').attributes['error.type']).toBe('refused');
  });
});
