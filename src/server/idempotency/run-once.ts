// A mutation with an idempotency key, on its way through the pipeline: it is run at most once per key and scope, and whoever
// asks again gets its answer. Nobody's patience decides what runs: a run that has begun is seen through and remembered.

import { HoldfastError } from '../../protocol/errors/holdfast-error.js';
import type { Execution } from '../../protocol/executor.js';
import type { Result } from '../../protocol/result.js';
import { unserialisable } from '../../protocol/to-graphql-error.js';
import { bounded, type Report } from '../call-hook.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import type { Timers } from '../timers.js';
import { fingerprint } from './fingerprint.js';
import {
  keyInvalid,
  keyReused,
  maxKeyBytes,
  outcomeUnknown,
  stillRunning,
  stopped,
  storeFull,
  unavailable,
  variablesUnfit,
} from './refusals.js';
import type { IdempotencyScope } from './scope.js';
import type { Begun, IdempotencyStore, IdempotentRun, Settled } from './store.js';
import { wholeAnswer } from './whole-answer.js';

export interface RunOnceParts {
  readonly store: IdempotencyStore;
  readonly timers: Timers;
  readonly report: Report;
  readonly telemetry: Pick<Telemetry, 'limited'>;
  /** How long the store may take for one answer, ms. */
  readonly hookTimeoutMs: number;
  /** How long somebody else's run of the same mutation is waited for, ms. */
  readonly executionTimeoutMs: number;
}

/** A mutation and the key that it came with. */
export interface KeyedMutation {
  /** As the client sent it. */
  readonly key: unknown;
  readonly scope: IdempotencyScope;
  readonly document: string;
  readonly operationName: string | undefined;
  readonly variables: { readonly [name: string]: unknown } | undefined;
  /** Aborted when nobody waits for the answer any more. It stops no run. */
  readonly signal: AbortSignal;
}

/**
 * Runs a mutation unless it was run before with this key; then, or when it runs at this moment, answers with the answer of that
 * run, marked `extensions.idempotency: { replayed: true }`. Never rejects.
 *
 * @param run Called at most once. `refused` must mean that nothing was executed: then the key is free again. Everything else is
 * the answer of this key for the rest of its window, errors included; an answer in parts is put together first. It must
 * not be stopped by the caller's signal, nor be cut short by a time limit: those belong around `runOnce`.
 */
export async function runOnce(
  parts: RunOnceParts,
  mutation: KeyedMutation,
  run: () => Promise<Execution>,
): Promise<Execution> {
  const { key, signal } = mutation;
  if (!isKey(key)) return keyInvalid;
  let text: string;
  try {
    text = await fingerprint({ ...mutation, credentials: mutation.scope.credentials });
  } catch {
    return variablesUnfit;
  }
  const { timers, executionTimeoutMs } = parts;
  const waitUntil = timers.now() + executionTimeoutMs;
  for (;;) {
    const begun = await begin(parts, { scope: mutation.scope.scope, key }, text);
    if (begun === undefined) return unavailable;
    if (begun.type === 'run') return signal.aborted ? leave(parts, begun.run) : runNow(parts, begun.run, run);
    if (begun.type !== 'wait') return answerOf(parts, begun);
    const settled = await waitFor(parts, begun, signal, waitUntil - timers.now());
    if (typeof settled === 'string') return patienceOver[settled];
    if (settled.type !== 'abandoned') return answerOf(parts, settled);
  }
}

async function begin(
  parts: RunOnceParts,
  key: Parameters<IdempotencyStore['begin']>[0],
  text: string,
): Promise<Begun | undefined> {
  const { store, timers, report, hookTimeoutMs } = parts;
  let beginning: Begun | Promise<Begun> | undefined;
  const call = (): Begun | Promise<Begun> => {
    beginning = store.begin(key, text);
    return beginning;
  };
  try {
    return await bounded('idempotency.begin', call, hookTimeoutMs, timers);
  } catch (error) {
    report(error, 'idempotency');
    // It may still come: then nobody is there to run it.
    void Promise.resolve(beginning).then(
      (late) => (late?.type === 'run' ? settle(parts, 'abandon', () => late.run.abandon()) : undefined),
      () => {},
    );
    return undefined;
  }
}

async function leave(parts: RunOnceParts, begun: IdempotentRun): Promise<Execution> {
  await settle(parts, 'abandon', () => begun.abandon());
  return stopped;
}

