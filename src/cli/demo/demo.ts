// The main job: a shop server in a process of its own, one session in this one, and between them a proxy that breaks the
// network. Opens all of it, lets it run, closes all of it, and holds the records against each other.

import { setMaxListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jitter } from '../../session/retry.js';
import { createSession, type Session } from '../../session/session.js';
import { type FaultProxy, faultProxy } from '../../testing/fault-proxy.js';
import { messageOf } from '../words.js';
import { faultsOf } from './faults.js';
import type { Tell } from './happening.js';
import { readJournal } from './journal.js';
import { balance, type Ledger } from './ledger.js';
import { Run } from './run.js';
import { ShopProcess } from './server-process.js';
import type { Way } from './way.js';
import { mutationCount, queryCount } from './workload.js';

/** Shorter than the session's defaults, so that a person need not wait. */
export const settings = { silenceMs: 1_000, answerMs: 1_000, backoffCapMs: 2_000 } as const;

const longestRunMs = 50_000;

export interface DemoOptions {
  readonly way: Way;
  /** Is told what happens. */
  readonly tell: Tell;
  /** The time since the demo began, whole ms. */
  readonly nowMs: () => number;
  /** Ends the demo early. */
  readonly signal: AbortSignal;
}

/**
 * Everything is closed and removed when it settles, however it settles. A run that broke has a ledger too, which does not
 * balance. Rejects with the signal's reason, or when the run could not begin.
 */
export async function runDemo({ way, tell, nowMs, signal: interrupted }: DemoOptions): Promise<Ledger> {
  const broken = new AbortController();
  const signal = AbortSignal.any([interrupted, broken.signal]);
  const tooLong = (): void => broken.abort(new Error(`The demo did not end within ${longestRunMs / 1_000} s.`));
  // Every caller listens to it.
  setMaxListeners(0, signal);
  const limit = setTimeout(tooLong, longestRunMs);
  try {
    await using folder = await temporaryFolder();
    const journal = join(folder.path, 'journal.jsonl');
    await using shop = await ShopProcess.start(journal, way.protocol, (error) => broken.abort(error));
    tell({ type: 'server-listens', pid: shop.pid, port: shop.port, again: false });
    await using proxy = await faultProxy({ target: { port: shop.port } });
    await using session = openSession(way, proxy);
    const faults = faultsOf(way.kind);
    const run = new Run({ session, kind: way.kind, faults, site: { proxy, shop, tell, signal }, journal, nowMs });
    await run.all().catch((error: unknown) => broken.abort(error));
    interrupted.throwIfAborted();
    await session.close();
    return balance({
      failure: broken.signal.aborted ? messageOf(broken.signal.reason) : undefined,
      kind: way.kind,
      planned: { queries: queryCount, mutations: mutationCount, faults: faults.length },
      calls: run.workload.records,
      journal: readJournal(journal),
      feed: run.feed.items,
      faults: run.faults,
      sockets: { accepted: proxy.accepted, generations: run.generations, requests: run.requests },
    });
  } catch (error) {
    // What ended the demo says more than what broke because of it.
    signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(limit);
  }
}

function openSession({ kind, transport }: Way, proxy: FaultProxy): Session {
  const rule = { delayMs: jitter({ capMs: settings.backoffCapMs }) };
  return createSession({
    transport: transport(proxy),
    liveness: { silenceMs: settings.silenceMs, answerMs: settings.answerMs },
    // A connection that is back is worth no pause; requests of a pool have no other sign that it is.
    retry: kind === 'connection' ? { connect: rule } : { execute: rule, subscribe: rule },
  });
}

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'holdfast-demo-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
