import * as graphql from 'graphql';
import { describe, expect, test } from 'vitest';
import type { Engine } from '../../../src/server/execution/engine.js';
import { graphqlJs } from '../../../src/server/execution/graphql-js.js';
import { jit } from '../../../src/server/execution/jit/jit.js';
import type { RunInput, Subscribed } from '../../../src/server/execution/prepared.js';
import { failsOnEscapedErrors } from '../support/escaped.js';
import { input, isGraphQL17, module, operationOf, preparing } from './support/engines.js';

failsOnEscapedErrors();

interface Source {
  subscribe?: (args: Record<string, unknown>, context: unknown) => unknown;
  resolve?: (event: unknown, context: unknown) => unknown;
}

/** A schema of one subscription field, and the operation that asks for it. */
async function subscribe(
  engine: Engine,
  { subscribe = () => numbers(3), resolve = (event) => event }: Source,
  rest: Partial<RunInput> = {},
  text = 'subscription { events }',
): Promise<Subscribed> {
  const schema = graphql.buildSchema('type Query { a: Int } type Subscription { events(to: Int): Int, other: Int }');
  const field = schema.getSubscriptionType()?.getFields().events;
  if (field === undefined) throw new Error('No field');
  field.subscribe = (_source, args, context) => subscribe(args, context);
  field.resolve = (event, _args, context) => resolve(event, context);
  return await operationOf((await preparing(engine, schema))(text)).subscribe(input(rest));
}

async function* numbers(to: number): AsyncGenerator<number> {
  for (let i = 1; i <= to; i++) yield i;
}

const never = (): Promise<never> => new Promise(() => {});

const seen = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function opened(subscribed: Subscribed): AsyncIterator<unknown, unknown> {
  if (!('next' in subscribed)) throw new Error(JSON.stringify(subscribed));
  return subscribed;
}

async function all(subscribed: Subscribed): Promise<unknown[]> {
  const source = opened(subscribed);
  const events: unknown[] = [];
  for (let step = await source.next(); step.done !== true; step = await source.next()) events.push(seen(step.value));
  return events;
}

