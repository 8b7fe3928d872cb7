// What the demo asks of its one session: 50 callers who share a list of 240 calls, every sixth of which is a mutation, and who
// pause between them. Keeps a record of how each call ended.

import { setTimeout as wait } from 'node:timers/promises';
import { HoldfastError } from '../../protocol/errors/holdfast-error.js';
import type { Session } from '../../session/session.js';
import { messageOf } from '../words.js';
import { products } from './shop.js';

export const callerCount = 50;
export const queryCount = 200;
export const mutationCount = 40;

const productQuery = 'query Product($id: ID!) { product(id: $id) { id name priceInCents } }';
const placeOrder =
  'mutation PlaceOrder($reference: String!, $product: ID!, $quantity: Int!) ' +
  '{ placeOrder(reference: $reference, product: $product, quantity: $quantity) { id reference } }';
const longestPauseMs = 2_000;

/**
 * - `answered`: with the data that was asked for;
 * - `unknown`: a mutation that was sent and not answered, so it may or may not have run;
 * - `not-sent`: it failed and was never sent;
 * - `failed`: anything else, also an answer to somebody else's question.
 */
export type CallOutcome = 'answered' | 'unknown' | 'not-sent' | 'failed';

export interface CallRecord {
  readonly kind: 'query' | 'mutation';
  /** The order's reference, or the product asked for. */
  readonly subject: string;
  readonly outcome: CallOutcome;
  /** How often it was sent. */
  readonly sends: number;
  /** Whether it was answered out of the server's memory: it had run before, and did not run again. */
  readonly replayed: boolean;
  /** The connection that carried the answer; 0 where there was none. */
  readonly generation: number;
  /** When it was last sent, ms since the epoch; undefined where it was not answered. */
  readonly sentAt: number | undefined;
  /** From the call to its answer, waits and retries included; undefined where there was none. */
  readonly tookMs: number | undefined;
  /** Why it was not answered. */
  readonly error: string | undefined;
}

interface PlannedCall {
  readonly kind: 'query' | 'mutation';
  readonly product: string;
  /** For mutations: unique, so that the journal can be searched for it. */
  readonly reference: string;
}

export interface WorkloadEvents {
  begun(): void;
  settled(record: CallRecord): void;
}

export interface InFlight {
  readonly queries: number;
  readonly mutations: number;
}

export class Workload {
  readonly records: CallRecord[] = [];
  readonly #session: Session;
  readonly #plan: readonly PlannedCall[] = plan();
  readonly #events: WorkloadEvents;
  readonly #inFlight = { query: 0, mutation: 0 };
  #begun = 0;

  constructor(session: Session, events: WorkloadEvents) {
    this.#session = session;
    this.#events = events;
  }

  /** How far it is, from 0 to 1: calls that were begun. */
  get progress(): number {
    return this.#begun / this.#plan.length;
  }

  get inFlight(): InFlight {
    return { queries: this.#inFlight.query, mutations: this.#inFlight.mutation };
  }

  /** Resolves when every call was made and settled; rejects only with the signal's reason. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(Array.from({ length: callerCount }, () => this.#caller(signal)));
    signal.throwIfAborted();
  }

  async #caller(signal: AbortSignal): Promise<void> {
    const pause = (): Promise<unknown> =>
      wait(Math.random() * longestPauseMs, undefined, { signal }).catch(() => undefined);
    await pause();
    for (;;) {
      const call = this.#plan[this.#begun];
      if (call === undefined || signal.aborted) return;
      this.#begun += 1;
      this.#events.begun();
      const record = await this.#make(call, signal);
      // A read that the end of the demo cut short says nothing; a write may still be in the journal.
      if (signal.aborted && call.kind === 'query') return;
      this.records.push(record);
      this.#events.settled(record);
      await pause();
    }
  }

  async #make(call: PlannedCall, signal: AbortSignal): Promise<CallRecord> {
    const { kind, product, reference } = call;
    const about = { kind, subject: kind === 'query' ? product : reference };
    this.#inFlight[kind] += 1;
    try {
      const { data, errors, extensions, meta } = await this.#send(call, signal);
      const right = data?.product?.id === product || data?.placeOrder?.reference === reference;
      return {
        ...about,
        outcome: right ? 'answered' : 'failed',
        sends: meta.attempts,
        replayed: extensions?.idempotency !== undefined,
        generation: meta.generation,
        sentAt: meta.timings.sentAt,
        tookMs: meta.timings.answeredAt - meta.timings.calledAt,
        error: right ? undefined : (errors?.[0]?.message ?? `It was answered with ${JSON.stringify(data)}`),
      };
    } catch (error) {
      const never = { replayed: false, generation: 0, sentAt: undefined, tookMs: undefined } as const;
      return { ...about, ...failureOf(error, kind), ...never };
    } finally {
      this.#inFlight[kind] -= 1;
    }
  }

  #send({ kind, product, reference }: PlannedCall, signal: AbortSignal) {
    interface Answer {
      readonly product?: { readonly id: string };
      readonly placeOrder?: { readonly reference: string };
    }
    if (kind === 'query') return this.#session.result<Answer>(productQuery, { id: product }, { signal });
    return this.#session.result<Answer>(placeOrder, { reference, product, quantity: 1 }, { signal });
  }
}

function plan(): PlannedCall[] {
  const calls = queryCount + mutationCount;
  const every = calls / mutationCount;
  return Array.from({ length: calls }, (_, index) => ({
    kind: index % every === every - 1 ? 'mutation' : 'query',
    product: products[index % products.length]?.id ?? '',
    reference: `order-${String(Math.floor(index / every) + 1).padStart(2, '0')}`,
  }));
}

function failureOf(error: unknown, kind: CallRecord['kind']): Pick<CallRecord, 'outcome' | 'sends' | 'error'> {
  const message = messageOf(error);
  if (!(error instanceof HoldfastError)) return { outcome: 'failed', sends: 0, error: message };
  const { attempts: sends, delivery } = error;
  if (delivery === 'unknown' && kind === 'mutation') return { outcome: 'unknown', sends, error: message };
  return { outcome: delivery === 'not-sent' ? 'not-sent' : 'failed', sends, error: message };
}
