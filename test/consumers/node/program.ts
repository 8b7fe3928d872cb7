// A program that uses every part of Holdfast from outside. The package checks install the packed tarball beside it, with
// graphql 16 and with graphql 17, compile it with the oldest and the newest TypeScript that consumers use, and run it.

import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { buildSchema, GraphQLError } from 'graphql';
import {
  type CallResult,
  ConnectError,
  connect,
  createSession,
  GraphQLResultError,
  HoldfastError,
  jitter,
  OptionError,
  type Session,
  type SessionOptions,
  type SessionState,
  type SubscriptionEvent,
} from 'holdfast';
import { viaFetch } from 'holdfast/fetch';
import { http2 } from 'holdfast/http2';
import { local } from 'holdfast/local';
import { traceServer } from 'holdfast/otel';
import {
  ConnectionRefused,
  createHandler,
  createServer,
  type IdempotencyStore,
  jit,
  memoryIdempotency,
  redisIdempotency,
  type Server,
  type ServerOptions,
  type Serving,
  serve,
} from 'holdfast/server';
import { createExpressMiddleware } from 'holdfast/server/express';
import { type FastifyApp, type HoldfastFastifyOptions, holdfastFastify } from 'holdfast/server/fastify';
import { createFetchHandler, type FetchHandler } from 'holdfast/server/fetch';
import { type FaultProxy, faultProxy, seededRandom, VirtualClock } from 'holdfast/testing';
import { undici } from 'holdfast/undici';
import { type Subprotocol, webSocket } from 'holdfast/websocket';

interface Greeting {
  readonly hello: string;
}

const schema = buildSchema(`
  type Query { hello(name: String!): String!, broken: String }
  type Mutation { add(amount: Int!): Int! }
  type Subscription { count(from: Int!): Int! }
`);

let total = 0;

const options: ServerOptions = {
  schema,
  rootValue: {
    hello: ({ name }: { name: string }) => `Hello, ${name}!`,
    broken: () => {
      throw new GraphQLError('This field is broken.', { extensions: { code: 'BROKEN' } });
    },
    add: ({ amount }: { amount: number }) => {
      total += amount;
      return total;
    },
    async *count({ from }: { from: number }) {
      for (let count = from; ; count += 1) {
        yield { count };
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  },
  onConnect: ({ connectionParams }) => {
    if (connectionParams?.token === 'refused') throw new ConnectionRefused('This token is refused.');
  },
};

async function queries(session: Session): Promise<void> {
  const data = await session.execute<Greeting>('query ($name: String!) { hello(name: $name) }', { name: 'Ada' });
  assert.equal(data.hello, 'Hello, Ada!');
  const { data: same, errors, meta }: CallResult<Greeting> = await session.result<Greeting>('{ hello(name: "Ada") }');
  assert.deepEqual([same?.hello, errors, meta.attempts], ['Hello, Ada!', undefined, 1]);
}

async function mutations(session: Session): Promise<void> {
  const document = 'mutation ($amount: Int!) { add(amount: $amount) }';
  const before = total;
  await session.execute(document, { amount: 2 }, { deadlineMs: 10_000 });
  assert.deepEqual(await session.execute(document, { amount: 3 }), { add: before + 5 });
}

async function errors(session: Session, address: string): Promise<void> {
  const failed = await session.execute('{ broken }').catch((error: unknown) => error);
  assert.ok(failed instanceof GraphQLResultError && failed instanceof HoldfastError);
  assert.deepEqual([failed.delivery, failed.errors[0]?.extensions?.code], ['answered', 'BROKEN']);
  const invalid = await session.result('{ nothing }');
  assert.match(invalid.errors?.[0]?.message ?? '', /nothing/);

  const refused = connect({ transport: webSocket(address), credentials: { connectionParams: { token: 'refused' } } });
  await assert.rejects(refused, (error) => error instanceof ConnectError && error.attempts > 0);
  assert.throws(() => createSession({ transport: webSocket(address), retries: 3 } as SessionOptions), OptionError);
}

async function subscriptions(session: Session, proxy: FaultProxy): Promise<void> {
  const seen: SubscriptionEvent<{ count: number }>['type'][] = [];
  const counting = session.subscribe<{ count: number }>('subscription ($from: Int!) { count(from: $from) }', {
    from: 7,
  });
  for await (const event of counting) {
    seen.push(event.type);
    if (event.type === 'gap') break;
    if (event.type === 'data' && event.data.count === 9) proxy.cut();
  }
  assert.deepEqual([...new Set(seen)], ['data', 'gap']);
  for await (const { count } of session
    .subscribe<{ count: number }>('subscription { count(from: 1) }')
    .data({ onGap: 'fail' })) {
    if (count === 2) break;
  }
}

async function post(serving: Serving): Promise<void> {
  const response = await fetch(serving.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ hello(name: "Grace") }' }),
  });
  assert.deepEqual([response.status, await response.json()], [200, { data: { hello: 'Hello, Grace!' } }]);
}

