// Sessions over undici against our own server: what a program sees of it, and a process that ends.

import { spawn } from 'node:child_process';
import { buildSchema } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import { createServer, type Serving, serve } from '../../../src/server/index.js';
import { systemClock } from '../../../src/session/clock.js';
import { connect, createSession } from '../../../src/session/session.js';
import type { OpenContext } from '../../../src/transport/contract.js';
import { undici } from '../../../src/transport/undici/index.js';
import { builtFile } from '../../support/built.js';
import { deadPort } from './support/servers.js';

async function start(): Promise<Serving> {
  const schema = buildSchema(`
    type Query { hello(name: String!): String }
    type Mutation { add(n: Int!): Int }
    type Subscription { count(to: Int!): Int }
  `);
  let total = 0;
  const rootValue = {
    hello: ({ name }: { name: string }) => `Hello, ${name}`,
    add: ({ n }: { n: number }) => {
      total += n;
      return total;
    },
    count: async function* ({ to }: { to: number }) {
      for (let n = 1; n <= to; n++) yield { count: n };
    },
  };
  const serving = await serve(createServer({ schema, rootValue }), { port: 0, quiet: true });
  onTestFinished(() => serving.close({ graceMs: 0 }));
  return serving;
}

const httpOf = (serving: Serving): string => serving.url.replace(/^ws/, 'http');

test('queries, mutations and subscriptions are answered over one transport', async () => {
  const session = await connect({ transport: undici(httpOf(await start())) });
  onTestFinished(() => session.close());
  const hello = 'query Hello($name: String!) { hello(name: $name) }';
  const many = Array.from({ length: 100 }, (_, n) => session.execute(hello, { name: String(n) }));
  expect(await Promise.all(many)).toEqual(Array.from({ length: 100 }, (_, n) => ({ hello: `Hello, ${n}` })));
  expect(await session.execute('mutation { add(n: 3) }')).toEqual({ add: 3 });
  const counted: unknown[] = [];
  for await (const event of session.subscribe('subscription { count(to: 3) }')) counted.push(event);
  expect(counted).toMatchObject([1, 2, 3].map((count) => ({ type: 'data', data: { count } })));
});

test('a call to a server that is not there waits for it within its own deadline, and says what was tried', async () => {
  const session = createSession({ transport: undici(`http://127.0.0.1:${deadPort}/graphql`) });
  onTestFinished(() => session.close());
  const error = await session.execute('mutation { add(n: 1) }', undefined, { deadlineMs: 300 }).catch((one) => one);
  expect(error).toMatchObject({ delivery: 'not-sent' });
});

test('an attempt that the session gave up opens nothing', async () => {
  const transport = undici('http://127.0.0.1:1/graphql');
  const context: OpenContext = {
    signal: AbortSignal.abort(),
    generation: 1,
    credentials: {},
    clock: systemClock,
    limits: { openTimeoutMs: 1, ackTimeoutMs: 1, closeTimeoutMs: 1, maxMessageBytes: 1 },
  };
  const events = { heard() {}, keepAlive() {}, pong() {}, control() {}, goingAway() {}, backlog() {} };
  await expect(transport.open(context, events)).rejects.toMatchObject({
    name: 'OpenError',
    failure: { code: 'aborted', phase: 'connect' },
  });
});

/** A program starts slowly where many do: that is not what is tested. */
const boundMs = 60_000;

/** From the closing on. Well below every timer of a session: 10 s until stable, 15 s of silence, 30 s of deadline. */
const lingerMs = 8_000;

test(
  'a process ends by itself after its session was closed, also with a stream and a call that hang',
  async () => {
    const program = `
    import { createServer } from 'node:http';
    import { connect } from ${JSON.stringify(builtFile('index.js'))};
    import { undici } from ${JSON.stringify(builtFile('transport/undici/index.js'))};
    let asked = 0;
    const server = createServer((request, response) => {
      asked += 1;
      if (request.headers.accept.startsWith('text/event-stream')) {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\\n\\n');
      } else request.resume();
    });
    await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
    const session = await connect({ transport: undici('http://127.0.0.1:' + server.address().port + '/graphql') });
    session.subscribe('subscription { idle }');
    const call = session.execute('{ hang }').catch((error) => console.log(error.name));
    while (asked < 2) await new Promise((requested) => server.once('request', requested));
    setTimeout(() => {
      console.log('kept alive by', process.getActiveResourcesInfo());
      process.exit(1);
    }, ${lingerMs}).unref();
    await session.close({ graceMs: 0 });
    await call;
    server.close(() => console.log('server closed'));
  `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: boundMs,
      killSignal: 'SIGKILL',
    });
    let out = '';
    child.stdout.on('data', (data: Buffer) => {
      out += data;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(out).toBe('SessionClosedError\nserver closed\n');
    expect(code).toBe(0);
  },
  2 * boundMs,
);
