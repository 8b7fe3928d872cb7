// What one run is given, with its signal made only where somebody reads it.

import type { IncrementalFormat } from '../../protocol/executor.js';
import type { OperationSignal } from './operation-signal.js';
import type { RunInput } from './prepared.js';

export class OperationInput implements RunInput {
  readonly rootValue: unknown;
  readonly contextValue: unknown;
  readonly variables: RunInput['variables'];
  readonly incremental: IncrementalFormat | undefined;
  readonly eventContext: RunInput['eventContext'];
  readonly #signal: OperationSignal | undefined;

  constructor(input: Omit<RunInput, 'signal'>, signal: OperationSignal | undefined) {
    this.rootValue = input.rootValue;
    this.contextValue = input.contextValue;
    this.variables = input.variables;
    this.incremental = input.incremental;
    this.eventContext = input.eventContext;
    this.#signal = signal;
  }

  get signal(): AbortSignal | undefined {
    return this.#signal?.signal;
  }
}
