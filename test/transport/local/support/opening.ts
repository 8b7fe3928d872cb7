// One local connection without a session around it: opened on a real server's executor or on one that a test writes, and what
// each operation was told, in order.

import { onTestFinished } from 'vitest';
import type { OperationPayload } from '../../../../src/protocol/dialects/dialect.js';
import type { Execution, ExecutionContext, Executor } from '../../../../src/protocol/executor.js';
import { writeDown } from '../../../../src/protocol/json-text.js';
import type { OperationKind, Result } from '../../../../src/protocol/result.js';
import { systemClock } from '../../../../src/session/clock.js';
import type {
  Clock,
  Closure,
  Connection,
  Credentials,
  Failure,
  Handle,
  Limits,
  OpenContext,
  Sink,
} from '../../../../src/transport/contract.js';
import { local } from '../../../../src/transport/local/index.js';

export interface Opening {
  readonly credentials?: Credentials;
  readonly limits?: Partial<Limits>;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

const limits: Limits = {
  openTimeoutMs: 10_000,
  ackTimeoutMs: 10_000,
  closeTimeoutMs: 1_000,
  maxMessageBytes: 16 * 2 ** 20,
};

export const ended: Closure = {
  by: 'us',
  code: 1000,
  reason: 'done',
  clean: true,
  failure: { code: 'aborted', phase: 'close', message: 'The test is over.' },
};

export function contextOf(opening: Opening): OpenContext {
  return {
    signal: opening.signal ?? new AbortController().signal,
    generation: 1,
    credentials: opening.credentials ?? {},
    clock: opening.clock ?? systemClock,
    limits: { ...limits, ...opening.limits },
  };
}

/** A connection, and what it told of itself. */
export async function open(
  executor: Executor,
  opening: Opening = {},
): Promise<{ readonly connection: Connection; readonly told: readonly string[] }> {
  const told: string[] = [];
  const connection = await local(executor).open(contextOf(opening), {
    heard: () => told.push('heard'),
    keepAlive: () => told.push('keep-alive'),
    pong: () => told.push('pong'),
    control: () => told.push('control'),
    goingAway: () => told.push('going away'),
    backlog: (level) => told.push(level),
  });
  onTestFinished(() => connection.terminate(ended));
  return { connection, told };
}

export type Told =
  | { readonly type: 'sending' }
  | { readonly type: 'next'; readonly result: Result; readonly bytes: number }
  | { readonly type: 'error'; readonly failure: Failure }
  | { readonly type: 'complete' };

export interface Asked {
  readonly handle: Handle;
  /** What its sink was told, in order. */
  readonly told: readonly Told[];
  /** The kinds of what it was told. */
  readonly types: readonly string[];
  readonly results: readonly Result[];
  /** The failure it ended with. */
  readonly failure: Failure | undefined;
}

export interface Asking {
  readonly kind?: OperationKind;
  readonly variables?: object;
  readonly extensions?: object;
  readonly operationName?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Called with everything the sink is told, after it was written down. */
  readonly listen?: (told: Told) => void;
}

let lastId = 0;

export function ask(connection: Connection, query: string, asking: Asking = {}): Asked {
  lastId += 1;
  const told: Told[] = [];
  const hear = (one: Told): void => {
    told.push(one);
    asking.listen?.(one);
  };
  const sink: Sink = {
    sending: () => hear({ type: 'sending' }),
    next: (result, bytes) => hear({ type: 'next', result, bytes }),
    error: (failure) => hear({ type: 'error', failure }),
    complete: () => hear({ type: 'complete' }),
  };
  const { kind = 'query', variables, extensions, operationName, headers } = asking;
  const handle = connection.start(
    {
      id: String(lastId),
      kind,
      query,
      operationName,
      headers,
      variables: writeDown('variables', variables),
      extensions: writeDown('extensions', extensions),
    },
    sink,
  );
  return {
    handle,
    told,
    get types() {
      return told.map(({ type }) => type);
    },
    get results() {
      return told.flatMap((one) => (one.type === 'next' ? [one.result] : []));
    },
    get failure() {
      return told.flatMap((one) => (one.type === 'error' ? [one.failure] : []))[0];
    },
  };
}

export interface ScriptedExecutor extends Executor {
  readonly payloads: readonly OperationPayload[];
  readonly contexts: readonly ExecutionContext[];
}

/** An executor that does what a test says, and keeps what it was given. */
export function executorOf(
  execute: (payload: OperationPayload, context: ExecutionContext) => Execution | Promise<Execution>,
): ScriptedExecutor {
  const payloads: OperationPayload[] = [];
  const contexts: ExecutionContext[] = [];
  return {
    payloads,
    contexts,
    // Not an async function: what `execute` throws is thrown.
    execute: (payload, context) => {
      payloads.push(payload);
      contexts.push(context);
      return execute(payload, context) as Promise<Execution>;
    },
  };
}

export const answering = (result: unknown): ScriptedExecutor =>
  executorOf(() => ({ kind: 'result', result: result as Result }));

/** A source of events that a test steers, and what was done to it. */
export class ScriptedSource implements AsyncIterator<Result, undefined> {
  pulls = 0;
  returns = 0;
  /** What `return()` does. */
  closing: () => Promise<unknown> = () => Promise.resolve();
  readonly #waiting: { resolve(step: IteratorResult<Result, undefined>): void; reject(error: unknown): void }[] = [];

  readonly executor: ScriptedExecutor = executorOf(() => ({ kind: 'stream', events: this }));

  next(): Promise<IteratorResult<Result, undefined>> {
    this.pulls += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.returns += 1;
    await this.closing();
    return { done: true, value: undefined };
  }

  /** Answers the pull that waits. */
  give(result: Result): void {
    this.#waiting.shift()?.resolve({ done: false, value: result });
  }

  finish(): void {
    this.#waiting.shift()?.resolve({ done: true, value: undefined });
  }

  break(error: unknown): void {
    this.#waiting.shift()?.reject(error);
  }
}

/** Lets the event loop turn, for what must not happen meanwhile. */
export async function turns(count = 3): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Whether a promise has settled already. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = (): void => {
    settled = true;
  };
  promise.then(settle, settle);
  await turns();
  return settled;
}
