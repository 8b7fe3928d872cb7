// The three faults, and what is measured of each: when the session noticed, when it was ready again, and when a call was
// answered over the new connection.

import { setTimeout as wait } from 'node:timers/promises';
import type { SessionState } from '../../session/state.js';
import type { FaultProxy } from '../../testing/fault-proxy.js';
import type { Tell } from './happening.js';
import type { ShopProcess } from './server-process.js';
import type { InFlight } from './workload.js';

/** How long the server is away: long enough for attempts to connect to fail. */
const downMs = 1_000;

export type FaultKind = 'cut' | 'half-open' | 'kill';

export interface FaultSite {
  readonly proxy: FaultProxy;
  readonly shop: ShopProcess;
  readonly tell: Tell;
  /** The end of the demo. */
  readonly signal: AbortSignal;
}

export interface Fault {
  readonly kind: FaultKind;
  /** What is done, for people. */
  readonly title: string;
  readonly inject: (site: FaultSite) => Promise<void>;
}

export const faults: readonly Fault[] = [
  {
    kind: 'cut',
    title: 'The connection is cut: both sides see it end.',
    inject: async ({ proxy }) => proxy.cut(),
  },
  {
    kind: 'half-open',
    title: 'The connection goes half-open: it stays up, and every byte vanishes.',
    inject: async ({ proxy }) => proxy.halfOpen(),
  },
  {
    kind: 'kill',
    title: `The server process is killed with SIGKILL, and started again ${downMs / 1_000} s later.`,
    inject: async ({ shop, tell, signal }) => {
      await shop.kill();
      await wait(downMs, undefined, { signal });
      await shop.restart();
      tell({ type: 'server-listens', pid: shop.pid, port: shop.port, again: true });
    },
  },
];

/** Times are ms after the fault; undefined: it never happened. */
export interface FaultRecord {
  readonly kind: FaultKind;
  /** Since the start of the demo, ms. */
  readonly atMs: number;
  /** What was on the wire when it happened. */
  readonly inFlight: InFlight;
  readonly noticedAfterMs: number | undefined;
  readonly readyAfterMs: number | undefined;
  readonly firstAnswerAfterMs: number | undefined;
}

/** One fault while it is being recovered from. Fed with what the session says and with every answer. */
export class Recovery {
  readonly #fault: Pick<FaultRecord, 'kind' | 'atMs' | 'inFlight'>;
  /** The connection that the fault hit. */
  readonly #generation: number;
  #noticed: number | undefined;
  #ready: number | undefined;
  #firstAnswer: number | undefined;

  constructor(fault: Pick<FaultRecord, 'kind' | 'atMs' | 'inFlight'>, generation: number) {
    this.#fault = fault;
    this.#generation = generation;
  }

  get record(): FaultRecord {
    return {
      ...this.#fault,
      noticedAfterMs: this.#noticed,
      readyAfterMs: this.#ready,
      firstAnswerAfterMs: this.#firstAnswer,
    };
  }

  get complete(): boolean {
    return this.#ready !== undefined && this.#firstAnswer !== undefined;
  }

  state(state: SessionState, nowMs: number): void {
    if (state.status !== 'ready') this.#noticed ??= nowMs - this.#fault.atMs;
    else if (state.generation > this.#generation) this.#ready ??= nowMs - this.#fault.atMs;
  }

  answered(generation: number, nowMs: number): void {
    if (generation > this.#generation) this.#firstAnswer ??= nowMs - this.#fault.atMs;
  }
}
