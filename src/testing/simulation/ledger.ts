// What the outside knows about every operation: what was asked, which frames left the session for it, and how it ended. The
// checks compare this with what the session claims and what the server did.

import type { OperationKind } from '../../protocol/result.js';
import type { Wire } from './wire.js';

/** One start message of an operation, handed to a connection. */
export interface Frame {
  readonly operation: OperationRecord;
  readonly wire: Wire;
  readonly id: string;
  readonly at: number;
  /** The idempotency key in it; undefined where there is none. */
  readonly key: string | undefined;
  /** Until when the connection's server had promised to remember the key. */
  readonly heldUntil: number | undefined;
  /** What it called its memory. */
  readonly heldBy: string | undefined;
  /** How it came to its end at the session: the server was told to stop, its last message arrived, its connection ended, or it failed alone. */
  ended: { readonly how: 'stopped' | 'answered' | 'lost' | 'failed'; readonly at: number } | undefined;
  /** When the events of a subscription reached the session, as long as the frame had not ended. */
  readonly arrivals: number[];
}

export interface OperationPlan {
  readonly kind: OperationKind;
  /** It makes the server end the connection, or its answer breaks the hard limit. */
  readonly harmful: boolean;
  /** How often it may be sent. */
  readonly maxSends: number;
  readonly deadlineMs: number;
  /** Its rule waits before a further attempt, or decides by itself: it does not come back in the common order. */
  readonly ownRule: boolean;
}

export class OperationRecord {
  readonly token: string;
  /** Counts operations in the order in which they were asked for. */
  readonly order: number;
  readonly plan: OperationPlan;
  readonly calledAt: number;
  readonly frames: Frame[] = [];
  settled: { readonly at: number; readonly how: string } | undefined;
  /** How often its connection ended because of another operation, by that operation's token. */
  readonly interruptions: Map<string, number> = new Map();
  /** How often it was unanswered when a connection ended as if one of its operations were to blame. */
  suspected = 0;

  constructor(token: string, order: number, plan: OperationPlan, calledAt: number) {
    this.token = token;
    this.order = order;
    this.plan = plan;
    this.calledAt = calledAt;
  }

  get isCall(): boolean {
    return this.plan.kind !== 'subscription';
  }

  get lastFrame(): Frame | undefined {
    return this.frames.at(-1);
  }
}

export class Ledger {
  readonly operations: Map<string, OperationRecord> = new Map();
  /** By id: ids are unique within a session. */
  readonly frames: Map<string, Frame> = new Map();

  /** When a connection last ended as if one of its operations were to blame. */
  suspicionAt: number = Number.NEGATIVE_INFINITY;

  open(plan: OperationPlan, at: number): OperationRecord {
    const order = this.operations.size + 1;
    const record = new OperationRecord(`t${order}`, order, plan, at);
    this.operations.set(record.token, record);
    return record;
  }

  /** Whether the peer lived on with an operation for so long that it counts as harmless. */
  outlived(token: string, trialMs: number, now: number): boolean {
    const frames = this.operations.get(token)?.frames ?? [];
    // What was stopped has reached the server all the same.
    return frames.some(
      ({ at, ended }) => (ended === undefined || ended.how === 'stopped' ? now : ended.at) - at >= trialMs,
    );
  }

  framesOn(wire: Wire): Frame[] {
    return [...this.frames.values()].filter((frame) => frame.wire === wire);
  }

  /** The operations that wait for an answer, or for events, on this connection, in the order of their frames. */
  unansweredOn(wire: Wire): Frame[] {
    return this.framesOn(wire).filter(({ ended, operation }) => ended === undefined && operation.settled === undefined);
  }
}
