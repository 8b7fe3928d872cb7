import { createClient } from 'redis';
import { describe, expect, onTestFinished, type TestContext, test, vi } from 'vitest';
import {
  type RedisIdempotency,
  type RedisIdempotencyOptions,
  redisIdempotency,
  redisIdempotencyIn,
} from '../../../src/server/idempotency/redis.js';
import { nodeTimers, type Timers } from '../../../src/server/timers.js';
import { ManualTimers } from '../support/manual-timers.js';
import { needsRedis, startRedis, type TestRedis } from '../support/redis.js';
import { alice, runOf, storeTests, waitOf } from './store-contract.js';

const aliceKey = 'holdfast:idempotency:key:["alice","k"]';
const minuteMs = 60_000;

type Open = (options?: Omit<RedisIdempotencyOptions, 'client' | 'url'>, timers?: Timers) => RedisIdempotency;
type Command = (...args: string[]) => Promise<unknown>;

/** A Redis with stores of it, which end with the test, and a way to it beside them. */
async function make(t: TestContext): Promise<{ redis: TestRedis; open: Open; command: Command }> {
  needsRedis(t);
  const redis = await startRedis();
  const open: Open = (options = {}, timers = nodeTimers) => {
    const store = redisIdempotencyIn({ timers, load: () => import('redis') }, { url: redis.url, ...options });
    onTestFinished(async () => {
      const closed = store.close();
      // Where time stands still, it has to be moved on to the end of every wait.
      const moving = setInterval(() => timers instanceof ManualTimers && timers.advance(100_000), 10);
      await closed.finally(() => clearInterval(moving));
    });
    return store;
  };
  const client = createClient({ url: redis.url }).on('error', () => {});
  await client.connect();
  onTestFinished(() => client.destroy());
  return { redis, open, command: (...args) => client.sendCommand(args) };
}

/** Moves time on until what is waited for has come. */
async function advanceUntil<T>(timers: ManualTimers, waited: Promise<T>): Promise<PromiseSettledResult<T>> {
  let settled: PromiseSettledResult<T> | undefined;
  void Promise.allSettled([waited]).then(([result]) => {
    settled = result;
  });
  await eventually(() => {
    timers.advance(100);
    return settled !== undefined;
  });
  return settled as unknown as PromiseSettledResult<T>;
}

/** Waits until it is so, also where Redis and its machine are slow. */
function eventually(condition: () => boolean | Promise<boolean>): Promise<unknown> {
  return vi.waitUntil(condition, { timeout: 20_000, interval: 5 });
}

