// One run on a session that is open: the calls, the feed and the faults at the same time, until the last event has come in.

import type { Session } from '../../session/session.js';
import type { SessionState } from '../../session/state.js';
import { type Fault, type FaultRecord, type FaultSite, Recovery } from './faults.js';
import { FeedConsumer } from './feed.js';
import { readJournal } from './journal.js';
import { until } from './until.js';
import type { Way } from './way.js';
import { Workload } from './workload.js';

/** How long the last orders may take to be shipped, and the last events to come in: some three seconds is usual. */
const lastEventsMs = 10_000;
const firstQuery = 'query FirstLook { products { id } }';
/** A fault waits for a moment with this much on the wire, */
const wanted = { queries: 5, mutations: 1 };
/** but not for longer than this part of the calls. */
const patience = 0.1;

export interface RunParts {
  readonly session: Session;
  readonly kind: Way['kind'];
  readonly faults: readonly Fault[];
  readonly site: FaultSite;
  readonly journal: string;
  readonly nowMs: () => number;
}

export class Run {
  readonly workload: Workload;
  readonly feed: FeedConsumer;
  readonly faults: FaultRecord[] = [];
  readonly #parts: RunParts;
  #generation = 0;
  #requests = 0;
  #recovery: Recovery | undefined;
  #unknown = 0;

  constructor(parts: RunParts) {
    const { session, site, nowMs } = parts;
    const { tell } = site;
    this.#parts = parts;
    this.#stateChanged(session.state);
    session.on('state', (state) => this.#stateChanged(state));
    session.on('operation', ({ type }) => {
      if (type === 'sending') this.#requests += 1;
      else if (type === 'interrupted') this.#recovery?.interrupted(nowMs());
    });
    this.workload = new Workload(session, {
      begun: () => tell({ type: 'call-begun' }),
      settled: (call) => {
        tell({ type: 'call-settled', call });
        if (call.outcome === 'unknown') this.#outcomeUnknown();
        if (call.outcome === 'answered') this.#recovery?.answered(call, nowMs());
      },
    });
    // Before any call.
    this.feed = new FeedConsumer(session, tell);
  }

  /** The session's last generation: how many connections it opened. */
  get generations(): number {
    return this.#generation;
  }

  /** How often something was sent. */
  get requests(): number {
    return this.#requests;
  }

  /** Resolves when everything was done; rejects with the signal's reason, or with what ended the feed. */
  async all(): Promise<void> {
    const { session, site } = this.#parts;
    const { signal } = site;
    const ended = this.feed.consume();
    const work = async (): Promise<void> => {
      await session.ready({ signal });
      // Over some transports the feed goes beside the calls. By the time that this is answered, which takes a moment, it is live.
      await session.execute(firstQuery, {}, { signal });
      await Promise.all([this.workload.run(signal), this.#injectAll()]);
      await this.#lastEvents();
      await this.feed.stop();
    };
    await Promise.all([work(), ended]);
  }

  #stateChanged(state: SessionState): void {
    const { site, nowMs } = this.#parts;
    if ('generation' in state) this.#generation = Math.max(this.#generation, state.generation);
    const nextAttemptInMs = state.status === 'waiting' ? Math.max(0, state.until - Date.now()) : undefined;
    site.tell({ type: 'state', state, nextAttemptInMs });
    this.#recovery?.state(state, nowMs());
  }

  /** The end of a connection makes several unknown in one turn: they are told together. */
  #outcomeUnknown(): void {
    this.#unknown += 1;
    if (this.#unknown > 1) return;
    setImmediate(() => {
      this.#parts.site.tell({ type: 'outcomes-unknown', count: this.#unknown });
      this.#unknown = 0;
    });
  }

  /** Spread evenly over the calls, each after the one before was recovered from. */
  async #injectAll(): Promise<void> {
    const { faults } = this.#parts;
    for (const [index, fault] of faults.entries()) await this.#inject(fault, (index + 1) / (faults.length + 1));
  }

  async #inject(fault: Fault, progress: number): Promise<void> {
    const { session, kind, site, nowMs } = this.#parts;
    const { tell, signal } = site;
    const { workload } = this;
    await until(() => {
      const { queries, mutations } = workload.inFlight;
      const busy = queries >= wanted.queries && mutations >= wanted.mutations;
      const due = workload.progress >= progress && session.state.status === 'ready';
      return due && (busy || workload.progress >= progress + patience);
    }, signal);

    const { inFlight } = workload;
    const hit = kind === 'pool' ? { kind, sentUntil: Date.now() } : { kind, generation: this.#generation };
    const recovery = new Recovery({ kind: fault.kind, atMs: nowMs(), inFlight }, hit);
    this.#recovery = recovery;
    tell({ type: 'fault', kind: fault.kind, title: fault.title, inFlight });
    await fault.inject(site);
    await until(() => recovery.complete, signal);
    this.#recovery = undefined;
    this.faults.push(recovery.record);
    tell({ type: 'recovered', fault: recovery.record });
  }

  /** Every order is shipped in the end, and that is the last event of each. */
  async #lastEvents(): Promise<void> {
    const { journal, site } = this.#parts;
    const { tell, signal } = site;
    tell({ type: 'every-call-settled' });
    // What never comes is for the ledger to report.
    const late = AbortSignal.timeout(lastEventsMs);
    let newest = 0;
    await until(() => {
      const entries = readJournal(journal);
      const events = entries.filter((entry) => entry.type === 'event');
      newest = events.at(-1)?.sequence ?? 0;
      if (late.aborted) return true;
      return events.filter(({ status }) => status === 'SHIPPED').length === entries.length - events.length;
    }, signal);
    await until(() => this.feed.last >= newest || late.aborted, signal);
  }
}
