// Checks of how calls end: in time, with the right answer, and with claims about their delivery that the frames and the
// server's journal bear out.

import type { Delivery } from '../../protocol/delivery.js';
import { HoldfastError } from '../../protocol/errors/holdfast-error.js';
import type { OperationRecord } from './ledger.js';
import type { Answer } from './questions.js';
import type { Report } from './report.js';
import { holdsToken } from './tokens.js';
import type { World } from './world.js';

/** Each error, with what it may say about delivery. */
const claims: Readonly<Record<string, readonly Delivery[]>> = {
  DeadlineError: ['not-sent', 'unknown', 'answered'],
  CancelledError: ['not-sent', 'unknown', 'answered'],
  ConnectError: ['not-sent', 'unknown', 'answered'],
  ConnectionLostError: ['unknown', 'answered'],
  OutcomeUnknownError: ['unknown'],
  OperationRejectedError: ['unknown', 'answered'],
  SessionClosedError: ['not-sent', 'unknown', 'answered'],
  QueueFullError: ['not-sent'],
  ResponseError: ['answered'],
  ProtocolError: ['answered'],
  GraphQLResultError: ['answered'],
  GapError: ['answered'],
  BufferFullError: ['answered'],
};

export class CallChecks {
  readonly #world: World;
  readonly #report: Report;
  /** Operations that were reported as never sent. */
  readonly #notSent: OperationRecord[] = [];

  constructor(world: World) {
    this.#world = world;
    this.#report = world.report;
  }

  /** A call was answered with data. */
  answered(operation: OperationRecord, data: unknown, expected: Answer): void {
    this.#settle(operation, 'data');
    const { token, plan, frames } = operation;
    const got = (data as { readonly token?: string } | null | undefined)?.token;
    this.#report.check(got === token, () => `${token} got the answer of ${got ?? 'nobody'}.`);
    this.#report.check(expected === 'data', () => `${token} was answered with data; the server gave "${expected}".`);
    this.#report.check(!plan.harmful, () => `${token} was answered, and it makes the server end the connection.`);
    this.#report.count(`${plan.kind}:answered:${Math.min(frames.length, 3)} sent`);
    if (plan.kind !== 'mutation') return;
    const runs = this.#world.server.journal.executions.get(token)?.length ?? 0;
    this.#report.check(runs > 0, () => `Mutation ${token} was answered and never ran.`);
  }

  /** `result` was answered with GraphQL errors, which do not throw there. */
  answeredWithErrors(operation: OperationRecord, message: string | undefined, expected: Answer): void {
    this.#settle(operation, 'errors');
    const { token } = operation;
    this.#report.check(
      message?.endsWith(` of ${token}`) === true,
      () => `${token} got the errors of another: ${message}`,
    );
    this.#report.check(expected === 'errors' || expected === 'error', () => `${token} got errors nobody sent.`);
  }

  /** A call, or the iterator of a subscription, failed. */
  failed(operation: OperationRecord, error: unknown): void {
    if (!(error instanceof HoldfastError)) {
      this.#report.fail(`${operation.token} failed with ${String(error)}`);
      return;
    }
    const { name, delivery } = error;
    this.#report.check(!holdsToken(error), () => `A token stands in the error of ${operation.token}.`);
    this.#settle(operation, `${name} ${delivery}: ${error.message}`);
    this.#report.count(operation.isCall ? `call:${name}:${delivery}` : `subscription:${name}`);
    const { token, frames, plan } = operation;
    this.#report.check(claims[name]?.includes(delivery) === true, () => `${token} failed with ${name}, ${delivery}.`);
    if (delivery === 'not-sent') this.#notSent.push(operation);
    else this.#report.check(frames.length > 0, () => `${token} is said to be ${delivery} and was never sent.`);
    if (name === 'OutcomeUnknownError') {
      this.#report.check(plan.kind === 'mutation', () => `${token} is no mutation and failed with ${name}.`);
    }
    if (name === 'SessionClosedError' && delivery !== 'not-sent') this.#checkGrace(operation);
    if (name === 'OperationRejectedError') this.#checkConviction(operation);
  }

  /** Rejected is who was suspected before, and not for what another did that had not been cleared. */
  #checkConviction({ token, suspected, lastFrame }: OperationRecord): void {
    const { ledger, trialMs, clock } = this.#world;
    const culprit = lastFrame?.wire.culprit ?? token;
    this.#report.check(suspected >= 2, () => `${token} was rejected and was suspected ${suspected} times.`);
    this.#report.check(culprit === token || ledger.outlived(culprit, trialMs, clock.now()), () => {
      return `${token} was rejected for what ${culprit} did.`;
    });
  }

  /** At the end: what was reported as never sent was never sent. */
  finish(): void {
    for (const { token, frames } of this.#notSent) {
      this.#report.check(frames.length === 0, () => `${token} was reported as not-sent, and it was sent.`);
      const runs = this.#world.server.journal.executions.get(token)?.length ?? 0;
      this.#report.check(runs === 0, () => `${token} was reported as not-sent, and it ran.`);
    }
  }

  /** What was in flight when the program closed the session may be answered until the grace is over. */
  #checkGrace({ token, lastFrame }: OperationRecord): void {
    if (lastFrame?.ended !== undefined && lastFrame.ended.how !== 'stopped') return;
    const { at, graceMs } = this.#world.closing ?? { at: Number.POSITIVE_INFINITY, graceMs: 0 };
    this.#report.check(this.#world.clock.now() >= at + graceMs, () => `${token} was given no grace.`);
  }

  #settle(operation: OperationRecord, how: string): void {
    const { token, calledAt, plan } = operation;
    const at = this.#world.clock.now();
    this.#report.note(() => `${token} ends: ${how}`);
    this.#report.check(operation.settled === undefined, () => `${token} ended twice.`);
    const late = at - calledAt - plan.deadlineMs;
    this.#report.check(late <= 1, () => `${token} ended ${late} ms after its deadline.`);
    operation.settled = { at, how };
  }
}
