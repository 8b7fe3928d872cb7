// Servers in processes of their own that share one Redis, and what is left of a run when its process is killed.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createClient } from 'redis';
import { expect, onTestFinished, type TestContext, test } from 'vitest';
import type { Execution } from '../../../src/protocol/executor.js';
import { redisIdempotency } from '../../../src/server/idempotency/redis.js';
import { runOnce } from '../../../src/server/idempotency/run-once.js';
import { nodeTimers } from '../../../src/server/timers.js';
import { builtFile } from '../../support/built.js';
import { needsRedis, startRedis } from '../support/redis.js';

const built = (file: string): string => JSON.stringify(pathToFileURL(builtFile(`server/${file}`)).href);

/**
 * A program that pays with the keys that it is sent, each by counting it in Redis, and sends the answers back. With a key `hang`
 * it pays and is never done.
 */
function startProgram(url: string, leaseMs: number): ChildProcess {
  const program = `
    import { createClient } from 'redis';
    import { redisIdempotency } from ${built('idempotency/redis.js')};
    import { runOnce } from ${built('idempotency/run-once.js')};
    import { nodeTimers } from ${built('timers.js')};
    const client = await createClient({ url: ${JSON.stringify(url)} }).connect();
    const store = redisIdempotency({ url: ${JSON.stringify(url)}, leaseMs: ${leaseMs} });
    const bounds = { hookTimeoutMs: 10_000, executionTimeoutMs: 30_000 };
    const parts = { store, timers: nodeTimers, report: console.error, ...bounds };
    const scope = { scope: 'alice', credentials: undefined };
    const pay = (key) => async () => {
      const paid = await client.incr('paid ' + key);
      if (key === 'hang') {
        process.send('paid');
        await new Promise(() => {});
      }
      return { kind: 'result', result: { data: { paid, by: 'child' } } };
    };
    process.on('message', async (keys) => {
      if (keys === 'end') {
        await store.close();
        await client.close();
        process.disconnect();
        return;
      }
      const mutation = { scope, document: 'mutation { pay }', operationName: undefined, variables: {} };
      const signalOf = () => new AbortController().signal;
      process.send(await Promise.all(keys.map((key) => runOnce(parts, { ...mutation, key, signal: signalOf() }, pay(key)))));
    });
    process.send('ready');
  `;
  return spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: join(import.meta.dirname, '../../..'),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** A Redis, a program beside it, and the same in this process. */
async function make(t: TestContext, leaseMs: number) {
  needsRedis(t);
  const { url } = await startRedis();
  const child = startProgram(url, leaseMs);
  onTestFinished(() => void child.kill('SIGKILL'));
  const hears = async (): Promise<unknown> => (await once(child, 'message'))[0];
  expect(await hears()).toBe('ready');

  const client = await createClient({ url }).connect();
  onTestFinished(() => client.destroy());
  const store = redisIdempotency({ url, leaseMs });
  onTestFinished(() => store.close());
  const failures: unknown[] = [];
  const parts = {
    store,
    timers: nodeTimers,
    telemetry: { limited: () => {} },
    report: (error: unknown) => failures.push(error),
    hookTimeoutMs: 10_000,
    executionTimeoutMs: 30_000,
  };
  const scope = { scope: 'alice', credentials: undefined };
  const mutation = { scope, document: 'mutation { pay }', operationName: undefined, variables: {} };
  const pay = (key: string): Promise<Execution> =>
    runOnce(parts, { ...mutation, key, signal: new AbortController().signal }, async () => {
      const paid = await client.incr(`paid ${key}`);
      return { kind: 'result', result: { data: { paid, by: 'parent' } } };
    });
  const paid = async (key: string): Promise<number> => Number(await client.get(`paid ${key}`));
  return { child, hears, pay, paid, failures };
}

test('two processes that get the same mutations at the same time run each of them once, and answer alike', async (t) => {
  const { child, hears, pay, paid, failures } = await make(t, 15_000);
  const keys = Array.from({ length: 50 }, (_, n) => `k${n}`);
  child.send(keys);
  // From the other end, so that each of the two is first with some.
  const own = await Promise.all(keys.toReversed().map(pay)).then((answers) => answers.reverse());
  const theirs = (await hears()) as Execution[];
  const dataOf = (answer: Execution | undefined) => (answer?.kind === 'result' ? answer.result.data : answer);
  expect(own.map(dataOf)).toEqual(theirs.map(dataOf));
  expect(own.map(dataOf)).toEqual(keys.map(() => ({ paid: 1, by: expect.any(String) })));
  expect(await Promise.all(keys.map(paid))).toEqual(keys.map(() => 1));
  expect(failures).toEqual([]);
});

test('of a process that is killed between a run and its record nobody knows, and nobody runs it again', async (t) => {
  const { child, hears, pay, paid } = await make(t, 200);
  child.send(['hang']);
  expect(await hears()).toBe('paid');
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  for (let n = 0; n < 3; n++) {
    expect(await pay('hang')).toMatchObject({
      kind: 'refused',
      errors: [{ extensions: { code: 'IDEMPOTENCY_OUTCOME_UNKNOWN' } }],
    });
  }
  expect(await paid('hang')).toBe(1);
});

test('nothing keeps a process alive when its store is closed', async (t) => {
  const { child, hears } = await make(t, 15_000);
  child.send(['k']);
  await hears();
  const exited = once(child, 'exit');
  child.send('end');
  expect(await exited).toEqual([0, null]);
});
