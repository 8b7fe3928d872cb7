// The simulation's time. It runs from timer to timer, and after each lets promise chains go on for a fixed number of
// microtask rounds: no turn of the event loop is spent, which makes it much faster than the virtual clock for tests.

import type { Clock } from '../../transport/contract.js';

interface Timer {
  readonly at: number;
  /** Equal times run in the order of setting. */
  readonly order: number;
  /** Undefined once cancelled. */
  callback: (() => void) | undefined;
}

/** Longer than the longest chain of promises that one event sets going. */
const microtaskRounds = 24;
/** More timers than this in one run are a storm: something sets timers without getting anywhere. */
const maxTimers = 100_000;

export class SimulationClock implements Clock {
  #now = 1_000_000;
  #order = 0;
  #ran = 0;
  /** A binary heap, the earliest timer first. */
  readonly #heap: Timer[] = [];

  now(): number {
    return this.#now;
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, delayMs), order: this.#order++, callback };
    this.#push(timer);
    return () => {
      timer.callback = undefined;
    };
  }

  /** Resolves when so much time has passed. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.setTimer(ms, resolve);
    });
  }

  /** Runs until the time is reached or `stopped` says so. */
  async runUntil(at: number, stopped: () => boolean): Promise<void> {
    await settle();
    while (!stopped()) {
      const timer = this.#heap[0];
      if (timer === undefined || timer.at > at) break;
      this.#pop();
      if (timer.callback === undefined) continue;
      this.#ran += 1;
      if (this.#ran > maxTimers) throw new Error(`More than ${maxTimers} timers ran: something goes round in circles.`);
      this.#now = timer.at;
      timer.callback();
      await settle();
    }
    this.#now = Math.max(this.#now, at);
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let place = heap.length;
    while (place > 0) {
      const above = (place - 1) >>> 1;
      const parent = heap[above] as Timer;
      if (isBefore(parent, timer)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Timer;
    if (heap.length === 0) return;
    let place = 0;
    for (;;) {
      const left = place * 2 + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && isBefore(heap[right] as Timer, heap[left] as Timer) ? right : left;
      if (isBefore(last, heap[child] as Timer)) break;
      heap[place] = heap[child] as Timer;
      place = child;
    }
    heap[place] = last;
  }
}

/** The same time for one user of it, who is asked in the end what it left behind. */
export class OwnedClock implements Clock {
  readonly #clock: Clock;
  #pending = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Timers that were set and have neither run nor been cancelled. */
  get pending(): number {
    return this.#pending;
  }

  now(): number {
    return this.#clock.now();
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    let waiting = true;
    const over = (): void => {
      if (waiting) this.#pending -= 1;
      waiting = false;
    };
    this.#pending += 1;
    const cancel = this.#clock.setTimer(delayMs, () => {
      over();
      callback();
    });
    return () => {
      over();
      cancel();
    };
  }
}

async function settle(): Promise<void> {
  for (let round = 0; round < microtaskRounds; round++) await null;
}

function isBefore(one: Timer, other: Timer): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
