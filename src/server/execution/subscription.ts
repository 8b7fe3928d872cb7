// Subscriptions, driven by us and not by graphql-js, whose versions differ in how a source is left: the source is opened by
// graphql-js, each event of it executed. GraphQL specification, section 6.2.3.

import type { ExecutionResult, GraphQLError } from 'graphql';
import { toGraphQLError } from '../../protocol/to-graphql-error.js';
import type { ExecutionArguments, GraphQLModule } from './graphql-module.js';
import type { RunInput } from './prepared.js';

/** Executes the selections of a subscription on one event. */
export type EventRunner = (event: unknown, contextValue: unknown) => ExecutionResult | PromiseLike<ExecutionResult>;

export interface EventSource {
  readonly events: AsyncIterator<unknown>;
  readonly run: EventRunner;
}

/** Never rejects: whatever keeps a source from being opened or iterated is a result with errors. */
export async function openSource(
  graphql: GraphQLModule,
  args: ExecutionArguments,
): Promise<EventSource | ExecutionResult> {
  try {
    const validated = graphql.validateSubscriptionArgs?.(args) ?? args;
    if (!('schema' in validated)) return { errors: validated };
    const source = await graphql.createSourceEventStream(validated);
    if (!(Symbol.asyncIterator in source)) return source;
    const events: AsyncIterator<unknown> | undefined = source[Symbol.asyncIterator]();
    if (typeof events?.next !== 'function') {
      throw new Error('The event source gave no iterator. Let its [Symbol.asyncIterator]() return one.');
    }
    return { events, run: eventRunner(graphql, validated) };
  } catch (thrown) {
    return { errors: [asGraphQLError(graphql, thrown)] };
  }
}

/** graphql-js 17 coerces the variables when the source is opened; 16 offers nothing that takes coerced ones. */
function eventRunner(graphql: GraphQLModule, args: ExecutionArguments): EventRunner {
  const { executeSubscriptionEvent } = graphql;
  if (executeSubscriptionEvent === undefined || !('operation' in args)) {
    return (rootValue, contextValue) => graphql.execute({ ...args, rootValue, contextValue });
  }
  const validated = args as Parameters<typeof executeSubscriptionEvent>[0];
  return (rootValue, contextValue) => executeSubscriptionEvent({ ...validated, rootValue, contextValue });
}

/** The answers to the events of a source. An event that cannot be answered is an answer with errors, and the next one follows. */
export class EventResults implements AsyncIterator<ExecutionResult, unknown> {
  readonly #graphql: GraphQLModule;
  readonly #events: AsyncIterator<unknown>;
  readonly #run: EventRunner;
  readonly #input: RunInput;

  constructor(graphql: GraphQLModule, source: EventSource, input: RunInput) {
    this.#graphql = graphql;
    this.#events = source.events;
    this.#run = source.run;
    this.#input = input;
  }

  /** Rejects with what the source throws. */
  async next(): Promise<IteratorResult<ExecutionResult, unknown>> {
    const step = await this.#events.next();
    if (step.done === true) return step;
    let value: ExecutionResult;
    try {
      const { eventContext, contextValue } = this.#input;
      const context = eventContext === undefined ? contextValue : await eventContext(step.value);
      value = await this.#run(step.value, context);
    } catch (thrown) {
      value = { data: null, errors: [asGraphQLError(this.#graphql, thrown)] };
    }
    return { done: false, value };
  }

  async return(): Promise<IteratorResult<ExecutionResult, unknown>> {
    await this.#events.return?.();
    return { done: true, value: undefined };
  }
}

function asGraphQLError(graphql: GraphQLModule, thrown: unknown): GraphQLError {
  if (thrown instanceof graphql.GraphQLError) return thrown;
  const { message } = toGraphQLError(thrown);
  return new graphql.GraphQLError(message, { originalError: thrown instanceof Error ? thrown : new Error(message) });
}
