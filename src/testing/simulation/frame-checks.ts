// Checks of what leaves the session: ids, the order of operations, which connection takes them, how often an operation is
// sent, and under which conditions a mutation is sent again. Watches the session's side of every connection.

import type { Clock } from '../../transport/contract.js';
import type { Frame, Ledger, OperationRecord } from './ledger.js';
import type { Report } from './report.js';
import { maxRetiring } from './state-checks.js';
import { longestClosingMs, type Wire, type WireObserver } from './wire.js';

const startMessage = /^\{"type":"(?:subscribe|start)","id":"([^"]*)"/;
const stopMessage = /^\{"type":"(?:complete|stop)","id":"([^"]*)"/;
const lastAnswer = /^\{"type":"(?:error|complete)","id":"([^"]*)"(?:\}|,"payload":\[?\{)/;
const result = /^\{"type":"(?:next|data)","id":"([^"]*)","payload":\{/;
const tokenMember = /"token":"(t\d+)"/;
const keyMember = /"idempotencyKey":"([^"]*)"/;
const windowMember = /"windowMs":(\d+)/;
const storeMember = /"store":"([^"]*)"/;

interface Memory {
  readonly windowMs: number;
  readonly store: string | undefined;
}

const noMemory: Memory = { windowMs: 0, store: undefined };

/** A poisoned operation may interrupt another one this often; once more where it waits by its own rule, and so is never alone. */
const maxInterruptions = 2;
/** Endings after which the operations on a connection are suspects. 4004 is the session's own, for a malformed message. */
const suspiciousCodes: readonly number[] = [1002, 1003, 1007, 1009, 1011, 4004, 4400, 4409, 4500];

/** Above this many bytes not yet taken by the kernel nothing more is sent. */
const backlogBytes = 2 ** 20;
/** What holds for the session of this run. */
export interface FrameRules {
  /** It opens another connection when one goes away. */
  readonly replaces: boolean;
  /** How long it waits for a sign that a suspect did no harm, ms. */
  readonly trialMs: number;
  /** How many calls it may have on the wire at one time. */
  readonly maxInFlight: number;
}

export class FrameChecks implements WireObserver {
  readonly #clock: Clock;
  readonly #report: Report;
  readonly #ledger: Ledger;
  readonly #rules: FrameRules;
  /** The newest connection that was given an operation. */
  #taking = 0;
  /** Connections whose server announced that it goes away. */
  readonly #leaving = new Set<Wire>();
  /** How long the server of a connection remembers keys, ms. */
  /** What each connection's server said of its memory of keys. */
  readonly #memories = new Map<Wire, Memory>();
  /** Since when each connection has been open. */
  readonly #alive = new Map<Wire, number>();
  /** The call that was sent for the first time last. */
  #newest: OperationRecord | undefined;
  #lastCall = 0;
  #lastSubscription = 0;
  #lastResent: { readonly wire: Wire; readonly lostWith: Wire; readonly order: number } | undefined;

  constructor(clock: Clock, report: Report, ledger: Ledger, rules: FrameRules) {
    this.#clock = clock;
    this.#report = report;
    this.#ledger = ledger;
    this.#rules = rules;
  }

  sent(wire: Wire, text: string): void {
    if (text.includes('"connection_init"')) this.#opened(wire);
    const started = startMessage.exec(text)?.[1];
    const stopped = this.#ledger.frames.get(stopMessage.exec(text)?.[1] ?? '');
    if (started !== undefined) this.#started(wire, started, text);
    else if (stopped !== undefined) {
      this.#report.note(() => `session stops ${stopped.operation.token} on ${wire.id}`);
      this.#end(stopped, 'stopped');
    }
  }

