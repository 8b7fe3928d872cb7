// A server in a process of its own, so that the heap that is measured is the server's alone.

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { builtFile } from '../../../support/built.js';

/** What the server holds. */
export interface Sample {
  /** Bytes of the heap in use after garbage collection. */
  readonly heap: number;
  readonly stats: Readonly<Record<string, number>>;
  /** Everything that was reported or escaped. */
  readonly failures: readonly string[];
}

const program = (): string => `
  import { buildSchema } from 'graphql';
  import { ConnectionRefused, createServer, serve } from ${JSON.stringify(pathToFileURL(builtFile('server/index.js')).href)};
  const failures = [];
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    process.on(event, (error) => failures.push(event + ': ' + error?.stack));
  }
  const schema = buildSchema(
    'type Query { hello(name: String): String } type Mutation { add: Int } type Subscription { count(to: Int!): Int, forever: Int }',
  );
  schema.getQueryType().getFields().hello.resolve = (_source, { name }) => 'Hello ' + (name ?? 'world');
  schema.getMutationType().getFields().add.resolve = async () => 1;
  const { count, forever } = schema.getSubscriptionType().getFields();
  count.resolve = forever.resolve = (event) => event;
  count.subscribe = async function* (_source, { to }) {
    for (let i = 1; i <= to; i++) yield i;
  };
  forever.subscribe = async function* (_source, _args, { signal }) {
    yield 1;
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };
  const many = Infinity;
  const server = createServer({
    schema,
    limits: { connectionsPerPrincipal: many, messagesPerSecond: many, messageBurst: many, operationsPerConnection: 2000 },
    principal: ({ connectionParams }) => connectionParams?.user ?? 'nobody',
    onConnect({ connectionParams }) {
      if (connectionParams?.user === 'stranger') throw new ConnectionRefused('Not you');
      return new Promise((resolve) => setImmediate(resolve));
    },
    onDisconnect() {},
    onError: (error, source) => failures.push(source + ': ' + error?.stack),
  });
  const { url, webSocketUrl, port } = await serve(server, { port: 0, quiet: true, metricsPath: '/metrics' });
  process.on('message', async () => {
    const { failedSockets, ...held } = server.stats();
    // What has just ended may be held by the turn that ended it.
    let heap = Infinity;
    for (let i = 0; i < 5; i++) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      gc();
      heap = Math.min(heap, process.memoryUsage().heapUsed);
    }
    process.send({ heap, stats: held, failures });
  });
  process.send({ url, webSocketUrl, port });
`;

export class Served {
  readonly url: string;
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, { url, port }: { readonly url: string; readonly port: number }) {
    this.#child = child;
    this.url = url;
    this.port = port;
  }

  /** Ends with the test. What V8 makes of functions that are called often is on the heap, too, and grows for minutes: it is off. */
  static async start(): Promise<Served> {
    const child = spawn(process.execPath, ['--expose-gc', '--no-opt', '--input-type=module', '--eval', program()], {
      cwd: join(import.meta.dirname, '../../../..'),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    return new Served(child, await message(child));
  }

  /** Waits until it holds so many connections and nothing else; after twenty seconds it says what it holds. */
  async sample(connections: number = 0): Promise<Sample> {
    for (const deadline = Date.now() + 20_000; ; ) {
      const sample = await this.#ask();
      const { stats } = sample;
      const isIdle = stats.connections === connections && stats.operations === 0 && stats.sources === 0;
      if (isIdle || Date.now() > deadline) return sample;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** The gauges among its figures. */
  async gauges(): Promise<Readonly<Record<string, number>>> {
    const text = await (await fetch(new URL('/metrics', this.url))).text();
    const names = [...text.matchAll(/^# TYPE (\S+) gauge$/gm)].map(([, name]) => String(name));
    return Object.fromEntries(names.map((name) => [name, Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1])]));
  }

  #ask(): Promise<Sample> {
    const answer = message<Sample>(this.#child);
    this.#child.send('sample');
    return answer;
  }
}

function message<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('The server has ended.'));
    child.once('exit', ended);
    child.once('message', (value) => {
      child.off('exit', ended);
      resolve(value as T);
    });
  });
}
