import { describe, expect, test, vi } from 'vitest';
import type { Execution } from '../../../src/protocol/executor.js';
import type { Result } from '../../../src/protocol/result.js';
import type { FailureSource } from '../../../src/server/hook-types.js';
import { memoryIdempotencyIn } from '../../../src/server/idempotency/memory.js';
import { type KeyedMutation, type RunOnceParts, runOnce } from '../../../src/server/idempotency/run-once.js';
import type { Begun, IdempotencyStore } from '../../../src/server/idempotency/store.js';
import { ManualTimers } from '../support/manual-timers.js';
import { until } from '../support/serving.js';

const hookTimeoutMs = 10_000;
const executionTimeoutMs = 30_000;

function make(changes: Partial<IdempotencyStore> | ((timers: ManualTimers) => IdempotencyStore) = {}) {
  const timers = new ManualTimers();
  const reports: [unknown, FailureSource][] = [];
  const limited: string[] = [];
  const store = typeof changes === 'function' ? changes(timers) : memoryIdempotencyIn(timers);
  const parts: RunOnceParts = {
    store: typeof changes === 'function' ? store : wrap(store, changes),
    timers,
    telemetry: { limited: (option) => limited.push(option) },
    report: (error, source) => reports.push([error, source]),
    hookTimeoutMs,
    executionTimeoutMs,
  };
  const ask = (run: () => Promise<Execution>, asked: Partial<KeyedMutation> = {}): Promise<Execution> =>
    runOnce(parts, { ...pay, signal: new AbortController().signal, ...asked }, run);
  return { timers, reports, limited, parts, ask };
}

/** The store in memory with some of it replaced. */
function wrap(store: IdempotencyStore, changes: Partial<IdempotencyStore>): IdempotencyStore {
  return { windowMs: store.windowMs, name: '', begin: (key, text) => store.begin(key, text), ...changes };
}

const pay: KeyedMutation = {
  key: 'k',
  scope: { scope: 'alice', credentials: undefined },
  document: 'mutation { pay }',
  operationName: undefined,
  variables: { amount: 1 },
  signal: new AbortController().signal,
};

const paid: Execution = { kind: 'result', result: { data: { pay: 1 } } };
const replayed: Execution = {
  kind: 'result',
  result: { data: { pay: 1 }, extensions: { idempotency: { replayed: true } } },
};
const ok = () => vi.fn(async () => paid);

/** A run that goes on until the test ends it. */
function slow() {
  let end = (_how: Execution | Error): void => {};
  const run = vi.fn(
    () =>
      new Promise<Execution>((resolve, reject) => {
        end = (how) => (how instanceof Error ? reject(how) : resolve(how));
      }),
  );
  return { run, end: (how: Execution | Error) => end(how) };
}

function refused(code: string): unknown {
  return { kind: 'refused', errors: [{ message: expect.any(String), extensions: { code } }] };
}

