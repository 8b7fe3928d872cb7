import * as graphql from 'graphql';
import { describe, expect, test } from 'vitest';
import { graphqlJs } from '../../../src/server/execution/graphql-js.js';
import { isIncremental } from '../../../src/server/execution/incremental.js';
import type { Ran, RunInput } from '../../../src/server/execution/prepared.js';
import { failsOnEscapedErrors } from '../support/escaped.js';
import { input, isGraphQL17, operationOf, preparing } from './support/engines.js';

failsOnEscapedErrors();

const schema = graphql.buildSchema(`
  directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
  type Query { quick: String, slow: String, after: String }
`);

async function run(text: string, rest: Partial<RunInput> = {}): Promise<Ran> {
  return await operationOf((await preparing(graphqlJs(), schema))(text)).execute(input(rest));
}

describe('an answer in parts', () => {
  const text = '{ quick ... @defer { slow } }';
  const rootValue = { quick: 'at once', slow: async () => 'later' };

  async function parts(incremental: RunInput['incremental']): Promise<unknown[]> {
    const ran = await run(text, { rootValue, incremental });
    if (!isIncremental(ran)) return [ran];
    const all: unknown[] = [ran.initialResult];
    for await (const part of ran.subsequentResults) all.push(part);
    return JSON.parse(JSON.stringify(all));
  }

  test('names its parts by ids, in the current format', async () => {
    expect(await parts('current')).toEqual(
      isGraphQL17
        ? [
            { data: { quick: 'at once' }, pending: [{ id: '0', path: [] }], hasNext: true },
            { incremental: [{ data: { slow: 'later' }, id: '0' }], completed: [{ id: '0' }], hasNext: false },
          ]
        : [{ data: { quick: 'at once', slow: 'later' } }],
    );
    expect(await parts(undefined)).toEqual(await parts('current'));
  });

  test('names its parts by their paths, in the format of 2022', async () => {
    expect(await parts('2022-08-24')).toEqual(
      isGraphQL17
        ? [
            { data: { quick: 'at once' }, hasNext: true },
            { incremental: [{ data: { slow: 'later' }, path: [] }], hasNext: false },
          ]
        : [{ data: { quick: 'at once', slow: 'later' } }],
    );
  });
});

describe('a query whose signal aborts', () => {
  test.each(['before', 'after'])('%s it has begun is not answered as if its resolvers had failed', async (when) => {
    const abort = new AbortController();
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const rootValue = { slow: () => gate.then(() => 'done') };
    const operation = operationOf((await preparing(graphqlJs(), schema))('{ slow }'));
    if (when === 'before') abort.abort(new Error('gone'));
    const running = operation.execute(input({ rootValue, signal: abort.signal }));
    if (when === 'after') abort.abort(new Error('gone'));
    if (!isGraphQL17) open();
    const stopped = { errors: [new graphql.GraphQLError('The operation was stopped before it was answered.')] };
    expect(await running).toEqual(isGraphQL17 ? stopped : { data: { slow: 'done' } });
    open();
  });

  test('makes no signal where graphql-js takes none', async () => {
    let asked = 0;
    const given: RunInput = Object.defineProperty(input({ rootValue: { quick: 'now' } }), 'signal', {
      get: () => {
        asked += 1;
        return undefined;
      },
    });
    await operationOf((await preparing(graphqlJs(), schema))('{ quick }')).execute(given);
    expect(asked).toBe(isGraphQL17 ? 1 : 0);
  });
});