async function runNow(parts: RunOnceParts, begun: IdempotentRun, run: () => Promise<Execution>): Promise<Execution> {
  let result: Result;
  try {
    const execution = await run();
    if (execution.kind === 'refused') {
      await settle(parts, 'abandon', () => begun.abandon());
      return execution;
    }
    result = execution.kind === 'result' ? execution.result : await wholeAnswer(execution.events);
  } catch (error) {
    parts.report(error, 'resolver');
    result = failed;
  }
  const answer = writeDown(parts, result);
  await settle(parts, 'record', () => begun.record(answer.text));
  return { kind: 'result', result: answer.result };
}

/** Never rejects: what was run was run, and its client gets the answer whether or not the store could keep it. */
async function settle(
  { timers, report, hookTimeoutMs }: RunOnceParts,
  what: 'record' | 'abandon',
  call: () => void | Promise<void>,
): Promise<void> {
  try {
    await bounded(`idempotency.${what}`, call, hookTimeoutMs, timers);
  } catch (error) {
    report(error, 'idempotency');
  }
}

function writeDown({ report }: RunOnceParts, result: Result): { readonly result: Result; readonly text: string } {
  try {
    return { result, text: JSON.stringify(result) };
  } catch (error) {
    report(error, 'result');
    const told: Result = { data: null, errors: [unserialisable] };
    return { result: told, text: JSON.stringify(told) };
  }
}

type Impatience = 'stopped' | 'overdue' | 'failed';

const patienceOver: Readonly<Record<Impatience, Execution>> = {
  stopped,
  overdue: stillRunning,
  failed: unavailable,
};

/** Also where the store does not heed the signal. */
function waitFor(
  { timers, report }: RunOnceParts,
  { settled }: Extract<Begun, { readonly type: 'wait' }>,
  signal: AbortSignal,
  waitMs: number,
): Promise<Settled | Impatience> {
  const patience = new AbortController();
  return new Promise((resolve) => {
    const end = (how: Settled | Impatience): void => {
      cancelTimer();
      signal.removeEventListener('abort', onAbort);
      resolve(how);
      patience.abort();
    };
    const onAbort = (): void => end('stopped');
    const cancelTimer = timers.set(Math.max(0, waitMs), () => end('overdue'));
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) return end('stopped');
    settled(patience.signal).then(end, (error: unknown) => {
      if (patience.signal.aborted) return;
      report(error, 'idempotency');
      end('failed');
    });
  });
}

function answerOf(parts: RunOnceParts, known: Exclude<Begun, { readonly type: 'run' | 'wait' }>): Execution {
  switch (known.type) {
    case 'mismatch':
      return keyReused;
    case 'unknown':
      return outcomeUnknown;
    case 'full':
      tellOfFull(parts);
      return storeFull;
    case 'replay':
      return replay(parts, known.answer);
  }
}

/** Stores whose server was told that they are full. */
const toldOf = new WeakSet<IdempotencyStore>();

/** Each is counted, and the operator is told once: until keys expire, every new one is refused. */
function tellOfFull({ store, report, telemetry }: RunOnceParts): void {
  telemetry.limited('idempotency');
  if (toldOf.has(store)) return;
  toldOf.add(store);
  const message =
    'The store of idempotency keys has no room for new ones, and mutations that carry one are refused until keys expire. ' +
    'Give it more room (option "idempotency", "maxBytes" of memoryIdempotency), or a shorter window.';
  report(new HoldfastError(message, { code: 'idempotency-store-full', phase: 'operation' }), 'limit');
}

function replay({ report }: RunOnceParts, answer: string): Execution {
  try {
    const result = JSON.parse(answer) as Result;
    const extensions = { ...result.extensions, idempotency: { replayed: true } };
    return { kind: 'result', result: { ...result, extensions } };
  } catch (error) {
    report(error, 'idempotency');
    return outcomeUnknown;
  }
}

function isKey(key: unknown): key is string {
  // Every character takes a byte at least: what is far too long is not encoded to be counted.
  if (typeof key !== 'string' || key === '' || key.length > maxKeyBytes) return false;
  return new TextEncoder().encode(key).length <= maxKeyBytes;
}

/** It says nothing of what was thrown, which was reported. */
const failed: Result = {
  data: null,
  errors: [
    {
      message: 'The mutation failed after it had begun. It is not run again with this idempotency key.',
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    },
  ],
};
