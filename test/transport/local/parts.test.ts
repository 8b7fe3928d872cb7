// Answers in parts within the process: what the executor streams for a query reaches a session's stream and calls.

import { describe, expect, test } from 'vitest';
import { GraphQLResultError } from '../../../src/session/errors/graphql-result-error.js';
import { local } from '../../../src/transport/local/index.js';
import { rejection } from '../../session/behaviour/support/sessions.js';
import { startSession } from '../../session/behaviour/support/starting.js';
import { add, all, begin, end } from '../../session/support/parts.js';
import { executorOf, ScriptedSource } from './support/opening.js';

describe('an answer in parts, in process', () => {
  test('is handed out part by part, and its source is closed', async () => {
    const source = new ScriptedSource();
    const session = startSession({ transport: local(source.executor) });
    const stream = session.stream('{ a }');
    await expect.poll(() => source.pulls).toBe(1);
    source.give(begin({ a: 1 }));
    expect((await stream.next()).value).toMatchObject({ data: { a: 1 }, hasNext: true });
    await expect.poll(() => source.pulls).toBe(2);
    source.give(end({ incremental: [{ path: [], data: { b: 2 } }] }));
    expect(await all(stream)).toMatchObject([{ data: { a: 1, b: 2 }, hasNext: false }]);
    await expect.poll(() => source.returns).toBe(1);
    expect(source.executor.contexts[0]?.signal.aborted).toBe(false);
  });

  test('is one answer to a call', async () => {
    const parts = [begin({ a: 1 }), add({ b: 2 }), end()];
    const session = startSession({
      transport: local(
        executorOf(() => ({
          kind: 'stream',
          events: { next: async () => ({ done: false, value: parts.shift() ?? end() }) },
        })),
      ),
    });
    expect(await session.execute('{ a }')).toEqual({ a: 1, b: 2 });
  });

  test('is stopped where it comes from when its consumer leaves', async () => {
    const source = new ScriptedSource();
    const session = startSession({ transport: local(source.executor) });
    const stream = session.stream('mutation { a }', undefined, { as: 'patch' });
    await expect.poll(() => source.pulls).toBe(1);
    source.give(begin({ a: 1 }));
    for await (const { data } of stream) {
      expect(data).toEqual({ a: 1 });
      break;
    }
    await expect.poll(() => source.returns).toBe(1);
    expect(source.executor.contexts[0]?.signal.aborted).toBe(true);
    expect(session.operations).toBe(0);
  });

  test('that its source breaks off fails after the parts that came', async () => {
    const source = new ScriptedSource();
    const session = startSession({ transport: local(source.executor) });
    const stream = session.stream('{ a }');
    await expect.poll(() => source.pulls).toBe(1);
    source.give(begin({ a: 1 }));
    await expect.poll(() => source.pulls).toBe(2);
    source.break(new Error('source broke'));
    await expect.poll(() => session.operations).toBe(0);
    expect((await stream.next()).value).toMatchObject({ data: { a: 1 } });
    expect(await rejection(stream.next(), GraphQLResultError)).toMatchObject({ errors: [{ message: 'source broke' }] });
  });
});