  arrived(wire: Wire, text: string): void {
    if (text.startsWith('{"type":"connection_ack"')) {
      const windowMs = Number(windowMember.exec(text)?.[1] ?? 0);
      this.#memories.set(wire, { windowMs, store: storeMember.exec(text)?.[1] });
    } else if (text.includes('"goingAway"')) {
      if (this.#rules.replaces) this.#leaving.add(wire);
    } else {
      const last = this.#ledger.frames.get(lastAnswer.exec(text)?.[1] ?? '');
      if (last !== undefined) this.#end(last, 'answered');
      const frame = this.#ledger.frames.get(result.exec(text)?.[1] ?? '');
      if (frame === undefined || frame.ended !== undefined || frame.wire !== wire) return;
      if (frame.operation.isCall) this.#end(frame, 'answered');
      else if (text.includes('"stream"')) frame.arrivals.push(this.#clock.now());
    }
  }

  /** One operation failed by itself, and nobody knows how far it came. */
  failed(id: string): void {
    const frame = this.#ledger.frames.get(id);
    if (frame === undefined) return;
    this.#report.note(() => `${frame.operation.token} fails by itself`);
    this.#end(frame, 'failed');
    if (frame.operation.plan.kind === 'mutation') this.#expectUnknown(frame.operation);
  }

  over(wire: Wire, code: number): void {
    this.#alive.delete(wire);
    const unanswered = this.#ledger.unansweredOn(wire);
    const culprit = wire.culprit;
    const blame = culprit === undefined ? '' : ` because of ${culprit}`;
    this.#report.note(() => `connection ${wire.id} is over with ${code}${blame}`);
    const suspicious = suspiciousCodes.includes(code);
    if (suspicious) this.#ledger.suspicionAt = this.#clock.now();
    for (const frame of unanswered) {
      this.#end(frame, 'lost');
      if (suspicious) frame.operation.suspected += 1;
      if (frame.operation.plan.kind === 'mutation') this.#expectUnknown(frame.operation);
    }
  }

  /** Who learns of another end, because it gave up waiting for this one, can blame nobody. */
  told(wire: Wire): void {
    const { culprit } = wire;
    if (culprit === undefined) return;
    for (const frame of this.#ledger.framesOn(wire)) {
      const { operation, ended } = frame;
      // One that has moved on to another connection meanwhile was not interrupted by this.
      const lost = ended?.how === 'lost' && operation.lastFrame === frame;
      if (lost && operation.token !== culprit) this.#interrupted(operation, culprit);
    }
  }

  /** A lost mutation whose key no server holds is over: its caller learns at once that its outcome is unknown. */
  #expectUnknown(operation: OperationRecord): void {
    const now = this.#clock.now();
    if (operation.frames.some(({ heldUntil }) => heldUntil !== undefined && heldUntil >= now)) return;
    this.#expectEnd(operation, longestClosingMs + 1, 'was lost and may not be sent again');
  }

  #expectEnd(operation: OperationRecord, withinMs: number, why: string): void {
    this.#clock.setTimer(withinMs, () => {
      this.#report.check(
        operation.settled !== undefined,
        () => `${operation.token} ${why}, and its caller still waits.`,
      );
    });
  }

  #opened(wire: Wire): void {
    this.#report.note(() => `connection ${wire.id} is open`);
    this.#alive.set(wire, this.#clock.now());
    const others = [...this.#alive.keys()].filter((other) => other !== wire);
    const retire = others.every((other) => this.#leaving.has(other));
    this.#report.check(retire && others.length <= maxRetiring, () => {
      const ids = others.map((other) => `${other.id}${this.#leaving.has(other) ? ' (going away)' : ''}`).join(', ');
      return `Connection ${wire.id} is opened beside ${ids}: only those that go away may retire, at most ${maxRetiring}.`;
    });
  }

  #started(wire: Wire, id: string, text: string): void {
    const token = tokenMember.exec(text)?.[1];
    // A liveness probe of the session's own belongs to its connection, whichever it is.
    if (token === undefined) return;
    const operation = this.#ledger.operations.get(token);
    if (operation === undefined) {
      this.#report.fail(`An operation of nobody was sent: ${text}`);
      return;
    }
    this.#report.note(() => `session sends ${token} as ${id} on ${wire.id}`);
    this.#report.check(!this.#ledger.frames.has(id), () => `The id ${id} was used twice.`);
    this.#checkConnection(wire, operation);
    const key = keyMember.exec(text)?.[1];
    const memory = this.#memories.get(wire) ?? noMemory;
    const at = this.#clock.now();
    const heldUntil = key === undefined || memory.windowMs === 0 ? undefined : at + memory.windowMs;
    const frame: Frame = {
      operation,
      wire,
      id,
      at,
      key,
      heldUntil,
      heldBy: memory.store,
      ended: undefined,
      arrivals: [],
    };
    this.#checkRepetition(frame, memory);
    this.#checkOrder(frame);
    operation.frames.push(frame);
    this.#ledger.frames.set(id, frame);
    this.#checkInFlight();
  }

  #checkConnection(wire: Wire, { token, settled }: OperationRecord): void {
    this.#report.check(settled === undefined, () => `${token} was sent although it had ended.`);
    this.#report.check(wire.id >= this.#taking, () => {
      return `${token} was sent on connection ${wire.id}, and ${this.#taking} takes new operations.`;
    });
    this.#report.check(!this.#leaving.has(wire), () => {
      return `${token} was sent on connection ${wire.id}, which is going away.`;
    });
    this.#taking = Math.max(this.#taking, wire.id);
    this.#report.check(
      wire.pending() <= backlogBytes,
      () => `${token} was sent into a backlog of ${wire.pending()} bytes.`,
    );
  }

  #checkRepetition(frame: Frame, { windowMs, store }: Memory): void {
    const { operation, at } = frame;
    const { frames, plan, token } = operation;
    const last = operation.lastFrame;
    if (last === undefined) return;
    this.#report.check(last.ended !== undefined, () => `${token} was sent again while it was in progress.`);
    this.#report.check(!operation.isCall || frames.length < plan.maxSends, () => {
      return `${token} was sent ${frames.length + 1} times; its rule allows ${plan.maxSends}.`;
    });
    this.#report.check(last.ended?.how !== 'failed' || last.ended.at !== at, () => {
      return `${token} failed by itself and was sent again at once.`;
    });
    if (plan.kind !== 'mutation' || last.ended?.how === 'answered') return;
    const held = frames.find(({ heldUntil }) => heldUntil !== undefined);
    this.#report.check(
      windowMs > 0 &&
        held?.key !== undefined &&
        held.key === frame.key &&
        held.heldBy === store &&
        (held.heldUntil ?? 0) >= at,
      () => `Mutation ${token} was sent again without a key that the server honours and still remembers.`,
    );
    this.#report.count('mutation sent again with its key');
  }

  /** First sends in the order of the calls, and after a lost connection again in that order. */
  #checkOrder({ operation, wire }: Frame): void {
    const last = operation.lastFrame;
    if (last === undefined) {
      const before = operation.isCall ? this.#lastCall : this.#lastSubscription;
      this.#report.check(
        operation.order > before,
        () => `${operation.token} was sent after t${before}, which came later.`,
      );
      if (operation.isCall) {
        this.#lastCall = operation.order;
        this.#newest = operation;
      } else this.#lastSubscription = operation.order;
      return;
    }
    if (!operation.isCall || operation.plan.ownRule || operation.suspected > 0 || last.ended?.how !== 'lost') return;
    const lostAt = last.ended.at + longestClosingMs;
    const overtaken = this.#newest?.frames[0]?.wire === wire && this.#newest.calledAt > lostAt;
    this.#report.check(!overtaken, () => `${operation.token} had to wait for newer calls.`);
    const before = this.#lastResent;
    this.#lastResent = { wire, lostWith: last.wire, order: operation.order };
    if (before?.wire !== wire || before.lostWith !== last.wire) return;
    this.#report.check(operation.order > before.order, () => `${operation.token} was sent again out of turn.`);
  }

  #checkInFlight(): void {
    const { maxInFlight } = this.#rules;
    if (maxInFlight === Number.POSITIVE_INFINITY) return;
    let calls = 0;
    for (const { operation, ended } of this.#ledger.frames.values()) {
      if (operation.isCall && ended === undefined && operation.settled === undefined) calls += 1;
    }
    this.#report.check(calls <= maxInFlight, () => `${calls} calls are on the wire; maxInFlight is ${maxInFlight}.`);
  }

  #interrupted(operation: OperationRecord, culprit: string): void {
    // A peer that lived on with it for so long has cleared it: what came later cannot be told from somebody else's harm.
    if (this.#ledger.outlived(culprit, this.#rules.trialMs, this.#clock.now())) return;
    const times = (operation.interruptions.get(culprit) ?? 0) + 1;
    operation.interruptions.set(culprit, times);
    const ownRule = this.#ledger.operations.get(culprit)?.plan.ownRule === true;
    this.#report.check(times <= maxInterruptions + Number(ownRule), () => {
      return `${operation.token} was interrupted ${times} times because of ${culprit}.`;
    });
  }

  #end(frame: Frame, how: 'stopped' | 'answered' | 'lost' | 'failed'): void {
    if (frame.ended !== undefined) return;
    frame.ended = { how, at: this.#clock.now() };
    const { operation, wire } = frame;
    if (how === 'answered' && operation.isCall && !operation.plan.ownRule && wire.alive) {
      this.#expectEnd(operation, 0, 'was answered');
    }
  }
}
