// A Redis of a test's own, as Debian packages it: on a loopback port of its own, in the foreground, ended with its test. It
// can go away and come back, with or without what it held.

import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';
import { listen } from '../../../src/testing/listen.js';

const missingRedis = 'redis-server is not installed. On Debian: apt-get install redis-server';

function findRedis(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, 'redis-server')).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Without Redis there is nothing to test: it has to be there where everything is. */
export function needsRedis(t: TestContext): void {
  if (findRedis() === undefined && process.env.CI === undefined) t.skip(missingRedis);
}

export interface TestRedis {
  readonly url: string;
  /** Ends at once, as a machine does that loses its power. */
  stop(): Promise<void>;
  /** Starts again on the same port, with what it held: every write was kept. */
  start(): Promise<void>;
  /** Stands still, with its connections open, until `resume`. */
  freeze(): void;
  resume(): void;
}

const host = '127.0.0.1';
const boundMs = 20_000;

export async function startRedis(): Promise<TestRedis> {
  const program = findRedis();
  if (program === undefined) throw new Error(missingRedis);
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-redis-'));
  const port = await freePort();
  let running: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    if (running === undefined) return;
    const exited = once(running, 'exit');
    running.kill('SIGKILL');
    running = undefined;
    await exited;
  };
  const start = async (): Promise<void> => {
    running = await run(program, folder, port);
  };
  onTestFinished(async () => {
    await stop();
    rmSync(folder, { recursive: true });
  });
  await start();
  return {
    url: `redis://${host}:${port}`,
    stop,
    start,
    freeze: () => void running?.kill('SIGSTOP'),
    resume: () => void running?.kill('SIGCONT'),
  };
}

async function run(program: string, folder: string, port: number): Promise<ChildProcess> {
  const settings = { port, bind: host, dir: folder, save: '', appendonly: 'yes', appendfsync: 'always' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  let told = '';
  await new Promise<void>((resolve, reject) => {
    const bound = setTimeout(() => reject(new Error(`Redis is silent: ${told}`)), boundMs);
    child.once('exit', () => reject(new Error(`Redis ended: ${told}`)));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      told += text;
      if (!told.includes('Ready to accept connections')) return;
      clearTimeout(bound);
      resolve();
    });
  });
  return child;
}

/**
 * Redis wants to know its port, and comes back on it: one that no system gives to whoever asks for any, because somebody else
 * would have it meanwhile.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_768);
    const server = createServer();
    const free = await listen('A port for Redis', server, host, port).catch(() => undefined);
    if (free === undefined) continue;
    server.close();
    await once(server, 'close');
    return free;
  }
}
