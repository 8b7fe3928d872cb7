// The one way from a request to an answer, for every carrier. GraphQL specification, section 6: the document is prepared, the
// operation selected, its context made, then it is executed or subscribed. Whatever is thrown on the way becomes the answer.

import type { ExecutionResult } from 'graphql';
import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import { OptionError } from '../../protocol/errors/option-error.js';
import type { ExecuteOptions, Execution, ExecutionContext, Executor } from '../../protocol/executor.js';
import type { OperationKind } from '../../protocol/result.js';
import { toErrors, toGraphQLError } from '../../protocol/to-graphql-error.js';
import { bounded, isPromiseLike, type Report } from '../call-hook.js';
import type { OperationContext } from '../hook-types.js';
import type { ResolvedOptions } from '../options.js';
import type { Counters } from '../stats.js';
import type { Timers } from '../timers.js';
import { DocumentCache, type PreparedDocument } from './document-cache.js';
import { EventStream } from './event-stream.js';
import type { ExecutionArguments, GraphQLModule, IncrementalResults } from './graphql-module.js';
import { allParts, isIncremental } from './incremental.js';
import { toResult } from './to-result.js';

export interface PipelineParts {
  readonly options: ResolvedOptions;
  readonly timers: Timers;
  readonly counters: Counters;
  readonly report: Report;
  readonly load: () => Promise<GraphQLModule>;
}

export class Pipeline implements Executor {
  readonly #parts: PipelineParts;
  readonly #documents = new DocumentCache((text) => this.#prepareDocument(text));
  #preparing: Promise<GraphQLModule> | undefined;
  #graphql: GraphQLModule | undefined;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
  }

  /**
   * Loads graphql-js and checks the schema with it.
   * @throws MissingDependencyError where it is not installed; OptionError where the schema is invalid.
   */
  prepare(): Promise<GraphQLModule> {
    this.#preparing ??= this.#load();
    return this.#preparing;
  }

  async execute(payload: OperationPayload, context: ExecutionContext, options?: ExecuteOptions): Promise<Execution> {
    let graphql = this.#graphql;
    if (graphql === undefined) {
      try {
        graphql = await this.prepare();
      } catch (error) {
        this.#parts.report(error, 'graphql');
        return refused(error);
      }
    }
    try {
      return await this.#execute(graphql, payload, context, options?.kinds);
    } catch (thrown) {
      return refused(thrown);
    }
  }

  async #load(): Promise<GraphQLModule> {
    const graphql = await this.#parts.load();
    const errors = graphql.validateSchema(this.#parts.options.schema);
    if (errors.length > 0) {
      throw new OptionError(
        'schema',
        `Option "schema" is not valid: ${errors.map((error) => error.message).join(' ')}`,
      );
    }
    this.#graphql = graphql;
    return graphql;
  }

  async #execute(
    graphql: GraphQLModule,
    payload: OperationPayload,
    context: ExecutionContext,
    kinds: readonly OperationKind[] | undefined,
  ): Promise<Execution> {
    const { document, errors } = this.#documents.get(payload.query);
    if (document === undefined) return { kind: 'refused', errors };

    const operationName = payload.operationName === '' ? undefined : payload.operationName;
    const operation = graphql.getOperationAST(document, operationName);
    if (!operation) return refused(selectionFailure(payload, operationName));
    const kind: OperationKind = operation.operation;
    if (kinds !== undefined && !kinds.includes(kind)) return refusedKind(kind);

    const { signal } = context;
    const made = this.#makeContext({ ...context, payload });
    const contextValue = isPromiseLike(made) ? await made : made;
    if (signal.aborted) return stopped;

    const { schema, rootValue } = this.#parts.options;
    const { variables: variableValues } = payload;
    // A mutation that has begun is not left half done when its client goes: only its own resolvers may stop it.
    const abortSignal = kind === 'mutation' ? undefined : signal;
    const args = { schema, document, rootValue, contextValue, variableValues, operationName, abortSignal };
    return kind === 'subscription' ? this.#subscribe(graphql, args, signal) : this.#run(graphql, args, signal);
  }

  async #run(graphql: GraphQLModule, args: ExecutionArguments, signal: AbortSignal): Promise<Execution> {
    const run: (args: ExecutionArguments) => Running = graphql.experimentalExecuteIncrementally ?? graphql.execute;
    const running = run(args);
    const answer = isPromiseLike(running) ? await running : running;
    if (isIncremental(answer)) return this.#stream(allParts(answer), signal, true);
    // No data at all, not even null: nothing was executed, because the variables did not fit.
    if (answer.data === undefined) return refused(...(answer.errors ?? []));
    return { kind: 'result', result: toResult(answer) };
  }

  async #subscribe(graphql: GraphQLModule, args: ExecutionArguments, signal: AbortSignal): Promise<Execution> {
    const subscribed = await graphql.subscribe(args);
    if (!(Symbol.asyncIterator in subscribed)) return refused(...(subscribed.errors ?? []));
    return this.#stream(subscribed[Symbol.asyncIterator](), signal, false);
  }

  /** Where the signal was aborted meanwhile, the stream closes its source by itself. */
  #stream(source: AsyncIterator<ExecutionResult, unknown>, signal: AbortSignal, incremental: boolean): Execution {
    const { timers, report, counters, options } = this.#parts;
    const { finaliseTimeoutMs } = options;
    const events = new EventStream(source, { signal, timers, report, counters, finaliseTimeoutMs });
    return { kind: 'stream', events, incremental };
  }

  #makeContext(own: OperationContext): object | Promise<object> {
    const { context, hookTimeoutMs } = this.#parts.options;
    if (context === undefined) return own;
    if (typeof context !== 'function') return { ...own, ...context };
    const failed = (error: unknown): never => {
      this.#parts.report(error, 'context');
      throw error;
    };
    try {
      const made = bounded('context', () => context(own), hookTimeoutMs, this.#parts.timers);
      return made instanceof Promise ? made.catch(failed) : made;
    } catch (error) {
      return failed(error);
    }
  }

  #prepareDocument(text: string): PreparedDocument {
    const { parse, validate } = this.#graphql as GraphQLModule;
    try {
      const document = parse(text);
      const errors = validate(this.#parts.options.schema, document);
      return errors.length === 0 ? { document } : { errors: toErrors(errors) };
    } catch (thrown) {
      return { errors: [toGraphQLError(thrown)] };
    }
  }
}

type Running = ExecutionResult | IncrementalResults | PromiseLike<ExecutionResult | IncrementalResults>;

const stopped: Execution = refused(new Error('The operation was stopped before it began.'));

function refused(...thrown: readonly unknown[]): Execution {
  return { kind: 'refused', errors: toErrors(thrown) };
}

function refusedKind(kind: OperationKind): Execution {
  const message = `A ${kind} cannot be answered here.`;
  return {
    kind: 'refused',
    errors: [{ message, extensions: { code: 'OPERATION_KIND_NOT_ALLOWED' } }],
    disallowed: kind,
  };
}

/** The GraphQL specification, section 6.1, `GetOperation`: a name that fits nothing, or none where one is needed. */
function selectionFailure(payload: OperationPayload, operationName: string | undefined): Error {
  return operationName === undefined
    ? new Error('The document holds several operations: "operationName" must say which one to run.')
    : new Error(`The document holds no operation named ${JSON.stringify(payload.operationName)}.`);
}
