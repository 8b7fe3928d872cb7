import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  fileCache,
  type LoadSchemaOptions,
  loadSchema,
  memoryCache,
  type SchemaCache,
  type SchemaCacheEntry,
} from '../../../src/schema/index.js';
import { DeadlineError } from '../../../src/session/errors/deadline-error.js';
import { type Answer, type AskedSession, answerOf, books, sessionAnswering } from './support/asked-session.js';

const hour = 60 * 60 * 1_000;
const newer = buildSchema('type Query { newer: Int }');

let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'schema-caches-'));
});

afterAll(async () => {
  await rm(root, { recursive: true });
});

let folders = 0;

/** One that is not there yet. */
function newFolder(): string {
  folders += 1;
  return join(root, String(folders), 'inside');
}

/** A server whose schema a test can change, and how often it was asked. */
class Shop {
  schema = books;
  /** Thrown instead of an answer. */
  failure: Error | undefined;
  readonly session: AskedSession = sessionAnswering((query) => this.#answer(query));

  get asked(): number {
    return this.session.asked.filter((query) => query.includes('query IntrospectionQuery')).length;
  }

  #answer(query: string): Answer {
    if (this.failure !== undefined) throw this.failure;
    return answerOf(this.schema)(query);
  }
}

async function queryTypeOf(session: AskedSession, options: LoadSchemaOptions): Promise<string | undefined> {
  return (await loadSchema(session, { cacheKey: 'shop', ...options })).model.roots.query;
}

/** What comes true behind a load, which nobody waits for. */
function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 20_000, interval: 2 });
}

const caches: readonly (readonly [name: string, make: () => SchemaCache])[] = [
  ['memory', () => memoryCache()],
  ['files', () => fileCache({ folder: newFolder() })],
  ['files in a folder given as an address', () => fileCache({ folder: pathToFileURL(newFolder()) })],
];

describe.each(caches)('A cache in %s', (_, make) => {
  it('saves the question while its schema is fresh', async () => {
    const shop = new Shop();
    const cache = make();
    const onError = vi.fn();
    expect(await queryTypeOf(shop.session, { cache, onError, now: () => 0 })).toBe('Shop');
    expect(await queryTypeOf(shop.session, { cache, onError, now: () => hour })).toBe('Shop');
    expect(onError).not.toHaveBeenCalled();
    expect(shop.asked).toBe(1);
  });

  it('gives an old schema at once, and a new one the next time', async () => {
    const shop = new Shop();
    const cache = make();
    await queryTypeOf(shop.session, { cache, now: () => 0 });
    shop.schema = newer;
    expect(await queryTypeOf(shop.session, { cache, now: () => hour + 1 })).toBe('Shop');
    await eventually(async () => {
      expect(await queryTypeOf(shop.session, { cache, now: () => hour + 2 })).toBe('Query');
    });
    expect(shop.asked).toBe(2);
  });

  it('has many who ask at once wait for one question', async () => {
    const shop = new Shop();
    const cache = make();
    const all = Array.from({ length: 20 }, () => queryTypeOf(shop.session, { cache }));
    expect(new Set(await Promise.all(all))).toEqual(new Set(['Shop']));
    expect(shop.asked).toBe(1);
  });

  it('keeps the schemas of two servers apart', async () => {
    const [one, other] = [new Shop(), new Shop()];
    other.schema = newer;
    const cache = make();
    expect(await queryTypeOf(one.session, { cache, cacheKey: 'https://one.example/graphql' })).toBe('Shop');
    expect(await queryTypeOf(other.session, { cache, cacheKey: 'https://other.example/graphql' })).toBe('Query');
    expect(await queryTypeOf(one.session, { cache, cacheKey: 'https://one.example/graphql' })).toBe('Shop');
  });

  it('does not keep what cannot be had, and asks again', async () => {
    const shop = new Shop();
    const cache = make();
    shop.failure = new Error('The server is away');
    await expect(queryTypeOf(shop.session, { cache })).rejects.toMatchObject({ code: 'introspection-failed' });
    shop.failure = undefined;
    expect(await queryTypeOf(shop.session, { cache })).toBe('Shop');
  });
});

