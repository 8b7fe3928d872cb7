// What becomes of an operation whose attempt ended without an answer, or with a failure: pure functions of its record. This
// is where "a write is never repeated by accident" is decided.

import type { Delivery } from '../protocol/delivery.js';
import type { Capabilities, Failure } from '../transport/contract.js';
import type { Operation } from './operation.js';
import type { RetryContext, Verdict } from './retry.js';
import { spentUpload } from './uploads.js';
import { answeredVerdict, isIncurable, lostVerdict, type OperationVerdict } from './verdicts.js';

/**
 * - `wait`: it was provably not sent, so this was no attempt; `again`: it is sent again;
 * - `refresh`: it is sent again with new credentials, where there are any to be had, and fails otherwise;
 * - `spent`: it would be sent again, but a file of it was read and can be read only once: it fails;
 * - `unknown`: it may have run and is not sent again; `fail`: it fails with what happened.
 */
export type Fate = 'wait' | 'again' | 'refresh' | 'spent' | 'unknown' | 'fail';

/** Asks a rule's own verdict; one that throws has none. */
export type AskVerdict = (operation: Operation, failure: Failure, delivery: Delivery) => Verdict | undefined;

/** The connection ended, or a request on a pool failed, and the answer will never come. */
export function fateAfterLoss(
  operation: Operation,
  failure: Failure,
  delivery: Delivery,
  now: number,
  ask: AskVerdict,
): Fate {
  const fate = wishAfterLoss(operation, failure, delivery, now, ask);
  if (!isSpent(operation) || (fate !== 'wait' && fate !== 'again')) return fate;
  return mayHaveRun(operation, delivery) ? 'unknown' : 'spent';
}

/** Files that can be read only once aside. */
function wishAfterLoss(
  operation: Operation,
  failure: Failure,
  delivery: Delivery,
  now: number,
  ask: AskVerdict,
): Exclude<Fate, 'spent'> {
  if (delivery === 'not-sent') {
    if (!isIncurable(failure)) return 'wait';
    return mayHaveRun(operation, delivery) ? 'unknown' : 'fail';
  }
  if (operation.committed) return operation.request.kind === 'mutation' ? 'unknown' : 'fail';
  if (operation.request.kind === 'mutation')
    return isHeld(operation, now) && hasAttempts(operation) ? 'again' : 'unknown';
  const verdict = fromOwn(ask(operation, failure, delivery)) ?? lostVerdict(operation.request.kind);
  return verdict === 'again' && hasAttempts(operation) ? 'again' : 'fail';
}

/** The server answered, with GraphQL errors, perhaps beside data, or with something else that is no result. */
export function fateAfterAnswer(
  operation: Operation,
  failure: Failure,
  ask: AskVerdict,
  withData: boolean = false,
): Extract<Fate, 'again' | 'refresh' | 'spent' | 'fail'> {
  if (operation.committed || !hasAttempts(operation)) return 'fail';
  const { kind } = operation.request;
  const verdict = fromOwn(ask(operation, failure, 'answered')) ?? answeredVerdict(kind, failure, withData);
  if (verdict !== 'fail' && isSpent(operation)) return 'spent';
  if (verdict === 'refresh' && !operation.refused) return 'refresh';
  return verdict === 'again' ? 'again' : 'fail';
}

/**
 * Whether a connection may carry this operation. A mutation that may have run already needs a server that honours keys and
 * still remembers this one; it may have moved to a server that does not, or whose memory is another.
 */
export function maySend(
  operation: Operation,
  { idempotencyWindowMs, idempotencyStore }: Pick<Capabilities, 'idempotencyWindowMs' | 'idempotencyStore'>,
  now: number,
): boolean {
  if (operation.request.kind !== 'mutation' || operation.delivery !== 'unknown') return true;
  const isKnownThere = operation.key?.heldBy === idempotencyStore;
  return idempotencyWindowMs > 0 && isKnownThere && isHeld(operation, now);
}

/** What a rule's `verdict` is asked about an operation. */
export function retryContext(operation: Operation, delivery: Delivery): RetryContext {
  const { kind, operationName } = operation.request;
  const subject = kind === 'subscription' ? 'subscribe' : 'execute';
  return { subject, attempt: operation.sends, delivery, kind, operationName };
}

function isSpent({ request }: Operation): boolean {
  return spentUpload(request) !== undefined;
}

/** Its last send, of which `delivery` is known, or one before. */
function mayHaveRun({ request, delivery: before }: Operation, delivery: Delivery): boolean {
  return request.kind === 'mutation' && (delivery !== 'not-sent' || before === 'unknown');
}

function isHeld(operation: Operation, now: number): boolean {
  return operation.key?.heldUntil !== undefined && operation.key.heldUntil > now;
}

function hasAttempts(operation: Operation): boolean {
  return operation.sends < operation.rule.attempts;
}

function fromOwn(verdict: Verdict | undefined): OperationVerdict | undefined {
  if (verdict === undefined) return undefined;
  return verdict === 'fail' ? 'fail' : 'again';
}
