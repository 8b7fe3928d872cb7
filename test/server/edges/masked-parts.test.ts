// The errors of an answer in parts stand in the pieces of each part, in both formats: none of them tells a client what an
// application threw.

import { buildSchema, GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import type { ExecutionContext } from '../../../src/protocol/executor.js';
import type { Result } from '../../../src/protocol/result.js';
import { createServerIn } from '../../../src/server/server.js';
import { inParts } from '../support/incremental.js';

const secret = new Error('password is hunter2');
const failed = new GraphQLError(secret.message, { originalError: secret, path: ['list', 0] });
const masked = { message: 'Internal server error', path: ['list', 0], extensions: { code: 'INTERNAL_SERVER_ERROR' } };

const nobody: ExecutionContext = {
  signal: new AbortController().signal,
  headers: {},
  connectionParams: undefined,
  connection: {},
};

async function partsOf(parts: readonly object[], development: boolean): Promise<[Result[], unknown[]]> {
  const reported: unknown[] = [];
  const schema = buildSchema('type Query { hello: String list: [String] }');
  const onError = (error: unknown): void => void reported.push(error);
  const server = createServerIn({ load: async () => inParts(parts) }, { schema, development, onError });
  const execution = await server.executor.execute({ query: '{ hello }' } as never, nobody);
  if (execution.kind !== 'stream') throw new Error(execution.kind);
  const told: Result[] = [];
  for (let step = await execution.events.next(); step.done !== true; step = await execution.events.next()) {
    told.push(step.value);
  }
  return [told, reported];
}

test.each<[string, readonly object[], readonly object[]]>([
  [
    'beside the items of a list',
    [{ incremental: [{ id: '0', items: [null], errors: [failed] }], hasNext: false }],
    [{ incremental: [{ id: '0', items: [null], errors: [masked] }], hasNext: false }],
  ],
  [
    'of a place that is given up',
    [{ completed: [{ id: '0', errors: [failed] }], hasNext: false }],
    [{ completed: [{ id: '0', errors: [masked] }], hasNext: false }],
  ],
  [
    'in the format of 2022, named by its path',
    [{ incremental: [{ path: ['list'], items: null, errors: [failed] }], hasNext: false }],
    [{ incremental: [{ path: ['list'], items: null, errors: [masked] }], hasNext: false }],
  ],
])('an error %s is masked, and reported once', async (_, parts, told) => {
  const [[, ...pieces], reported] = await partsOf(parts, false);
  expect(JSON.parse(JSON.stringify(pieces))).toEqual(told);
  expect(reported).toEqual([secret]);
});

test('in development it is told', async () => {
  const [[, piece], reported] = await partsOf([{ completed: [{ id: '0', errors: [failed] }], hasNext: false }], true);
  expect(JSON.stringify(piece)).toContain('hunter2');
  expect(reported).toEqual([]);
});