describe('An old schema', () => {
  it('stays in use when refreshing it fails, and the failure is told', async () => {
    const shop = new Shop();
    const cache = memoryCache();
    const told: Error[] = [];
    const options = { cache, now: () => hour + 1, onError: (error: Error) => void told.push(error) };
    await queryTypeOf(shop.session, { cache, now: () => 0 });
    shop.failure = new Error('The server is away');
    expect(await queryTypeOf(shop.session, options)).toBe('Shop');
    await eventually(() => expect(told).toHaveLength(1));
    expect(told[0]).toMatchObject({ name: 'SchemaError', code: 'introspection-failed' });
    expect(told[0]?.message).toContain('The server is away');
    shop.failure = undefined;
    shop.schema = newer;
    await queryTypeOf(shop.session, options);
    await eventually(async () => expect(await queryTypeOf(shop.session, options)).toBe('Query'));
  });

  it('is told not to be refreshed, and by what, where nobody answers in time', async () => {
    const shop = new Shop();
    const cache = memoryCache();
    const told: Error[] = [];
    await queryTypeOf(shop.session, { cache, now: () => 0 });
    shop.failure = new DeadlineError('The query', 30_000, 'unknown', 1, undefined);
    await queryTypeOf(shop.session, { cache, now: () => hour + 1, onError: (error: Error) => void told.push(error) });
    await eventually(() => expect(told).toHaveLength(1));
    expect(told[0]).toMatchObject({
      code: 'introspection-failed',
      delivery: 'unknown',
      attempts: 1,
      cause: shop.failure,
    });
  });

  it('is refreshed once however many use it', async () => {
    const shop = new Shop();
    const cache = memoryCache();
    await queryTypeOf(shop.session, { cache, now: () => 0 });
    const stale = { cache, now: () => 2 * hour };
    await Promise.all([queryTypeOf(shop.session, stale), queryTypeOf(shop.session, stale)]);
    await Promise.all([queryTypeOf(shop.session, stale), queryTypeOf(shop.session, stale)]);
    await eventually(async () => expect((await cache.get('shop'))?.fetchedAt).toBe(2 * hour));
    expect(shop.asked).toBe(2);
  });

  it('is not refreshed again by one who read it before the new one was there', async () => {
    const shop = new Shop();
    const kept = memoryCache();
    let release = (): void => {};
    let held: Promise<void> | undefined;
    const cache: SchemaCache = {
      ...kept,
      get: async (key) => {
        const entry = await kept.get(key);
        await held;
        return entry;
      },
    };
    await queryTypeOf(shop.session, { cache, now: () => 0 });
    const stale = { cache, now: () => 2 * hour };
    const refreshing = sessionAnswering(async (query) => {
      // The other reads the old entry now, and goes on when the new one is there.
      if (held === undefined) {
        held = new Promise((resolve) => {
          release = resolve;
        });
        late = queryTypeOf(shop.session, stale);
      }
      return answerOf(newer)(query);
    });
    let late: Promise<string | undefined> | undefined;
    await queryTypeOf(refreshing, stale);
    await eventually(async () => expect((await kept.get('shop'))?.fetchedAt).toBe(2 * hour));
    // A turn for the refresh to be over and forgotten.
    await new Promise((resolve) => setImmediate(resolve));
    release();
    expect(await late).toBe('Shop');
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(await queryTypeOf(shop.session, stale)).toBe('Query');
    expect(shop.asked).toBe(1);
  });

  it('is warned about once where nobody listens', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    onTestFinished(() => warn.mockRestore());
    const shop = new Shop();
    const cache = memoryCache();
    await queryTypeOf(shop.session, { cache, now: () => 0 });
    shop.failure = new Error('The server is away');
    const { asked } = shop.session;
    for (const _ of [1, 2, 3]) {
      const before = asked.length;
      await queryTypeOf(shop.session, { cache, now: () => 2 * hour, source: 'the lonely shop' });
      await eventually(() => expect(asked.length).toBeGreaterThan(before));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await eventually(() => expect(warn).toHaveBeenCalled());
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^holdfast: The schema could not be refreshed.*the lonely shop: .*The server is away/)],
    ]);
  });

  it('is one from the future, too, where a clock was set back', async () => {
    const shop = new Shop();
    const cache = memoryCache({ maxAgeMs: Number.POSITIVE_INFINITY });
    await queryTypeOf(shop.session, { cache, now: () => hour });
    await queryTypeOf(shop.session, { cache, now: () => 2 * hour });
    expect(shop.asked).toBe(1);
    await queryTypeOf(shop.session, { cache, now: () => 0 });
    await eventually(() => expect(shop.asked).toBe(2));
  });

  it('does not fail a load when the listener throws', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    onTestFinished(() => error.mockRestore());
    const shop = new Shop();
    const cache = memoryCache();
    await queryTypeOf(shop.session, { cache, now: () => 0 });
    shop.failure = new Error('The server is away');
    const onError = (): void => {
      throw new Error('A listener of the program');
    };
    expect(await queryTypeOf(shop.session, { cache, now: () => 2 * hour, onError })).toBe('Shop');
    await eventually(() => expect(error).toHaveBeenCalledOnce());
  });
});

