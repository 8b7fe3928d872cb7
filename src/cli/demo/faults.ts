// The faults, three for each kind of transport, and what is measured of each: when the session noticed, when it was ready again,
// and when a call was answered that was sent since.

import { setTimeout as wait } from 'node:timers/promises';
import type { SessionState } from '../../session/state.js';
import type { FaultProxy } from '../../testing/fault-proxy.js';
import type { Tell } from './happening.js';
import type { ShopProcess } from './server-process.js';
import type { Way } from './way.js';
import type { CallRecord, InFlight } from './workload.js';

/** How long the server is away: long enough for attempts to connect to fail. */
const downMs = 1_000;

export type FaultKind = 'cut' | 'half-open' | 'reset' | 'kill';

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

const killTitle = `The server process is killed with SIGKILL, and started again ${downMs / 1_000} s later.`;

async function kill({ shop, tell, signal }: FaultSite): Promise<void> {
  await shop.kill();
  await wait(downMs, undefined, { signal });
  await shop.restart();
  tell({ type: 'server-listens', pid: shop.pid, port: shop.port, again: true });
}

const ofConnections: readonly Fault[] = [
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
  { kind: 'kill', title: killTitle, inject: kill },
];

const ofPools: readonly Fault[] = [
  {
    kind: 'cut',
    title: 'Every connection is cut: both sides see it end.',
    inject: async ({ proxy }) => proxy.cut(),
  },
  {
    kind: 'reset',
    title: 'Every connection is reset: what was on its way is lost.',
    inject: async ({ proxy }) => proxy.reset(),
  },
  {
    kind: 'kill',
    title: killTitle,
    inject: async (site) => {
      // As where no proxy is: nobody listens, and who could not connect has sent nothing.
      site.proxy.shut();
      await kill(site);
      await site.proxy.open();
    },
  },
];

export function faultsOf(kind: Way['kind']): readonly Fault[] {
  return kind === 'connection' ? ofConnections : ofPools;
}

/** Times are ms after the fault; undefined: it never happened. */
export interface FaultRecord {
  readonly kind: FaultKind;
  /** Since the start of the demo, ms. */
  readonly atMs: number;
  /** What was on the wire when it happened. */
  readonly inFlight: InFlight;
  readonly noticedAfterMs: number | undefined;
  /** Of a pool always undefined: it has no connection that could be ready again. */
  readonly readyAfterMs: number | undefined;
  readonly firstAnswerAfterMs: number | undefined;
}

/** What a fault hits: the connection in use, or whatever was sent until then. */
export type Hit =
  | { readonly kind: 'connection'; readonly generation: number }
  /** ms since the epoch. */
  | { readonly kind: 'pool'; readonly sentUntil: number };

/** One fault while it is being recovered from. Fed with what the session says and with every answer. */
export class Recovery {
  readonly #fault: Pick<FaultRecord, 'kind' | 'atMs' | 'inFlight'>;
  readonly #hit: Hit;
  #noticed: number | undefined;
  #ready: number | undefined;
  #firstAnswer: number | undefined;

  constructor(fault: Pick<FaultRecord, 'kind' | 'atMs' | 'inFlight'>, hit: Hit) {
    this.#fault = fault;
    this.#hit = hit;
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
    const again = this.#hit.kind === 'connection' ? this.#ready : this.#noticed;
    return again !== undefined && this.#firstAnswer !== undefined;
  }

  state(state: SessionState, nowMs: number): void {
    if (this.#hit.kind === 'pool') return;
    if (state.status !== 'ready') this.#noticed ??= nowMs - this.#fault.atMs;
    else if (state.generation > this.#hit.generation) this.#ready ??= nowMs - this.#fault.atMs;
  }

  /** An operation lost what it was on. */
  interrupted(nowMs: number): void {
    this.#noticed ??= nowMs - this.#fault.atMs;
  }

  answered({ generation, sentAt = 0 }: CallRecord, nowMs: number): void {
    const since = this.#hit.kind === 'connection' ? generation > this.#hit.generation : sentAt > this.#hit.sentUntil;
    if (since) this.#firstAnswer ??= nowMs - this.#fault.atMs;
  }
}
