// Introspection by way of a cache: fresh, it saves the question; old, it is used and replaced behind; missing or damaged, all
// who want it wait for one question.

import { isJsonObject } from '../../../protocol/json.js';
import type { SchemaModel } from '../../model/model.js';
import { notAsked } from '../introspection/ask.js';
import { readIntrospection } from '../introspection/read.js';
import type { Introspection } from '../introspection/write.js';
import { hashOf } from './hash.js';
import type { SchemaCache } from './schema-cache.js';

export interface ThroughCache {
  readonly cache: SchemaCache;
  readonly key: string;
  /** How errors call the server. */
  readonly source: string;
  readonly now: () => number;
  /** Asks the server. */
  readonly fetch: () => Promise<Introspection>;
  /** Told what nobody waits for: that a refresh failed, or the cache. */
  readonly report: (what: string, cause: unknown) => void;
}

/** What of one cache is under way, by key. */
interface UnderWay {
  readonly lookups: Map<string, Promise<SchemaModel>>;
  readonly refreshes: Map<string, Promise<void>>;
}

const underWay = new WeakMap<SchemaCache, UnderWay>();

/** Whoever asks while a lookup for the same key is under way shares it. Rejects as `fetch` does. */
export function modelThroughCache(through: ThroughCache): Promise<SchemaModel> {
  const { lookups } = underWayOf(through.cache);
  const found = lookups.get(through.key);
  if (found !== undefined) return found;
  const lookup = lookUp(through).finally(() => lookups.delete(through.key));
  lookups.set(through.key, lookup);
  return lookup;
}

async function lookUp(through: ThroughCache): Promise<SchemaModel> {
  const { cache, now } = through;
  const known = await readEntry(through);
  if (known === undefined) return fetchModel(through);
  const age = now() - known.fetchedAt;
  // Out of the future it comes where a clock was set back: nobody knows how old it is.
  if (age < 0 || age > cache.maxAgeMs) refresh(through, known.fetchedAt);
  return known.model;
}

async function fetchModel(through: ThroughCache): Promise<SchemaModel> {
  const { cache, key, source, now, fetch, report } = through;
  const introspection = await fetch();
  // What cannot be read is not kept.
  const model = readIntrospection(introspection, source, 'answered');
  try {
    await cache.set(key, { introspection, fetchedAt: now(), hash: await hashOf(introspection) });
  } catch (error) {
    report('The schema could not be kept in its cache', error);
  }
  return model;
}

/** One at a time for each key, and nobody waits for it. `fetchedAt` is that of the entry that is too old. */
function refresh(through: ThroughCache, fetchedAt: number): void {
  const { refreshes } = underWayOf(through.cache);
  if (refreshes.has(through.key)) return;
  const refreshed = refreshUnlessDone(through, fetchedAt).catch((error: unknown) =>
    through.report(
      'The schema could not be refreshed, and the older one stays in use',
      notAsked(through.source, error),
    ),
  );
  refreshes.set(
    through.key,
    refreshed.finally(() => refreshes.delete(through.key)),
  );
}

/** An earlier refresh, or another program, may have put a newer one there since the old one was read. */
async function refreshUnlessDone(through: ThroughCache, fetchedAt: number): Promise<void> {
  const newest = await readEntry(through);
  if (newest === undefined || newest.fetchedAt === fetchedAt) await fetchModel(through);
}

/** Undefined where there is no entry, or one that is damaged. */
async function readEntry({
  cache,
  key,
  source,
  report,
}: ThroughCache): Promise<{ readonly model: SchemaModel; readonly fetchedAt: number } | undefined> {
  try {
    const entry = await cache.get(key);
    if (entry === undefined || !Number.isFinite(entry.fetchedAt) || !isJsonObject(entry.introspection))
      return undefined;
    if ((await hashOf(entry.introspection)) !== entry.hash) return undefined;
    return { model: readIntrospection(entry.introspection, source), fetchedAt: entry.fetchedAt };
  } catch (error) {
    report('The schema could not be read from its cache', error);
    return undefined;
  }
}

function underWayOf(cache: SchemaCache): UnderWay {
  let found = underWay.get(cache);
  if (found === undefined) {
    found = { lookups: new Map(), refreshes: new Map() };
    underWay.set(cache, found);
  }
  return found;
}