describe('A file of a cache', () => {
  async function written(): Promise<{ readonly shop: Shop; readonly cache: SchemaCache; readonly path: string }> {
    const folder = newFolder();
    const cache = fileCache({ folder });
    const shop = new Shop();
    await queryTypeOf(shop.session, { cache, cacheKey: 'https://shop.example/graphql', now: () => 0 });
    const names = await readdir(folder);
    expect(names).toEqual([expect.stringMatching(/^shop\.example-graphql-[0-9a-f]{16}\.json$/)]);
    return { shop, cache, path: join(folder, names[0]!) };
  }

  const damages: readonly (readonly [how: string, damage: (text: string) => string])[] = [
    ['was cut off', (text) => text.slice(0, text.length / 2)],
    ['is empty', () => ''],
    ['was edited', (text) => text.replace('"title"', '"titel"')],
    ['lost its hash', (text) => text.replace(/"hash":"[0-9a-f]+",/, '')],
    ['lost its time', (text) => text.replace('"fetchedAt":0', '"fetchedAt":null')],
    ['is of another server', (text) => text.replace('shop.example', 'evil.example')],
    ['holds something else', () => '[1, 2, 3]'],
    ['holds null', () => 'null'],
  ];

  it.each(damages)('that %s is ignored and replaced', async (_, damage) => {
    const { shop, cache, path } = await written();
    const text = await readFile(path, 'utf8');
    expect(damage(text)).not.toBe(text);
    await writeFile(path, damage(text));
    const onError = vi.fn();
    const options = { cache, cacheKey: 'https://shop.example/graphql', now: () => 0, onError };
    expect(await queryTypeOf(shop.session, options)).toBe('Shop');
    expect(shop.asked).toBe(2);
    expect(await readFile(path, 'utf8')).toBe(text);
    expect(onError).not.toHaveBeenCalled();
  });

  it('is used by another program', async () => {
    const { cache: _, path } = await written();
    const shop = new Shop();
    const cache = fileCache({ folder: join(path, '..'), maxAgeMs: hour });
    await queryTypeOf(shop.session, { cache, cacheKey: 'https://shop.example/graphql', now: () => 5 });
    expect(shop.asked).toBe(0);
  });

  it('is never seen half-written, by however many write it', async () => {
    const { cache, path } = await written();
    const folder = join(path, '..');
    const key = 'https://shop.example/graphql';
    const entry = (await cache.get(key)) as SchemaCacheEntry;
    let over = false;
    const writing = Array.from({ length: 8 }, async () => {
      const own = fileCache({ folder });
      for (let time = 0; time < 10; time += 1) await own.set(key, entry);
    });
    const reading = (async (): Promise<void> => {
      do expect(await cache.get(key)).toEqual(entry);
      while (!over);
    })();
    await Promise.all(writing);
    over = true;
    await reading;
    expect(await readdir(folder)).toHaveLength(1);
  });
});

describe('A cache of one’s own', () => {
  it('is done without where it fails, and the failure is told', async () => {
    const shop = new Shop();
    const broken: SchemaCache = {
      maxAgeMs: hour,
      get: () => Promise.reject(new Error('No connection to the store')),
      set: () => {
        throw new Error('The store is full');
      },
    };
    const told: string[] = [];
    expect(await queryTypeOf(shop.session, { cache: broken, onError: ({ message }) => void told.push(message) })).toBe(
      'Shop',
    );
    expect(told).toEqual([
      expect.stringContaining('No connection to the store'),
      expect.stringContaining('The store is full'),
    ]);
  });

  it('may keep entries as JSON under their keys', async () => {
    const store = new Map<string, string>();
    const cache: SchemaCache = {
      maxAgeMs: hour,
      get: async (key) => JSON.parse(store.get(key) ?? 'null') ?? undefined,
      set: async (key, entry: SchemaCacheEntry) => void store.set(key, JSON.stringify(entry)),
    };
    const shop = new Shop();
    await queryTypeOf(shop.session, { cache });
    expect(await queryTypeOf(shop.session, { cache })).toBe('Shop');
    expect(shop.asked).toBe(1);
    expect([...store.keys()]).toEqual(['shop']);
  });
});

describe('Waiting for a schema', () => {
  it('is ended by the signal of one who waits, and by that alone', async () => {
    let answer = (): void => {};
    const gate = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const session = sessionAnswering(async (query) => {
      await gate;
      return answerOf(books)(query);
    });
    const cache = memoryCache();
    const controller = new AbortController();
    // The first asks for all: that it leaves must not end the question.
    const left = queryTypeOf(session, { cache, signal: controller.signal });
    const stays = queryTypeOf(session, { cache });
    controller.abort(new Error('Not needed any more'));
    await expect(left).rejects.toMatchObject({
      name: 'CancelledError',
      delivery: 'unknown',
      cause: controller.signal.reason,
    });
    await expect(queryTypeOf(session, { cache, signal: controller.signal })).rejects.toThrow(/cancelled/);
    answer();
    expect(await stays).toBe('Shop');
  });

  it('of a session needs a key for the cache', async () => {
    await expect(loadSchema(new Shop().session, { cache: memoryCache() })).rejects.toMatchObject({
      option: 'cacheKey',
    });
  });
});

describe('The options of caches', () => {
  it.each([
    ['no folder', () => fileCache({ folder: '' }), /folder/],
    ['an unknown option', () => fileCache({ folder: 'a', maxAge: 5 } as never), /Did you mean "maxAgeMs"/],
    ['an age that is negative', () => memoryCache({ maxAgeMs: -1 }), /maxAgeMs/],
  ])('are refused: %s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  it('say where there are no files', () => {
    const builtin = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
    onTestFinished(() => builtin.mockRestore());
    expect(() => fileCache({ folder: 'a' })).toThrow(/Use memoryCache/);
  });
});
