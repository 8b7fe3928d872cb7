// Ready-made misbehaviour while operations run: connections that end at the worst moment, and answers that come late, under
// a wrong id, without data, or not at all.

import { systemClock } from '../../../session/clock.js';
import type { Clock } from '../../../transport/contract.js';
import type { ScriptedOperation } from '../operation.js';
import type { Done, Script } from '../script.js';
import { type Limited, limit } from './limit.js';

export interface OperationOptions extends Limited {
  /** Which operations are concerned; others are none of the `times`. Default: all. */
  readonly matching?: ((operation: ScriptedOperation) => boolean) | undefined;
}

/** A script that handles the operations concerned and leaves the others alone. */
export function onOperation(
  options: OperationOptions,
  handle: (operation: ScriptedOperation, proceed: () => Done) => Done,
): Script {
  const again = limit(options);
  const { matching = () => true } = options;
  return {
    operation: (operation, proceed) => (matching(operation) && again() ? handle(operation, proceed) : proceed()),
  };
}

export interface DropsOnOperationOptions extends OperationOptions {
  /** `before`: the request was read and nothing is answered; `after`: the answer is still delivered. Default `before`. */
  readonly when?: 'before' | 'after' | undefined;
}

/** Drops the TCP socket when an operation was read. The journal holds the operation either way. */
export function dropsOnOperation(options: DropsOnOperationOptions = {}): Script {
  return onOperation(options, async (operation, proceed) => {
    if (options.when !== 'after') return operation.connection.drop();
    await proceed();
    operation.connection.dropAfterSending();
  });
}

export interface ClosesOnOperationOptions extends OperationOptions {
  /** For instance 1009, or 4400. */
  readonly code: number;
  readonly reason?: string | undefined;
}

/** Closes the connection when an operation was read, instead of answering it. */
export function closesOnOperation(options: ClosesOnOperationOptions): Script {
  return onOperation(options, ({ connection }) => connection.close(options.code, options.reason));
}

/** Behaves well, `delayMs` later, in the time of `clock` (default: the machine's). */
export function answersLate(
  delayMs: number,
  options: OperationOptions & { readonly clock?: Clock | undefined } = {},
): Script {
  const { clock = systemClock } = options;
  return onOperation(options, async ({ connection }, proceed) => {
    await new Promise<void>((resolve) => {
      const cancel = clock.setTimer(delayMs, resolve);
      void connection.ended.then(cancel);
    });
    await proceed();
  });
}

/** Holds operations back until the test releases them; never, where it does not. */
export interface HeldOperations extends Script {
  /** The operations held now, in the order of reading. */
  readonly held: readonly ScriptedOperation[];
  /** Answers all that are held now, in the order of reading. Later ones are held again. */
  release(): void;
}

/** Reads operations and answers them when the test says so. */
export function holdsOperations(options: OperationOptions = {}): HeldOperations {
  let held: { readonly operation: ScriptedOperation; readonly go: () => void }[] = [];
  const script = onOperation(options, async (operation, proceed) => {
    await new Promise<void>((go) => held.push({ operation, go }));
    await proceed();
  });
  return {
    ...script,
    get held() {
      return held.map(({ operation }) => operation);
    },
    release() {
      const released = held;
      held = [];
      for (const { go } of released) go();
    },
  };
}

export interface WrongIdOptions extends OperationOptions {
  /** The id that is nobody's. Default `nobody`. */
  readonly id?: string | undefined;
  /** What follows for the right id: silence, or a good answer. Default `silence`. */
  readonly afterwards?: 'silence' | 'answer' | undefined;
}

/** Sends a result and a `complete` under an id that no operation has. */
export function answersUnderWrongId(options: WrongIdOptions = {}): Script {
  const { id = 'nobody', afterwards = 'silence' } = options;
  return onOperation(options, ({ connection }, proceed) => {
    connection.next(id, { data: { wrong: true } });
    connection.complete(id);
    return afterwards === 'answer' ? proceed() : undefined;
  });
}

/** Completes operations without an answer. */
export function completesWithoutData(options: OperationOptions = {}): Script {
  return onOperation(options, (operation) => operation.complete());
}
