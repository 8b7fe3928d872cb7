import { getEventListeners } from 'node:events';
import * as graphql from 'graphql';
import { describe, expect, test } from 'vitest';
import { MissingDependencyError } from '../../../src/protocol/errors/missing-dependency-error.js';
import type { Execution } from '../../../src/protocol/executor.js';
import { toErrors, toGraphQLError } from '../../../src/protocol/to-graphql-error.js';
import { explainImportFailure, type GraphQLModule } from '../../../src/server/execution/graphql-module.js';
import { type OperationContext, serve } from '../../../src/server/index.js';
import { createServerIn } from '../../../src/server/server.js';
import { RawClient } from '../support/client.js';
import { makeSchema, Probe } from '../support/schema.js';
import { startServer, until } from '../support/serving.js';

function make(options: Partial<Parameters<typeof createServerIn>[1]> = {}, load?: () => Promise<GraphQLModule>) {
  const probe = new Probe();
  const server = createServerIn(
    { load },
    { schema: makeSchema(probe), development: true, onError: () => {}, ...options },
  );
  const abort = new AbortController();
  const run = (
    query: string,
    rest: object = {},
    kinds?: readonly ('query' | 'mutation' | 'subscription')[],
  ): Promise<Execution> =>
    Promise.resolve(
      server.executor.execute(
        { query, ...rest },
        { signal: abort.signal, headers: {}, connectionParams: undefined, connection: undefined },
        { kinds },
      ),
    );
  return { probe, server, abort, run };
}

