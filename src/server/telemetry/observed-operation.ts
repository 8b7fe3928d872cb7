// One operation that somebody listens to, from when it was asked for to its end. Made only where there are subscribers.

import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import type { ExecutionContext } from '../../protocol/executor.js';
import type { OperationKind } from '../../protocol/result.js';
import { operations } from './channels.js';
import type { Outcome, Scope, ServedOperation } from './messages.js';

export class ObservedOperation {
  readonly #operation: ServedOperation;
  #scope: Scope | undefined;
  #kind: OperationKind | undefined;
  #name: string | undefined;
  #events = 0;

  constructor(
    operation: ServedOperation,
    { extensions }: Pick<OperationPayload, 'extensions'>,
    { headers }: Pick<ExecutionContext, 'headers'>,
  ) {
    this.#operation = operation;
    operations.publish({
      operation,
      type: 'start',
      runIn: (scope) => this.#runIn(scope),
      header: (name) => textOf(headers, name),
      extension: (name) => textOf(extensions, name),
    });
  }

  /** Runs a part of it: what a tracer keeps for the time of a call is there. */
  run<T>(work: () => T): T {
    return this.#scope === undefined ? work() : this.#scope(work);
  }

  /** What it turned out to be, and the text of its document, which its client may have named by an id. */
  known(kind: OperationKind, name: string | undefined, document: string): void {
    this.#kind = kind;
    this.#name = name;
    operations.publish({ operation: this.#operation, type: 'known', kind, name, document });
  }

  event(): void {
    this.#events += 1;
    operations.publish({ operation: this.#operation, type: 'event', count: this.#events });
  }

  ended(outcome: Outcome, durationMs: number): void {
    operations.publish({
      operation: this.#operation,
      type: 'end',
      kind: this.#kind,
      name: this.#name,
      outcome,
      durationMs,
      events: this.#events,
    });
  }

  /** The scope of a later subscriber goes around those of the earlier ones. */
  #runIn(scope: Scope): void {
    const inner = this.#scope;
    this.#scope = inner === undefined ? scope : (work) => scope(() => inner(work));
  }
}

function textOf(values: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined {
  const value = values?.[name];
  return typeof value === 'string' ? value : undefined;
}
