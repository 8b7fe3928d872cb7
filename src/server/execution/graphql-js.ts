// The engine that every server has: graphql-js itself. GraphQL specification, section 6.

import type { ExecutionResult } from 'graphql';
import type { OperationKind } from '../../protocol/result.js';
import { isPromiseLike } from '../call-hook.js';
import type { Engine, OperationSource } from './engine.js';
import type { ExecutionArguments } from './graphql-module.js';
import type { PreparedOperation, Ran, RunInput, Subscribed } from './prepared.js';
import { withoutSuggestion } from './rules/suggestions.js';
import { EventResults, type EventSource, openSource } from './subscription.js';

/** graphql-js as it is, in the version that the application has installed. */
export function graphqlJs(): Engine {
  return { name: 'graphql-js', prepare: (source) => new GraphQLJsOperation(source) };
}

export class GraphQLJsOperation implements PreparedOperation {
  readonly kind: OperationKind;
  readonly name: string | undefined;
  readonly #source: OperationSource;

  constructor(source: OperationSource) {
    this.kind = source.operation.operation;
    this.name = source.operation.name?.value;
    this.#source = source;
  }

  execute(input: RunInput): Ran | PromiseLike<Ran> {
    const { graphql } = this.#source;
    // In 17 these run what is answered at once as well, and plain `execute` refuses schemas that know `@defer` and `@stream`.
    const inParts =
      input.incremental === '2022-08-24'
        ? graphql.legacyExecuteIncrementally
        : graphql.experimentalExecuteIncrementally;
    const run: (args: ExecutionArguments) => Ran | PromiseLike<Ran> = inParts ?? graphql.execute;
    // Only 17 does anything with a signal, and it is made when it is asked for.
    const signal = graphql.experimentalExecuteIncrementally === undefined ? undefined : input.signal;
    let ran: Ran | PromiseLike<Ran>;
    try {
      ran = run(this.#arguments(input, signal));
    } catch (thrown) {
      return this.#givenUp(input, thrown);
    }
    if (!isPromiseLike(ran)) return this.#quiet(ran);
    return inParts === undefined ? ran : ran.then(undefined, (thrown: unknown) => this.#givenUp(input, thrown));
  }

  async subscribe(input: RunInput): Promise<Subscribed> {
    const opened = await this.open(input);
    return 'run' in opened ? new EventResults(this.#source.graphql, opened, input) : opened;
  }

  /** The source of a subscription, and what runs an event of it; or the result that says why there is none. Never rejects. */
  async open(input: RunInput): Promise<EventSource | ExecutionResult> {
    // Without the signal: graphql-js 17 would let go of a source that comes too late, without closing it.
    const opened = await openSource(this.#source.graphql, this.#arguments(input, undefined));
    return 'run' in opened ? opened : this.#quiet(opened);
  }

  /** graphql-js 17 throws or rejects where the signal aborts before the answer is there: nobody waits for it, nothing is at fault. */
  #givenUp({ signal }: RunInput, thrown: unknown): ExecutionResult {
    if (signal?.aborted !== true) throw thrown;
    return { errors: [new this.#source.graphql.GraphQLError('The operation was stopped before it was answered.')] };
  }

  #arguments(input: RunInput, abortSignal: AbortSignal | undefined): ExecutionArguments {
    const { schema, document, hidesSuggestions } = this.#source;
    return {
      schema,
      document,
      rootValue: input.rootValue,
      contextValue: input.contextValue,
      variableValues: input.variables,
      operationName: this.name,
      abortSignal,
      hideSuggestions: hidesSuggestions,
    };
  }

  /** graphql-js 16 suggests names where variables do not fit: in errors that belong to no field, beside no data. */
  #quiet<Result extends Ran>(ran: Result): Result | ExecutionResult {
    const { hidesSuggestions, graphql } = this.#source;
    if (!hidesSuggestions || 'initialResult' in ran || ran.data !== undefined || ran.errors === undefined) return ran;
    const errors = ran.errors.map((error) => {
      const message = withoutSuggestion(error.message);
      if (error.path !== undefined || message === error.message) return error;
      return new graphql.GraphQLError(message, {
        nodes: error.nodes ?? null,
        originalError: error.originalError ?? null,
      });
    });
    return { ...ran, errors };
  }
}