describe('the executor', () => {
  test('answers a query with plain data, also its errors', async () => {
    const { run } = make();
    expect(await run('{ hello }')).toEqual({ kind: 'result', result: { data: { hello: 'Hello world' } } });
    const failed = await run('{ fails }');
    expect(failed).toMatchObject({ kind: 'result', result: { data: { fails: null } } });
    const errors = failed.kind === 'result' ? failed.result.errors : undefined;
    expect(errors?.[0]).not.toBeInstanceOf(Error);
  });

  test('an empty operation name is none', async () => {
    expect(await make().run('{ hello }', { operationName: '' })).toMatchObject({ kind: 'result' });
  });

  test('refuses kinds that its carrier cannot answer', async () => {
    const { run, probe } = make();
    expect(await run('subscription { count(to: 1) }', {}, ['query', 'mutation'])).toMatchObject({
      kind: 'refused',
      errors: [{ extensions: { code: 'OPERATION_KIND_NOT_ALLOWED' } }],
      disallowed: 'subscription',
    });
    expect(await run('mutation { add(amount: 1) }', {}, ['query'])).toMatchObject({
      kind: 'refused',
      disallowed: 'mutation',
    });
    expect(probe.began).toEqual([]);
  });

  test('a stream is released by its signal although its source hangs, and closes it', async () => {
    const { run, abort, probe, server } = make();
    const execution = await run('subscription { slowToClose(gate: "g") }');
    if (execution.kind !== 'stream') throw new Error(execution.kind);
    const next = execution.events.next();
    abort.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(await Promise.race([execution.events.next(), 'still closing'])).toBe('still closing');
    probe.open('g');
    expect(await execution.events.next()).toEqual({ done: true, value: undefined });
    expect(probe.finalised).toEqual(['g']);
    expect(server.stats().sources).toBe(0);
  });

  test('a stream that was left by return() does not listen to its signal any more', async () => {
    const { run, abort, server, probe } = make();
    const execution = await run('subscription { count(to: 5) }');
    if (execution.kind !== 'stream') throw new Error(execution.kind);
    await execution.events.next();
    await execution.events.return?.();
    expect(await execution.events.next()).toEqual({ done: true, value: undefined });
    abort.abort();
    expect(probe.finalised).toEqual(['count']);
    expect(server.stats().sources).toBe(0);
  });

  test('a source that comes after its signal was aborted is closed, although nobody asks for it', async () => {
    const { run, abort, server, probe } = make();
    const running = run('subscription { late(gate: "g") }');
    await until(() => probe.began.includes('late'));
    abort.abort();
    probe.open('g');
    await running;
    await until(() => server.stats().sources === 0);
    expect(probe.finalised).toEqual(['g']);
  });

  test('nothing listens to a signal once its streams have ended, however long it lives', async () => {
    const { run, abort } = make();
    for (let i = 0; i < 3; i++) {
      const execution = await run('subscription { count(to: 1) }');
      if (execution.kind !== 'stream') throw new Error(execution.kind);
      while ((await execution.events.next()).done !== true);
    }
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  test('an operation whose signal is aborted already runs nothing', async () => {
    const { run, abort, probe } = make();
    abort.abort();
    expect(await run('mutation { add(amount: 1) }')).toMatchObject({ kind: 'refused' });
    expect(probe.began).toEqual([]);
  });
});

describe('the context', () => {
  test('without the option it is the operation’s own', async () => {
    const { run, probe, abort } = make();
    const running = run('{ slow(gate: "g") }');
    await until(() => probe.began.includes('slow'));
    const [context] = probe.contexts as [OperationContext];
    const { payload, headers, connectionParams, connection, remoteAddress, signal } = context;
    expect({ payload, headers, connectionParams, connection, remoteAddress }).toEqual({
      headers: {},
      connectionParams: undefined,
      connection: undefined,
      remoteAddress: undefined,
      payload: { query: '{ slow(gate: "g") }' },
    });
    // Also for those who put something of their own in front of it.
    expect(Object.create(context).signal).toBe(signal);
    expect(signal.aborted).toBe(false);
    abort.abort();
    expect(signal.aborted).toBe(true);
    probe.open('g');
    await running;
  });

  test('a context function may copy what it is given, signal and all', async () => {
    const { run, probe, abort } = make({ context: (own) => ({ ...own, user: 'ada' }) });
    const running = run('{ slow(gate: "g") }');
    await until(() => probe.began.includes('slow'));
    abort.abort();
    const [context] = probe.contexts as [OperationContext & { user: string }];
    expect([context.user, context.payload.query, context.signal.aborted]).toEqual(['ada', '{ slow(gate: "g") }', true]);
    probe.open('g');
    await running;
  });

  test('an object is merged over it', async () => {
    const database = { find: () => 1 };
    const { run, probe } = make({ context: { database, connection: 'mine' } });
    await run('{ context }');
    expect(probe.contexts[0]).toMatchObject({ database, connection: 'mine', signal: expect.any(AbortSignal) });
    expect((probe.contexts[0] as { database: unknown }).database).toBe(database);
  });

  test('a function makes it, once per operation and not once per event', async () => {
    let made = 0;
    const { run, probe } = make({
      context: async () => {
        made += 1;
        return { made };
      },
    });
    await run('{ context }');
    expect(probe.contexts).toEqual([{ made: 1 }]);
    const execution = await run('subscription { count(to: 3) }');
    if (execution.kind !== 'stream') throw new Error(execution.kind);
    while ((await execution.events.next()).done !== true);
    expect(made).toBe(2);
  });
});

describe('documents', () => {
  test('are parsed and validated once per text', async () => {
    let parsed = 0;
    const counting: GraphQLModule = {
      ...graphql,
      parse: (...args) => {
        parsed += 1;
        return graphql.parse(...args);
      },
    };
    const { run } = make({}, () => Promise.resolve(counting));
    for (let i = 0; i < 5; i++) {
      await run('{ hello }');
      await run('{ nothing }');
    }
    expect(parsed).toBe(2);
  });
});

describe('graphql-js', () => {
  test('that is not installed is a MissingDependencyError from serve, and an error for an executor’s caller', async () => {
    const missing = Object.assign(new Error("Cannot find package 'graphql'"), { code: 'ERR_MODULE_NOT_FOUND' });
    const load = () => Promise.reject(explainImportFailure(missing));
    const { server, run } = make({}, load);
    await expect(serve(server, { port: 0 })).rejects.toThrow(MissingDependencyError);
    await expect(serve(server, { port: 0 })).rejects.toThrow('npm install "graphql@^16.11.0 || ^17.0.0"');
    expect(await run('{ hello }')).toMatchObject({ kind: 'refused' });
    const other = new Error('syntax error in graphql');
    expect(explainImportFailure(other)).toBe(other);
  });

  test('finds an invalid schema before anything is served', async () => {
    const schema = graphql.buildSchema('type Query { a: Int } interface Empty', { assumeValidSDL: true });
    await expect(serve(createServerIn({}, { schema }), { port: 0 })).rejects.toThrow(/"schema" is not valid: .*Empty/);
  });

  // graphql-js 17 executes @defer and @stream; 16 is what this repository has installed, so its face is imitated.
  test('that delivers an answer in parts has each of them sent as one next', async () => {
    let closed = 0;
    const incremental: GraphQLModule = {
      ...graphql,
      experimentalExecuteIncrementally: () => ({
        initialResult: { data: { hello: null }, hasNext: true } as graphql.ExecutionResult,
        subsequentResults: (async function* () {
          try {
            yield { incremental: [{ id: '0', items: [1] }], hasNext: true } as graphql.ExecutionResult;
            yield { completed: [{ id: '0' }], hasNext: false } as graphql.ExecutionResult;
          } finally {
            closed += 1;
          }
        })(),
      }),
    };
    await using t = await startServer({}, { load: () => Promise.resolve(incremental) });
    const client = await RawClient.accepted(t.ws);
    client.send({ type: 'subscribe', id: '1', payload: { query: '{ hello }' } });
    expect((await client.next('next')).payload).toEqual({ data: { hello: null }, hasNext: true });
    expect((await client.next('next')).payload).toEqual({ incremental: [{ id: '0', items: [1] }], hasNext: true });
    expect((await client.next('next')).payload).toEqual({ completed: [{ id: '0' }], hasNext: false });
    await client.next('complete');
    expect(closed).toBe(1);
    await until(() => t.server.stats().sources === 0);
  });
});

describe('errors', () => {
  test.each([
    [new Error('plain'), 'plain'],
    ['a text', 'a text'],
    [undefined, 'undefined'],
    [Object.create(null), 'An error that cannot be described was thrown.'],
    [
      Object.assign(new Error('x'), {
        toJSON: () => {
          throw new Error('trap');
        },
      }),
      'An error that cannot be described was thrown.',
    ],
    [Object.assign(new Error('x'), { toJSON: () => 5 }), 'x'],
    [Symbol('s'), 'Symbol(s)'],
  ])('anything thrown becomes one', (thrown, message) => {
    expect(toGraphQLError(thrown)).toEqual({ message });
  });

  test('a list of none becomes one that says so', () => {
    expect(toErrors([])).toHaveLength(1);
  });
});