describe('A store in Redis', () => {
  storeTests(async (t) => (await make(t)).open());

  test('takes a client of the application, and leaves it as it is', async (t) => {
    const { redis } = await make(t);
    const client = await createClient({ url: redis.url }).connect();
    onTestFinished(() => client.destroy());
    const store = redisIdempotency({ client });
    await runOf(await store.begin(alice, 'f')).record('1');
    await store.close();
    await store.close();
    expect(await client.ping()).toBe('PONG');
    await expect(async () => store.begin(alice, 'f')).rejects.toMatchObject({ code: 'idempotency-store-closed' });
  });

  test('keeps a key for a minute longer than its window, counted from its first use', async (t) => {
    const { open, command } = await make(t);
    const store = open({ windowMs: 5 * minuteMs });
    const run = runOf(await store.begin(alice, 'f'));
    const begun = Number(await command('PTTL', aliceKey));
    expect(begun).toBeGreaterThan(5 * minuteMs);
    expect(begun).toBeLessThanOrEqual(6 * minuteMs);
    await command('PEXPIRE', aliceKey, String(minuteMs));
    await run.record('1');
    expect(Number(await command('PTTL', aliceKey))).toBeLessThanOrEqual(minuteMs);
  });

  test('keeps nothing under other names than those of its prefix, and none for ever but its own', async (t) => {
    const { open, command } = await make(t);
    const store = open({ prefix: 'mine/' });
    await store.name;
    await runOf(await store.begin(alice, 'f')).record('1');
    await runOf(await store.begin({ scope: 'bob', key: 'k' }, 'f')).abandon();
    expect(new Set((await command('KEYS', '*')) as string[])).toEqual(new Set(['mine/name', 'mine/key:["alice","k"]']));
  });

  test('stores of one prefix share their keys and their name, those of another do not', async (t) => {
    const { open } = await make(t);
    const [one, same, other] = [open(), open(), open({ prefix: 'other' })];
    await runOf(await one.begin(alice, 'f')).record('1');
    expect(await same.begin(alice, 'f')).toEqual({ type: 'replay', answer: '1' });
    expect(await other.begin(alice, 'f')).toMatchObject({ type: 'run' });
    const names = await Promise.all([one.name, same.name, other.name]);
    expect(names[1]).toBe(names[0]);
    expect(names[2]).not.toBe(names[0]);
  });

  test('refuses new keys where Redis is full, and knows the old ones', async (t) => {
    const { open, command } = await make(t);
    const store = open();
    await runOf(await store.begin(alice, 'f')).record('1');
    await command('CONFIG', 'SET', 'maxmemory', '1');
    expect(await store.begin({ scope: 'alice', key: 'new' }, 'f')).toEqual({ type: 'full' });
    expect(await store.begin(alice, 'f')).toEqual({ type: 'replay', answer: '1' });
  });

  test('keeps what it was given in the moment before it was closed', async (t) => {
    const { open } = await make(t);
    const store = open();
    const run = runOf(await store.begin(alice, 'f'));
    const recorded = run.record('1');
    await store.close();
    await recorded;
    expect(await open().begin(alice, 'f')).toEqual({ type: 'replay', answer: '1' });
  });

  test('is closed within a second also where Redis is silent', async (t) => {
    const { open, redis } = await make(t);
    const timers = new ManualTimers();
    const store = open({}, timers);
    await store.name;
    redis.freeze();
    const begun = Promise.resolve(store.begin(alice, 'f'));
    const failure = begun.catch((error: unknown) => error);
    const closed = store.close();
    await eventually(() => timers.armed === 2);
    timers.advance(1_000);
    await closed;
    expect(await failure).toMatchObject({ message: expect.stringContaining('Disconnect') });
  });

  test('holds nothing any more when it is closed, with runs that have not ended', async (t) => {
    const { open } = await make(t);
    const timers = new ManualTimers();
    const store = open({}, timers);
    runOf(await store.begin(alice, 'f'));
    expect(timers.armed).toBe(1);
    await store.close();
    expect(timers.armed).toBe(0);
  });
});