async function overWebSocket(subprotocol: Subprotocol, port: number): Promise<void> {
  await using proxy = await faultProxy({ target: { port } });
  const address = proxy.url('ws', '/graphql');
  await using session = await connect({
    transport: webSocket(address, { protocols: [subprotocol] }),
    retry: { connect: { delayMs: jitter({ baseMs: 10, capMs: 100 }) } },
    random: seededRandom(1),
  });
  const states: SessionState['status'][] = [];
  session.on('state', ({ status }) => states.push(status));
  await queries(session);
  await mutations(session);
  await errors(session, address);
  await subscriptions(session, proxy);
  await session.close();
  assert.deepEqual([states.includes('connecting'), session.state.status], [true, 'closed']);
}

async function inProcess(server: Server): Promise<void> {
  await using session = await connect({ transport: local(server.executor) });
  await queries(session);
  await mutations(session);
}

/** Neither undici nor anything else is installed beside the package: an address alone has to do. */
async function overHttp(serving: Serving): Promise<void> {
  for (const transport of [serving.url, viaFetch(serving.url)] as const) {
    await using session = await connect({ transport });
    await queries(session);
    await mutations(session);
    for await (const event of session.subscribe('subscription { count(from: 1) }')) {
      assert.equal(event.type, 'data');
      break;
    }
  }
  const missing = connect({ transport: undici(serving.url) });
  await assert.rejects(missing, (error) => error instanceof ConnectError && /npm install "undici@/.test(error.message));
}

async function overHttp2(): Promise<void> {
  const handler = await createHandler(createServer(options), { path: '/graphql' });
  const listener = createHttp2Server(handler.request);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  const session = await connect({ transport: http2(`http://127.0.0.1:${port}/graphql`) });
  await queries(session);
  await mutations(session);
  await session.close();
  listener.close();
  await handler.close({ graceMs: 0 });
}

/** A write that is sent twice under one key runs once. */
async function idempotent(): Promise<void> {
  const idempotency: IdempotencyStore = memoryIdempotency({ windowMs: 60_000 });
  const keeping = createServer({ ...options, idempotency });
  await using session = await connect({ transport: local(keeping.executor) });
  const before = total;
  for (let i = 0; i < 2; i += 1) await session.execute('mutation { add(amount: 1) }', {}, { idempotencyKey: 'once' });
  assert.equal(total, before + 1);
}

/** The adapters, as far as they go without their frameworks. */
async function mounted(): Promise<void> {
  const answer: FetchHandler = createFetchHandler(createServer(options));
  const response = await answer(new Request('http://host.test/graphql?query={hello(name:"fetch")}'));
  assert.deepEqual(await response.json(), { data: { hello: 'Hello, fetch!' } });
  await answer.close();

  const middleware = createExpressMiddleware(createServer(options));
  const http = createHttpServer((request, reply) => middleware(request, reply, () => reply.end('next')));
  middleware.attach(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/other`)).text(), 'next');
  await using session = await connect({ transport: webSocket(`ws://127.0.0.1:${port}/graphql`) });
  await queries(session);
  await session.close();
  http.close();
  await middleware.close();

  const register: (app: FastifyApp, options: HoldfastFastifyOptions) => Promise<void> = holdfastFastify;
  assert.equal(typeof register, 'function');
}

/** Packages that are not installed are named, with the command that installs them. */
async function missing(): Promise<void> {
  const isMissing = (name: string) => (error: unknown) =>
    error instanceof Error && error.message.includes(`npm install "${name}@`);
  await assert.rejects(serve(createServer({ ...options, engine: jit() }), { port: 0 }), isMissing('graphql-jit'));
  await assert.rejects(traceServer(), isMissing('@opentelemetry/api'));
  const store = redisIdempotency({ url: 'redis://127.0.0.1:1' });
  await assert.rejects(Promise.resolve(store.begin({ scope: 's', key: 'k' }, 'f')), isMissing('redis'));
  await store.close();
}

const server = createServer(options);
await inProcess(server);
await idempotent();
await mounted();
await missing();
await using serving = await serve(server, { port: 0 });
await overHttp(serving);
await overHttp2();
await overWebSocket('graphql-transport-ws', serving.port);
await overWebSocket('graphql-ws', serving.port);
await post(serving);
assert.equal(new VirtualClock().now() >= 0, true);
console.log('every part of the package works');
