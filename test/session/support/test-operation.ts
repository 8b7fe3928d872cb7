// An operation without a consumer, which remembers what happened to it; and attempts that nobody owns.

import type { OperationKind, Result } from '../../../src/protocol/result.js';
import { Attempt, Operation } from '../../../src/session/operation.js';
import { type RetryRule, resolveRule } from '../../../src/session/retry.js';

export interface TestOperationOptions {
  readonly kind?: OperationKind;
  readonly name?: string;
  readonly rule?: false | RetryRule;
  readonly key?: string;
}

export class TestOperation extends Operation {
  readonly happened: string[] = [];

  constructor({ kind = 'query', name, rule, key }: TestOperationOptions = {}) {
    const none = undefined;
    const query = `${kind} ${name ?? ''} { field }`;
    const request = { kind, query, operationName: name, variables: none, extensions: none, headers: none };
    super(request, resolveRule('retry', rule, 5), key);
  }

  get name(): string {
    return this.request.operationName ?? '';
  }

  override started(): void {
    this.happened.push('started');
  }

  override interrupted(reason: string): void {
    this.happened.push(reason);
  }

  override deliver(result: Result): void {
    this.happened.push(JSON.stringify(result));
  }

  override finish(): void {
    this.happened.push('finished');
  }

  override fail(error: Error): void {
    this.happened.push(error.name);
  }
}

/** An attempt that was sent. */
export function attemptOf(operation: Operation, generation: number = 1): Attempt {
  const nobody = { sending: () => {}, answered: () => {}, errored: () => {}, completed: () => {} };
  const attempt = new Attempt(operation, String(generation), { generation, credentials: {} }, 0, nobody);
  attempt.sending();
  return attempt;
}