describe('A mutation with a key', () => {
  test('runs once, and whoever asks again gets its answer, marked as replayed', async () => {
    const { ask } = make();
    const run = ok();
    expect(await ask(run)).toEqual(paid);
    expect(await ask(run)).toEqual(replayed);
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('a replayed answer keeps its extensions and its errors', async () => {
    const { ask } = make();
    const result: Result = { data: null, errors: [{ message: 'no money', path: ['pay'] }], extensions: { cost: 3 } };
    await ask(async () => ({ kind: 'result', result }));
    expect(await ask(ok())).toEqual({
      kind: 'result',
      result: { ...result, extensions: { cost: 3, idempotency: { replayed: true } } },
    });
  });

  test('of a hundred at the same time one runs, and all get its answer', async () => {
    const { ask } = make();
    const { run, end } = slow();
    const asked = Array.from({ length: 100 }, () => ask(run));
    await until(() => run.mock.calls.length > 0);
    end(paid);
    const answers = await Promise.all(asked);
    expect(answers[0]).toEqual(paid);
    expect(answers.slice(1)).toEqual(Array.from({ length: 99 }, () => replayed));
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('runs when the key is another one, or another principal has it', async () => {
    const { ask } = make();
    const run = ok();
    await ask(run);
    await ask(run, { key: 'other' });
    await ask(run, { scope: { scope: 'bob', credentials: undefined } });
    expect(run).toHaveBeenCalledTimes(3);
  });

  test.each<Partial<KeyedMutation>>([
    { document: 'mutation { pay(twice: true) }' },
    { operationName: 'Pay' },
    { variables: { amount: 2 } },
    { scope: { scope: 'alice', credentials: 'another token' } },
  ])('is refused when the key was used with something else: %j', async (asked) => {
    const { ask } = make();
    await ask(ok());
    const run = ok();
    expect(await ask(run, asked)).toEqual(refused('IDEMPOTENCY_KEY_REUSED'));
    expect(run).not.toHaveBeenCalled();
  });

  test('that was refused before anything was executed leaves its key free, and whoever waits runs it', async () => {
    const { ask } = make();
    const no: Execution = { kind: 'refused', errors: [{ message: 'no' }] };
    const { run, end } = slow();
    const first = ask(run);
    const second = ask(ok());
    await until(() => run.mock.calls.length > 0);
    end(no);
    expect(await first).toBe(no);
    expect(await second).toEqual(paid);
  });

  test('whose run throws is answered with an error that tells nothing, and never run again', async () => {
    const { ask, reports } = make();
    const error = new Error('password 123');
    const answer = await ask(() => Promise.reject(error));
    expect(answer).toMatchObject({
      result: { data: null, errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
    });
    expect(JSON.stringify(answer)).not.toContain('password');
    expect(reports).toEqual([[error, 'resolver']]);
    const run = ok();
    expect(await ask(run)).toMatchObject({ result: { data: null, extensions: { idempotency: { replayed: true } } } });
    expect(run).not.toHaveBeenCalled();
  });

  test('whose answer is no JSON has an answer that says so, now and later', async () => {
    const { ask, reports } = make();
    const told = { data: null, errors: [{ message: 'The answer could not be serialised as JSON.' }] };
    expect(await ask(async () => ({ kind: 'result', result: { data: { pay: 1n } } }))).toEqual({
      kind: 'result',
      result: told,
    });
    expect(reports.map(([, source]) => source)).toEqual(['result']);
    expect(await ask(ok())).toMatchObject({ result: told });
  });
});

describe('An answer in parts', () => {
  async function* parts(...results: Result[]): AsyncGenerator<Result, undefined> {
    yield* results;
    return undefined;
  }
  const begin: Result = { data: { pay: 1 }, pending: [{ id: '0', path: [] }], hasNext: true } as Result;
  const rest = { incremental: [{ id: '0', data: { fee: 2 } }], completed: [{ id: '0' }], hasNext: false } as Result;
  const stream = (events: AsyncIterator<Result, undefined>) => async (): Promise<Execution> => ({
    kind: 'stream',
    events,
    incremental: true,
  });

  test('is given and remembered as a whole', async () => {
    const { ask } = make();
    const whole = { data: { pay: 1, fee: 2 } };
    expect(await ask(stream(parts(begin, rest)))).toEqual({ kind: 'result', result: whole });
    expect(await ask(ok())).toEqual({
      kind: 'result',
      result: { ...whole, extensions: { idempotency: { replayed: true } } },
    });
  });

  test('that ends before its last part is what came of it, and says so', async () => {
    const { ask } = make();
    const errors = [{ message: 'The answer ended before its last part.' }];
    const answer = { data: { pay: 1 }, errors };
    expect(await ask(stream(parts(begin)))).toEqual({ kind: 'result', result: answer });
    expect(await ask(ok())).toMatchObject({ kind: 'result', result: answer });
    expect(await ask(stream(parts()), { key: 'none' })).toEqual({ kind: 'result', result: { data: null, errors } });
  });

  test('that fails on its way is what came of it, with the failure, and its source is closed', async () => {
    const { ask } = make();
    let closed = 0;
    async function* wrong(): AsyncGenerator<Result, undefined> {
      try {
        yield begin;
        yield { incremental: [{ id: '9', data: {} }], hasNext: true } as Result;
      } finally {
        closed += 1;
      }
      return undefined;
    }
    expect(await ask(stream(wrong()))).toMatchObject({
      result: { data: { pay: 1 }, errors: [{ message: expect.stringContaining('does not fit') }] },
    });
    await until(() => closed === 1);
    const failing: AsyncIterator<Result, undefined> = { next: () => Promise.reject(new Error('lost')) };
    expect(await ask(stream(failing), { key: 'other' })).toMatchObject({
      result: { data: null, errors: [{ message: 'lost' }] },
    });
  });
});

describe('Whoever asked', () => {
  test('may go away: the run goes on and its answer is remembered', async () => {
    const { ask } = make();
    const { run, end } = slow();
    const leaving = new AbortController();
    const asked = ask(run, { signal: leaving.signal });
    await until(() => run.mock.calls.length > 0);
    leaving.abort();
    end(paid);
    expect(await asked).toEqual(paid);
    expect(await ask(ok())).toEqual(replayed);
  });

  test('and went away before it ran has run nothing, and the key is free', async () => {
    const { ask } = make();
    const run = ok();
    expect(await ask(run, { signal: AbortSignal.abort() })).toEqual(refused('OPERATION_STOPPED'));
    expect(run).not.toHaveBeenCalled();
    expect(await ask(run)).toEqual(paid);
  });

  test('gets the answer when it is remembered, not before', async () => {
    let kept = (): void => {};
    const record = () =>
      new Promise<void>((resolve) => {
        kept = resolve;
      });
    const { ask, timers } = make({ begin: () => ({ type: 'run', run: { record, abandon: () => {} } }) });
    const asked = ask(ok());
    await until(() => timers.armed > 0);
    expect(await Promise.race([asked, 'waits'])).toBe('waits');
    kept();
    expect(await asked).toEqual(paid);
  });

  test('again may go away while it waits', async () => {
    const { ask, timers, reports } = make();
    const { run, end } = slow();
    const first = ask(run);
    const leaving = new AbortController();
    const second = ask(ok(), { signal: leaving.signal });
    const third = ask(ok(), { signal: AbortSignal.abort() });
    await until(() => run.mock.calls.length > 0);
    leaving.abort();
    expect(await second).toEqual(refused('OPERATION_STOPPED'));
    expect(await third).toEqual(refused('OPERATION_STOPPED'));
    end(paid);
    await first;
    expect(timers.armed).toBe(0);
    expect(reports).toEqual([]);
  });

  test('and went away does not wait at the store any longer', async () => {
    const signals: AbortSignal[] = [];
    const settled = (signal: AbortSignal) => {
      signals.push(signal);
      return new Promise<never>(() => {});
    };
    const { ask } = make({ begin: () => ({ type: 'wait', settled }) });
    const leaving = new AbortController();
    const asked = ask(ok(), { signal: leaving.signal });
    await until(() => signals.length === 1);
    expect(signals[0]?.aborted).toBe(false);
    leaving.abort();
    await asked;
    expect(signals[0]?.aborted).toBe(true);
  });

  test('again waits as long as an operation may take, also for a store that does not heed its signal', async () => {
    for (const settled of [undefined, () => new Promise<never>(() => {})]) {
      const { ask, timers } = make(settled && { begin: () => ({ type: 'wait', settled }) });
      const { run, end } = slow();
      if (settled === undefined) void ask(run);
      const waiting = ask(ok());
      await until(() => timers.armed > 0);
      timers.advance(executionTimeoutMs - 1);
      expect(await Promise.race([waiting, 'waits'])).toBe('waits');
      timers.advance(1);
      expect(await waiting).toEqual(refused('IDEMPOTENCY_STILL_RUNNING'));
      end(paid);
    }
  });
});

describe('A key', () => {
  test.each([undefined, null, 7, {}, '', 'k'.repeat(256), 'é'.repeat(128)])('may not be %j', async (key) => {
    const { ask } = make();
    const run = ok();
    expect(await ask(run, { key })).toEqual(refused('IDEMPOTENCY_KEY_INVALID'));
    expect(run).not.toHaveBeenCalled();
  });

  test.each(['k', 'k'.repeat(255), `${'é'.repeat(127)}k`])('may be %j', async (key) => {
    const { ask } = make();
    expect(await ask(ok(), { key })).toEqual(paid);
  });

  test('needs variables that can be compared', async () => {
    const { ask } = make();
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(await ask(ok(), { variables: cycle })).toEqual(refused('BAD_REQUEST'));
  });
});

describe('A store', () => {
  test.each<[Begun, string]>([
    [{ type: 'unknown' }, 'IDEMPOTENCY_OUTCOME_UNKNOWN'],
    [{ type: 'mismatch' }, 'IDEMPOTENCY_KEY_REUSED'],
  ])('that says %j is answered, and nothing is run', async (begun, code) => {
    const { ask, reports } = make({ begin: () => begun });
    const run = ok();
    expect(await ask(run)).toEqual(refused(code));
    expect(run).not.toHaveBeenCalled();
    expect(reports).toEqual([]);
  });

  test('that is full refuses, and nothing is run; each refusal is counted, and the operator is told once', async () => {
    const { ask, reports, limited } = make({ begin: () => ({ type: 'full' }) });
    const run = ok();
    for (let i = 0; i < 3; i += 1) expect(await ask(run)).toEqual(refused('IDEMPOTENCY_STORE_FULL'));
    expect(run).not.toHaveBeenCalled();
    expect(limited).toEqual(['idempotency', 'idempotency', 'idempotency']);
    expect(reports).toMatchObject([[{ code: 'idempotency-store-full' }, 'limit']]);
  });

  test('that fails is reported, and nothing is run', async () => {
    for (const begin of [
      () => {
        throw new Error('down');
      },
      () => Promise.reject(new Error('down')),
    ]) {
      const { ask, reports } = make({ begin });
      const run = ok();
      expect(await ask(run)).toEqual({ ...Object(refused('IDEMPOTENCY_UNAVAILABLE')), failed: true });
      expect(run).not.toHaveBeenCalled();
      expect(reports).toEqual([[new Error('down'), 'idempotency']]);
    }
  });

  test('that does not answer in time is reported, and the run that it gives too late is left', async () => {
    let answer = (_begun: Begun): void => {};
    const abandon = vi.fn();
    const { ask, reports, timers } = make({
      begin: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    const run = ok();
    const asked = ask(run);
    await until(() => timers.armed > 0);
    timers.advance(hookTimeoutMs);
    expect(await asked).toEqual({ ...Object(refused('IDEMPOTENCY_UNAVAILABLE')), failed: true });
    expect(reports).toMatchObject([[{ name: 'HookTimeoutError' }, 'idempotency']]);
    answer({ type: 'run', run: { record: () => {}, abandon } });
    await until(() => abandon.mock.calls.length === 1);
    expect(run).not.toHaveBeenCalled();
  });

  test('that fails while somebody waits is reported, and nothing is run', async () => {
    const { ask, reports, timers } = make({
      begin: () => ({ type: 'wait', settled: () => Promise.reject(new Error('down')) }),
    });
    const run = ok();
    expect(await ask(run)).toEqual({ ...Object(refused('IDEMPOTENCY_UNAVAILABLE')), failed: true });
    expect(run).not.toHaveBeenCalled();
    expect(reports).toEqual([[new Error('down'), 'idempotency']]);
    expect(timers.armed).toBe(0);
  });

  test('that cannot keep the answer, or does not say so in time, is reported, and the answer is given', async () => {
    const broken = make({
      begin: () => ({ type: 'run', run: { record: () => Promise.reject(new Error('down')), abandon: () => {} } }),
    });
    expect(await broken.ask(ok())).toEqual(paid);
    expect(broken.reports).toEqual([[new Error('down'), 'idempotency']]);

    const silent = make({
      begin: () => ({ type: 'run', run: { record: () => new Promise(() => {}), abandon: () => {} } }),
    });
    const asked = silent.ask(ok());
    await until(() => silent.timers.armed > 0);
    silent.timers.advance(hookTimeoutMs);
    expect(await asked).toEqual(paid);
    expect(silent.reports).toMatchObject([[{ name: 'HookTimeoutError' }, 'idempotency']]);
  });

  test('that cannot free a key is reported, and the refusal is given', async () => {
    const fails = async (): Promise<void> => {
      throw new Error('down');
    };
    const { ask, reports } = make({ begin: () => ({ type: 'run', run: { record: fails, abandon: fails } }) });
    const no: Execution = { kind: 'refused', errors: [{ message: 'no' }] };
    expect(await ask(async () => no)).toBe(no);
    expect(reports).toEqual([[new Error('down'), 'idempotency']]);
  });

  test('that gives an answer back that is no JSON is reported, and nothing is run', async () => {
    const { ask, reports } = make({ begin: () => ({ type: 'replay', answer: '{' }) });
    const run = ok();
    expect(await ask(run)).toEqual(refused('IDEMPOTENCY_OUTCOME_UNKNOWN'));
    expect(run).not.toHaveBeenCalled();
    expect(reports.map(([, source]) => source)).toEqual(['idempotency']);
  });

  test('of which the window is over runs the mutation again', async () => {
    const { ask, timers } = make((time) => memoryIdempotencyIn(time, { windowMs: 1_000 }));
    const run = ok();
    await ask(run);
    timers.advance(1_000);
    expect(await ask(run)).toEqual(replayed);
    timers.advance(60_000);
    expect(await ask(run)).toEqual(paid);
    expect(run).toHaveBeenCalledTimes(2);
  });
});
