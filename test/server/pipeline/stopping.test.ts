// Operations whose clients go while they begin.

import diagnostics from 'node:diagnostics_channel';
import { buildSchema } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import type { ServedOperationMessage } from '../../../src/server/index.js';
import { createServerIn } from '../../../src/server/server.js';
import { ManualTimers } from '../support/manual-timers.js';
import { until } from '../support/serving.js';

test('a subscription whose resolver never settles is over when its client has gone', async () => {
  const told: ServedOperationMessage['type'][] = [];
  const outcomes: string[] = [];
  const listen = (message: unknown): void => {
    const { type, ...rest } = message as ServedOperationMessage;
    told.push(type);
    if ('outcome' in rest) outcomes.push(rest.outcome);
  };
  diagnostics.subscribe('holdfast:server:operation', listen);
  onTestFinished(() => {
    diagnostics.unsubscribe('holdfast:server:operation', listen);
  });
  let asked = 0;
  let closed = 0;
  let settle = (_source: AsyncIterable<unknown>): void => {};
  const rootValue = {
    never: () => {
      asked += 1;
      return new Promise<AsyncIterable<unknown>>((resolve) => {
        settle = resolve;
      });
    },
  };
  const schema = buildSchema('type Query { a: Int } type Subscription { never: Int }');
  const server = createServerIn({ timers: new ManualTimers() }, { schema, rootValue });
  const abort = new AbortController();
  const running = server.executor.execute(
    { query: 'subscription { never }' },
    { signal: abort.signal, headers: {}, connectionParams: undefined, connection: {} },
  );
  await until(() => asked === 1);
  expect(told).toEqual(['start', 'known']);
  abort.abort();
  expect(told).toEqual(['start', 'known', 'end']);
  settle({
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: () => {
        closed += 1;
        return Promise.resolve({ done: true as const, value: undefined });
      },
    }),
  });
  await running;
  await until(() => closed === 1);
  expect(outcomes).toEqual(['stopped']);
  expect(server.stats().sources).toBe(0);
});
