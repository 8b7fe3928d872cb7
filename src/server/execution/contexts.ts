// What resolvers get as their context: the operation's own, with what the application adds to it.

import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import type { ExecutionContext } from '../../protocol/executor.js';
import { toGraphQLError } from '../../protocol/to-graphql-error.js';
import { bounded, isPromiseLike, type Report } from '../call-hook.js';
import type { FailedOperation, OperationContext } from '../hook-types.js';
import type { ResolvedOptions } from '../options.js';
import type { Timers } from '../timers.js';
import { isGraphQLError } from './masking.js';
import type { OperationSignal } from './operation-signal.js';

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
    if (context === undefined) return new OwnContext(payload, carried, signal);
    const { headers, connectionParams, connection, remoteAddress } = carried;
    // The signal is an own member, not a prototype's: hooks copy this with `...`.
    const own: OperationContext = {
      payload,
      headers,
      connectionParams,
      connection,
      remoteAddress,
      get signal() {
        return signal.signal;
      },
    };
    if (typeof context !== 'function') {
      const members = Object.getOwnPropertyDescriptors(own);
      return Object.defineProperties({ ...context }, { ...members, ...Object.getOwnPropertyDescriptors(context) });
    }
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

/** Not a private member: whoever makes an object of its own with a context as its prototype reads the signal there. */
const source: unique symbol = Symbol('signal');

/** The operation's own context, with its signal made only where somebody reads it. */
class OwnContext implements OperationContext {
  readonly payload: OperationPayload;
  readonly headers: OperationContext['headers'];
  readonly connectionParams: OperationContext['connectionParams'];
  readonly connection: unknown;
  readonly remoteAddress: string | undefined;
  readonly [source]: OperationSignal;

  constructor(payload: OperationPayload, carried: ExecutionContext, signal: OperationSignal) {
    this.payload = payload;
    this.headers = carried.headers;
    this.connectionParams = carried.connectionParams;
    this.connection = carried.connection;
    this.remoteAddress = carried.remoteAddress;
    this[source] = signal;
  }

  get signal(): AbortSignal {
    return this[source].signal;
  }
}

/** A hook of the application failed, and that has been reported. */
export class HookFailure extends Error {
  override readonly name: string = 'HookFailure';

  constructor(cause: unknown) {
    super(toGraphQLError(cause).message, { cause });
  }
}