describe('The lease of a run', () => {
  const lease = async (command: Command): Promise<number> => Number(await command('HGET', aliceKey, 'lease'));
  const pass = (command: Command): Promise<unknown> => command('HSET', aliceKey, 'lease', '1');

  test('when it has passed nobody knows, and nobody runs it again', async (t) => {
    const { open, command } = await make(t);
    const [store, other] = [open({}, new ManualTimers()), open()];
    runOf(await store.begin(alice, 'f'));
    const waiting = waitOf(await other.begin(alice, 'f')).settled(new AbortController().signal);
    await pass(command);
    expect(await waiting).toEqual({ type: 'unknown' });
    for (let n = 0; n < 3; n++) expect(await other.begin(alice, 'f')).toEqual({ type: 'unknown' });
    expect(await other.begin(alice, 'g')).toEqual({ type: 'mismatch' });
  });

  test('is renewed three times within it for as long as the run takes, and no longer', async (t) => {
    const { open, command } = await make(t);
    const timers = new ManualTimers();
    const store = open({ leaseMs: 9_000 }, timers);
    const run = runOf(await store.begin(alice, 'f'));
    const first = await lease(command);
    for (let n = 0; n < 3; n++) {
      await pass(command);
      timers.advance(2_999);
      expect(await lease(command)).toBe(1);
      timers.advance(1);
      await eventually(async () => (await lease(command)) >= first);
      // The next one is asked for when the answer to this one has come.
      await eventually(() => timers.armed === 1);
    }
    await run.record('1');
    expect(timers.armed).toBe(0);
  });

  test('that passed while its process could not reach Redis counts again when it can: it runs, and its answer is kept', async (t) => {
    const { open, command } = await make(t);
    const timers = new ManualTimers();
    const [store, other] = [open({}, timers), open()];
    const run = runOf(await store.begin(alice, 'f'));
    await pass(command);
    expect(await other.begin(alice, 'f')).toEqual({ type: 'unknown' });
    timers.advance(5_000);
    await eventually(async () => (await other.begin(alice, 'f')).type === 'wait');
    await pass(command);
    await run.record('1');
    expect(await other.begin(alice, 'f')).toEqual({ type: 'replay', answer: '1' });
  });

  test('keeps a key beyond its window while it runs', async (t) => {
    const { open, command } = await make(t);
    const timers = new ManualTimers();
    const store = open({ windowMs: minuteMs }, timers);
    runOf(await store.begin(alice, 'f'));
    await command('PEXPIRE', aliceKey, '10000');
    timers.advance(5_000);
    await eventually(async () => Number(await command('PTTL', aliceKey)) > minuteMs);
  });

  test('puts a key back that Redis lost', async (t) => {
    const { open, command } = await make(t);
    const timers = new ManualTimers();
    const [store, other] = [open({}, timers), open()];
    const run = runOf(await store.begin(alice, 'f'));
    await command('FLUSHALL');
    timers.advance(5_000);
    await eventually(async () => (await command('EXISTS', aliceKey)) === 1);
    expect(await other.begin(alice, 'f')).toMatchObject({ type: 'wait' });
    expect(Number(await command('PTTL', aliceKey))).toBeGreaterThan(minuteMs);
    await command('FLUSHALL');
    await run.record('1');
    expect(await other.begin(alice, 'f')).toEqual({ type: 'replay', answer: '1' });
    expect(Number(await command('PTTL', aliceKey))).toBeGreaterThan(minuteMs);
  });

  test('that Redis lost and somebody else took is theirs, and the one who lost it is told', async (t) => {
    const { open, command } = await make(t);
    const timers = new ManualTimers();
    const [store, other] = [open({}, timers), open()];
    const lost = runOf(await store.begin(alice, 'f'));
    await command('FLUSHALL');
    const theirs = runOf(await other.begin(alice, 'f'));
    timers.advance(5_000);
    await expect(lost.record('lost')).rejects.toMatchObject({ code: 'idempotency-key-lost' });
    await theirs.record('theirs');
    expect(await other.begin(alice, 'f')).toEqual({ type: 'replay', answer: 'theirs' });
  });

  test('that Redis lost and somebody else took is not given up by who had it before', async (t) => {
    const { open, command } = await make(t);
    const [store, other] = [open({}, new ManualTimers()), open()];
    const lost = runOf(await store.begin(alice, 'f'));
    await command('FLUSHALL');
    runOf(await other.begin(alice, 'f'));
    await lost.abandon();
    expect(await other.begin(alice, 'f')).toMatchObject({ type: 'wait' });
  });

  test('is not renewed after its run was abandoned, also where that was on its way', async () => {
    const timers = new ManualTimers();
    const sent: string[] = [];
    let answer = (_reply: unknown): void => {};
    const sendCommand = (command: string[]): Promise<unknown> => {
      sent.push(command[1] ?? '');
      if (sent.length === 1) return Promise.resolve(['run']);
      return new Promise((resolve) => {
        answer = resolve;
      });
    };
    const store = redisIdempotencyIn({ timers, load: () => import('redis') }, { client: { sendCommand } });
    const run = runOf(await store.begin(alice, 'f'));
    timers.advance(5_000);
    await eventually(() => sent.length === 2);
    const abandoned = run.abandon();
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toHaveLength(2);
    answer(1);
    await eventually(() => sent.length === 3);
    expect(sent[2]).toContain("'DEL'");
    answer(1);
    await abandoned;
    expect(timers.armed).toBe(0);
  });
});

