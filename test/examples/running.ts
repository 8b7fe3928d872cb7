// Examples as child processes, and what they are pointed at: a server on a real port, behind a proxy that breaks connections.

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildSchema } from 'graphql';
import { vi } from 'vitest';
import { createServer, serve } from '../../src/server/index.js';
import { type FaultProxy, faultProxy } from '../../src/testing/fault-proxy.js';
import { builtFile } from '../support/built.js';
import { Output } from '../support/output.js';

/** Several programs start in each of these tests, and some of them again. */
vi.setConfig({ testTimeout: 180_000 });

const running = new Set<ChildProcess>();

/** Starts an example, as in `console/main.js`. Examples import the built package. */
export function startExample(path: string, ...args: string[]): Output {
  builtFile('index.js');
  const file = fileURLToPath(new URL(`../../examples/${path}`, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  running.add(child);
  child.on('exit', () => running.delete(child));
  return new Output(child);
}

/** For `afterEach`: no example outlives its test. */
export function endExamples(): void {
  for (const child of running) child.kill('SIGKILL');
}

export interface ExampleServer extends AsyncDisposable {
  readonly proxy: FaultProxy;
  /** Through the proxy. */
  readonly address: string;
}

export async function startServer(): Promise<ExampleServer> {
  const schema = buildSchema(
    'type Query { hello(name: String = "world"): String!, fails: String } type Mutation { add(amount: Int!): Int! }',
  );
  let sum = 0;
  const rootValue = {
    hello: ({ name }: { name: string }) => `Hello ${name}`,
    fails: () => {
      throw new Error('It failed');
    },
    add: ({ amount }: { amount: number }) => {
      sum += amount;
      return sum;
    },
  };
  const serving = await serve(createServer({ schema, rootValue, development: true }), { port: 0, quiet: true });
  const proxy = await faultProxy({ target: { port: serving.port } });
  return {
    proxy,
    address: proxy.url('ws', '/graphql'),
    [Symbol.asyncDispose]: async () => {
      await proxy.close();
      await serving.close({ graceMs: 0 });
    },
  };
}
