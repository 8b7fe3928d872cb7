// One run on a session that is open: the calls, the feed and the faults at the same time, until the last event has come in.

import type { Session } from '../../session/session.js';
import type { SessionState } from '../../session/state.js';
import { type Fault, type FaultRecord, type FaultSite, faults, Recovery } from './faults.js';
import { FeedConsumer } from './feed.js';
import { readJournal } from './journal.js';
import { until } from './until.js';
import { Workload } from './workload.js';

/** How long the last orders may take to be shipped, and the last events to come in: some three seconds is usual. */
const lastEventsMs = 10_000;
/** A fault waits for a moment with this much on the wire, */
const wanted = { queries: 5, mutations: 1 };
/** but not for longer than this part of the calls. */
const patience = 0.1;

export interface RunParts {
  readonly session: Session;
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
  #recovery: Recovery | undefined;
  #unknown = 0;

  constructor(parts: RunParts) {
    const { session, site, nowMs } = parts;
    const { tell } = site;
    this.#parts = parts;
    this.#stateChanged(session.state);
    session.on('state', (state) => this.#stateChanged(state));
    this.workload = new Workload(session, {
      begun: () => tell({ type: 'call-begun' }),
      settled: (call) => {
        tell({ type: 'call-settled', call });
        if (call.outcome === 'unknown') this.#outcomeUnknown();
        if (call.outcome === 'answered') this.#recovery?.answered(call.generation, nowMs());
      },
    });
    // Sent before every call on the same connection, so the feed is live before the first order can be written.
    this.feed = new FeedConsumer(session, tell);
  }

  /** The session's last generation: how many sockets it opened. */
  get generations(): number {
    return this.#generation;
  }

  /** Resolves when everything was done; rejects with the signal's reason, or with what ended the feed. */
  async all(): Promise<void> {
    const { session, site } = this.#parts;
    const { signal } = site;
    const ended = this.feed.consume();
    const work = async (): Promise<void> => {
      await session.ready({ signal });
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
    for (const [index, fault] of faults.entries()) await this.#inject(fault, (index + 1) / (faults.length + 1));
  }

  async #inject(fault: Fault, progress: number): Promise<void> {
    const { session, site, nowMs } = this.#parts;
    const { tell, signal } = site;
    const { workload } = this;
    await until(() => {
      const { queries, mutations } = workload.inFlight;
      const busy = queries >= wanted.queries && mutations >= wanted.mutations;
      const due = workload.progress >= progress && session.state.status === 'ready';
      return due && (busy || workload.progress >= progress + patience);
    }, signal);

    const { inFlight } = workload;
    const recovery = new Recovery({ kind: fault.kind, atMs: nowMs(), inFlight }, this.#generation);
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