describe('A Redis that goes away', () => {
  test('lets nothing begin, and after it has come back knows what it knew', async (t) => {
    const { redis, open } = await make(t);
    const timers = new ManualTimers();
    const store = open({}, timers);
    await runOf(await store.begin(alice, 'f')).record('1');
    await redis.stop();
    expect(await advanceUntil(timers, Promise.resolve(store.begin(alice, 'f')))).toMatchObject({ status: 'rejected' });
    await redis.start();
    await eventually(async () => (await Promise.allSettled([store.begin(alice, 'f')]))[0].status === 'fulfilled');
    expect(await store.begin(alice, 'f')).toEqual({ type: 'replay', answer: '1' });
  });

  test('after a run and comes back within the lease keeps the answer', async (t) => {
    const { redis, open } = await make(t);
    const store = open({ leaseMs: minuteMs });
    const run = runOf(await store.begin(alice, 'f'));
    await redis.stop();
    const recorded = run.record('1');
    await redis.start();
    await recorded;
    expect(await store.begin(alice, 'f')).toEqual({ type: 'replay', answer: '1' });
  });

  test('after a run and does not come back in time does not know what became of it', async (t) => {
    const { redis, open } = await make(t);
    const timers = new ManualTimers();
    // A client that keeps commands for later would send the answer when Redis is back, too late and still in time for who asks.
    const client = createClient({ url: redis.url, disableOfflineQueue: true }).on('error', () => {});
    await client.connect();
    onTestFinished(() => client.destroy());
    const store = redisIdempotencyIn({ timers, load: () => import('redis') }, { client, leaseMs: 100 });
    const run = runOf(await store.begin(alice, 'f'));
    await redis.stop();
    expect(await advanceUntil(timers, Promise.resolve(run.record('1')))).toMatchObject({ status: 'rejected' });
    await redis.start();
    const other = open();
    // The lease ends by Redis's own clock, which nobody can move.
    await eventually(async () => {
      const [begun] = await Promise.allSettled([other.begin(alice, 'f')]);
      if (begun.status === 'fulfilled') expect(['wait', 'unknown']).toContain(begun.value.type);
      return begun.status === 'fulfilled' && begun.value.type === 'unknown';
    });
  });

  test('in silence is given up after five seconds, and a key that it took meanwhile is free again', async (t) => {
    const { redis, open } = await make(t);
    const timers = new ManualTimers();
    const [store, other] = [open({}, timers), open()];
    await store.name;
    redis.freeze();
    const begun = Promise.resolve(store.begin(alice, 'f'));
    await eventually(() => timers.armed > 0);
    timers.advance(5_000);
    await expect(begun).rejects.toMatchObject({ code: 'redis-silent' });
    redis.resume();
    await eventually(async () => (await other.begin(alice, 'f')).type === 'run');
  });

  test('counts as another store when it was started again or emptied', async (t) => {
    const { redis, open, command } = await make(t);
    const timers = new ManualTimers();
    const store = open({}, timers);
    const names = [await store.name];
    await command('FLUSHALL');
    timers.advance(1_000);
    names.push(await store.name);
    await redis.stop();
    await redis.start();
    timers.advance(1_000);
    await eventually(async () => (await Promise.allSettled([store.name]))[0].status === 'fulfilled');
    names.push(await store.name);
    expect(new Set(names).size).toBe(3);
  });

  test('is not asked for its name again within a second, and again at once where it could not tell', async (t) => {
    const { open, command } = await make(t);
    const timers = new ManualTimers();
    const store = open({}, timers);
    const name = await store.name;
    await command('FLUSHALL');
    timers.advance(999);
    expect(await store.name).toBe(name);
    timers.advance(1);
    expect(await store.name).not.toBe(name);
    await command('ACL', 'SETUSER', 'default', '-info');
    timers.advance(1_000);
    await expect(store.name).rejects.toThrow(/info/i);
    expect(await store.begin(alice, 'f')).toMatchObject({ type: 'run' });
    await command('ACL', 'SETUSER', 'default', '+info');
    await expect(store.name).resolves.toMatch(/^\w+\.\w+$/);
  });
});