describe.each([
  ['graphql-js', () => graphqlJs()],
  ['graphql-jit', () => jit({ after: 1 })],
])('%s', (_name, engine) => {
  describe('subscribe', () => {
    test.each([
      [
        'throws',
        () => {
          throw new Error('No source');
        },
        'No source',
      ],
      ['rejects', () => Promise.reject(new Error('No source')), 'No source'],
      ['returns an error', () => new Error('No source'), 'No source'],
      ['returns nothing to iterate', () => 5, 'Async Iterable'],
      ['returns nothing', () => undefined, 'Async Iterable'],
      [
        'cannot be iterated',
        () => ({
          [Symbol.asyncIterator]() {
            throw new Error('No iterator');
          },
        }),
        'No iterator',
      ],
      ['is iterated by nothing', () => ({ [Symbol.asyncIterator]: () => undefined }), 'no iterator'],
    ])('that %s is a result with errors', async (_how, make, message) => {
      const subscribed = await subscribe(engine(), { subscribe: make });
      expect(subscribed).toEqual({ errors: [expect.objectContaining({ message: expect.stringContaining(message) })] });
      // So that it can be kept from clients: it is the application's own.
      expect((subscribed as graphql.ExecutionResult).errors?.[0]).toBeInstanceOf(module.GraphQLError);
    });

    test('with variables that do not fit is a result with errors, and nothing is opened', async () => {
      let began = 0;
      const subscribed = await subscribe(
        engine(),
        {
          subscribe: () => {
            began += 1;
            return numbers(3);
          },
        },
        { variables: { to: 'three' } },
        'subscription ($to: Int) { events(to: $to) }',
      );
      expect(subscribed).toEqual({ errors: [expect.objectContaining({ message: expect.stringContaining('$to') })] });
      expect(began).toBe(0);
    });

    test('that never settles is waited for by nobody but its caller', async () => {
      const subscribing = subscribe(engine(), { subscribe: never });
      expect(await Promise.race([subscribing, new Promise((resolve) => setImmediate(() => resolve('waiting')))])).toBe(
        'waiting',
      );
    });

    test('that settles after the signal was aborted still hands over its source, for somebody to close', async () => {
      const abort = new AbortController();
      let open = (_source: unknown): void => {};
      const made = new Promise((resolve) => {
        open = resolve;
      });
      let closed = 0;
      const note = (): void => {
        closed += 1;
      };
      const subscribing = subscribe(engine(), { subscribe: () => made }, { signal: abort.signal });
      abort.abort();
      open({
        [Symbol.asyncIterator]() {
          return { next: never, return: async () => note() };
        },
      });
      const source = opened(await subscribing);
      await source.return?.();
      expect(closed).toBe(1);
    });
  });

  describe('a source', () => {
    test('gives its events and then its end', async () => {
      expect(await all(await subscribe(engine(), {}))).toEqual([1, 2, 3].map((events) => ({ data: { events } })));
    });

    test.each([
      [
        'throws',
        () => {
          throw new Error('Source broke');
        },
      ],
      ['rejects', () => Promise.reject(new Error('Source broke'))],
    ])('whose next() %s rejects with it', async (_how, next) => {
      const source = opened(
        await subscribe(engine(), { subscribe: () => ({ [Symbol.asyncIterator]: () => ({ next }) }) }),
      );
      await expect(source.next()).rejects.toThrow('Source broke');
    });

    test('that gives no step at all rejects', async () => {
      const next = async (): Promise<undefined> => undefined;
      const source = opened(
        await subscribe(engine(), { subscribe: () => ({ [Symbol.asyncIterator]: () => ({ next }) }) }),
      );
      await expect(source.next()).rejects.toThrow(TypeError);
    });

    test('is closed by return(), which waits for it, also while next() waits', async () => {
      let close = (): void => {};
      const iterator = {
        next: never,
        return: () =>
          new Promise<void>((resolve) => {
            close = resolve;
          }),
      };
      const source = opened(
        await subscribe(engine(), { subscribe: () => ({ [Symbol.asyncIterator]: () => iterator }) }),
      );
      void source.next();
      const left = source.return?.();
      expect(await Promise.race([left, 'still closing'])).toBe('still closing');
      close();
      expect(await left).toEqual({ done: true, value: undefined });
    });

    test.each([
      [
        'throws',
        () => {
          throw new Error('Cannot close');
        },
      ],
      ['rejects', () => Promise.reject(new Error('Cannot close'))],
    ])('whose return() %s rejects with it', async (_how, close) => {
      const iterator = { next: never, return: close };
      const source = opened(
        await subscribe(engine(), { subscribe: () => ({ [Symbol.asyncIterator]: () => iterator }) }),
      );
      await expect(source.return?.()).rejects.toThrow('Cannot close');
    });

    test('without return() is left at once', async () => {
      const source = opened(
        await subscribe(engine(), { subscribe: () => ({ [Symbol.asyncIterator]: () => ({ next: never }) }) }),
      );
      expect(await source.return?.()).toEqual({ done: true, value: undefined });
    });
  });

  describe('an event', () => {
    const bad = (fail: () => unknown): Source => ({ resolve: (event) => (event === 2 ? fail() : event) });

    test.each([
      [
        'throws',
        () => {
          throw new Error('Bad event');
        },
      ],
      ['rejects', () => Promise.reject(new Error('Bad event'))],
    ])('whose resolver %s is answered with errors, and the next one follows', async (_how, fail) => {
      expect(await all(await subscribe(engine(), bad(fail)))).toEqual([
        { data: { events: 1 } },
        { data: { events: null }, errors: [expect.objectContaining({ message: 'Bad event', path: ['events'] })] },
        { data: { events: 3 } },
      ]);
    });

    test('whose resolver never settles can be left', async () => {
      let closed = 0;
      const note = (): void => {
        closed += 1;
      };
      const events = { next: async () => ({ done: false, value: 1 }), return: async () => note() };
      const source = opened(
        await subscribe(engine(), { subscribe: () => ({ [Symbol.asyncIterator]: () => events }), resolve: never }),
      );
      void source.next();
      await source.return?.();
      expect(closed).toBe(1);
    });

    test('has the context of the operation', async () => {
      const contexts: unknown[] = [];
      const contextValue = { user: 'me' };
      const source: Source = {
        subscribe: (_args, context) => {
          contexts.push(context);
          return numbers(2);
        },
        resolve: (event, context) => {
          contexts.push(context);
          return event;
        },
      };
      await all(await subscribe(engine(), source, { contextValue }));
      expect(contexts).toEqual([contextValue, contextValue, contextValue]);
      expect(contexts.every((context) => context === contextValue)).toBe(true);
    });

    test.each([
      ['at once', (event: unknown) => ({ event })],
      ['later', async (event: unknown) => ({ event })],
    ])('has a context of its own, where one is made %s', async (_when, eventContext) => {
      const contexts: unknown[] = [];
      const source: Source = {
        resolve: (event, context) => {
          contexts.push(context);
          return event;
        },
      };
      await all(await subscribe(engine(), source, { eventContext }));
      expect(contexts).toEqual([{ event: 1 }, { event: 2 }, { event: 3 }]);
    });

    test.each([
      [
        'throws',
        (event: unknown) => {
          if (event === 2) throw new Error('No context');
          return {};
        },
      ],
      ['rejects', async (event: unknown) => (event === 2 ? Promise.reject(new Error('No context')) : {})],
    ])('whose context %s is answered with errors, and the next one follows', async (_how, eventContext) => {
      const subscribed = await subscribe(engine(), {}, { eventContext });
      const source = opened(subscribed);
      const steps = [await source.next(), await source.next(), await source.next()];
      expect(steps.map(({ value }) => seen(value))).toEqual([
        { data: { events: 1 } },
        { data: null, errors: [{ message: 'No context' }] },
        { data: { events: 3 } },
      ]);
      const second = steps[1]?.value as graphql.ExecutionResult | undefined;
      expect(second?.errors?.[0]?.originalError).toEqual(new Error('No context'));
    });
  });
});

test('variables are coerced once for a subscription where graphql-js can, in 17, else for each event', async () => {
  let coerced = 0;
  const schema = graphql.buildSchema('scalar Time type Query { a: Int } type Subscription { events(at: Time): Int }');
  const time = schema.getType('Time') as graphql.GraphQLScalarType;
  const count = (value: unknown): unknown => {
    coerced += 1;
    return value;
  };
  Object.assign(time, { parseValue: count, coerceInputValue: count });
  const field = schema.getSubscriptionType()?.getFields().events;
  if (field === undefined) throw new Error('No field');
  field.subscribe = () => numbers(3);
  field.resolve = (event) => event;
  const operation = operationOf((await preparing(graphqlJs(), schema))('subscription ($at: Time) { events(at: $at) }'));
  expect(await all(await operation.subscribe(input({ variables: { at: 1 } })))).toHaveLength(3);
  expect(coerced).toBe(isGraphQL17 ? 1 : 4);
});
