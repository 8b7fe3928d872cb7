// What resolvers get as their context: the operation's own, with what the application adds to it.

import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import type { ExecutionContext } from '../../protocol/executor.js';
import { toGraphQLError } from '../../protocol/to-graphql-error.js';
import { bounded, isPromiseLike, type Report } from '../call-hook.js';
import type { FailedOperation } from '../hook-types.js';
import type { ResolvedOptions } from '../options.js';
import type { Timers } from '../timers.js';
import { isGraphQLError } from './masking.js';
import type { OperationSignal } from './operation-signal.js';
import { mergedContext, ownContext } from './own-context.js';

export class Contexts {
  readonly #options: Pick<ResolvedOptions, 'context' | 'eventContext' | 'principal' | 'hookTimeoutMs'>;
  readonly #timers: Timers;
  readonly #report: Report;

  constructor(options: ResolvedOptions, timers: Timers, report: Report) {
    this.#options = options;
    this.#timers = timers;
    this.#report = report;
  }

  /** Throws or rejects with what the hook does, which has been reported. */
  of(
    payload: OperationPayload,
    carried: ExecutionContext,
    signal: OperationSignal,
    operation: () => FailedOperation,
  ): object | PromiseLike<object> {
    const { context } = this.#options;
    const own = ownContext(payload, carried, signal);
    if (context === undefined) return own;
    if (typeof context !== 'function') return mergedContext(own, context);
    return this.#call('context', () => context(own), operation);
  }

  /** For each event of a subscription; undefined where one context is good for all of them. */
  forEvents(contextValue: unknown, operation: () => FailedOperation): ((event: unknown) => unknown) | undefined {
    const { eventContext } = this.#options;
    if (eventContext === undefined) return undefined;
    return (event) => this.#call('eventContext', () => eventContext(contextValue, event), operation);
  }

  /** Who is asking; undefined where nobody is told apart. Throws or rejects like `of`. */
  principal(
    { headers, connectionParams, connection, remoteAddress }: ExecutionContext,
    operation: () => FailedOperation,
  ): string | undefined | PromiseLike<string | undefined> {
    const { principal } = this.#options;
    if (principal === undefined) return undefined;
    const of = { headers, connectionParams, connection, remoteAddress };
    return this.#call('principal', () => principal(of), operation);
  }

  #call<T>(
    hook: 'context' | 'eventContext' | 'principal',
    call: () => T | Promise<T>,
    operation: () => FailedOperation,
  ): T | PromiseLike<T> {
    const failed = (error: unknown): never => {
      // It is meant for the client.
      if (isGraphQLError(error)) throw error;
      this.#report(error, hook, operation());
      throw new HookFailure(error);
    };
    try {
      const made = bounded(hook, call, this.#options.hookTimeoutMs, this.#timers);
      return isPromiseLike(made) ? made.then((value) => value as T, failed) : made;
    } catch (error) {
      return failed(error);
    }
  }
}

/** A hook of the application failed, and that has been reported. */
export class HookFailure extends Error {
  override readonly name: string = 'HookFailure';

  constructor(cause: unknown) {
    super(toGraphQLError(cause).message, { cause });
  }
}