describe('A client that fails', () => {
  /** Answers the first command, and the others as the test says. */
  function failing(answer: (sent: number) => unknown) {
    const timers = new ManualTimers();
    let sent = 0;
    const sendCommand = async (): Promise<unknown> => {
      sent += 1;
      return sent === 1 ? ['run'] : answer(sent);
    };
    const store = redisIdempotencyIn({ timers, load: () => import('redis') }, { client: { sendCommand } });
    return { timers, store };
  }
  const down = (): never => {
    throw new Error('down');
  };

  test('is asked again until it keeps the answer', async () => {
    const { timers, store } = failing((sent) => (sent < 5 ? down() : 1));
    const run = runOf(await store.begin(alice, 'f'));
    expect(await advanceUntil(timers, Promise.resolve(run.record('1')))).toMatchObject({ status: 'fulfilled' });
  });

  test('is asked again for as long as a lease, and no longer', async () => {
    const { timers, store } = failing(down);
    const run = runOf(await store.begin(alice, 'f'));
    expect(await advanceUntil(timers, Promise.resolve(run.record('1')))).toMatchObject({ reason: { message: 'down' } });
    expect(timers.now()).toBeGreaterThan(13_000);
    expect(timers.now()).toBeLessThan(17_000);
    expect(timers.armed).toBe(0);
  });

  test('is not asked again when the store is closed', async () => {
    const { timers, store } = failing(down);
    const run = runOf(await store.begin(alice, 'f'));
    const recorded = Promise.allSettled([run.record('1')]);
    await store.close();
    await advanceUntil(timers, recorded);
    expect(await recorded).toMatchObject([{ status: 'rejected' }]);
    expect(timers.now()).toBeLessThan(1_000);
  });
});

describe('What is no Redis', () => {
  const answering = (reply: unknown) => redisIdempotency({ client: { sendCommand: async () => reply } });

  test.each([['OK'], [[]], [['what']], [null], [['replay']]])('and answers %j lets nothing begin', async (reply) => {
    await expect(async () => answering(reply).begin(alice, 'f')).rejects.toMatchObject({ code: 'redis-reply-unknown' });
  });

  test('and does not say which life of it this is has no name', async () => {
    await expect(answering('redis_version:7').name).rejects.toMatchObject({ code: 'redis-life-unknown' });
  });

  test('without the package redis nothing begins, and the error says how to install it', async () => {
    const load = () => Promise.reject(Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND' }));
    const store = redisIdempotencyIn({ timers: new ManualTimers(), load }, { url: 'redis://127.0.0.1:1' });
    await expect(async () => store.begin(alice, 'f')).rejects.toThrow('npm install "redis@^6.0.0"');
    await store.close();
  });

  test('a package that fails to load fails as itself', async () => {
    const load = () => Promise.reject(new Error('broken'));
    const store = redisIdempotencyIn({ timers: new ManualTimers(), load }, { url: 'redis://127.0.0.1:1' });
    await expect(async () => store.begin(alice, 'f')).rejects.toThrow('broken');
  });
});

describe('The options', () => {
  const url = 'redis://127.0.0.1:6379';
  test.each<[object, string]>([
    [{}, 'client'],
    [{ url, client: { sendCommand: () => {} } }, 'client'],
    [{ client: {} }, 'client'],
    [{ client: null }, 'client'],
    [{ url: 7 }, 'url'],
    [{ url: '127.0.0.1:6379' }, 'url'],
    [{ url: 'http://127.0.0.1:6379' }, 'url'],
    [{ url: 'redis://[' }, 'url'],
    [{ url, prefix: 7 }, 'prefix'],
    [{ url, leaseMs: 99 }, 'leaseMs'],
    [{ url, leaseMs: 3_600_001 }, 'leaseMs'],
    [{ url, windowMs: 0 }, 'windowMs'],
    [{ url, lease: 1 }, 'lease'],
  ])('%j are refused at once', (options, option) => {
    expect(() => redisIdempotency(options)).toThrow(expect.objectContaining({ name: 'OptionError', option }));
  });

  test('an address is not repeated: it may hold a password', () => {
    expect(() => redisIdempotency({ url: 'http://:secret@host' })).toThrow(/^(?!.*secret)/);
  });

  test.each([100, 3_600_000])('a lease may be %d ms', (leaseMs) => {
    expect(redisIdempotency({ url, leaseMs }).windowMs).toBe(24 * 60 * minuteMs);
  });
});
