// The one way from a request to an answer, for every carrier. GraphQL specification, section 6: the document is found and
// prepared, the operation selected, its context made, then it is executed or subscribed. Whatever is thrown on the way becomes
// the answer. What one operation goes through on this way is in operation-run.ts; this is what all of them share.

import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import { OptionError } from '../../protocol/errors/option-error.js';
import type { ExecuteOptions, Execution, ExecutionContext, Executor } from '../../protocol/executor.js';
import type { Report } from '../call-hook.js';
import type { ResolvedOptions } from '../options.js';
import type { Counters } from '../stats.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import type { Timers } from '../timers.js';
import { Contexts } from './contexts.js';
import { DocumentLookup } from './document-lookup.js';
import { Documents } from './documents.js';
import type { GraphQLModule } from './graphql-module.js';
import { Masking } from './masking.js';
import { OperationRun } from './operation-run.js';
import { TimeLimit } from './time-limit.js';

export interface PipelineParts {
  readonly options: ResolvedOptions;
  readonly timers: Timers;
  readonly counters: Counters;
  readonly report: Report;
  readonly telemetry: Telemetry;
  readonly load: () => Promise<GraphQLModule>;
}

/** What operations share once graphql-js is there. */
export interface Workshop extends Omit<PipelineParts, 'load'> {
  readonly documents: Documents;
  readonly lookup: DocumentLookup;
  readonly contexts: Contexts;
  readonly masking: Masking;
  readonly timeLimit: TimeLimit;
}

export class Pipeline implements Executor {
  readonly #parts: PipelineParts;
  #preparing: Promise<Workshop> | undefined;
  #workshop: Workshop | undefined;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
  }

  /**
   * Loads graphql-js and the engine, and checks the schema.
   * @throws MissingDependencyError where one is not installed; OptionError where the schema is invalid.
   */
  async prepare(): Promise<void> {
    await this.#prepare();
  }

  execute(
    payload: OperationPayload,
    context: ExecutionContext,
    options?: ExecuteOptions,
  ): Execution | Promise<Execution> {
    const workshop = this.#workshop;
    return workshop === undefined
      ? this.#prepareThenExecute(payload, context, options)
      : new OperationRun(workshop, payload, context, options).run();
  }

  async #prepareThenExecute(
    payload: OperationPayload,
    context: ExecutionContext,
    options: ExecuteOptions | undefined,
  ): Promise<Execution> {
    let workshop: Workshop;
    try {
      workshop = await this.#prepare();
    } catch (error) {
      this.#parts.report(error, 'graphql');
      const answer = new Masking(this.#parts.options.development).answer(error, () => {});
      return { kind: 'refused', errors: [answer], failed: true };
    }
    return new OperationRun(workshop, payload, context, options).run();
  }

  #prepare(): Promise<Workshop> {
    this.#preparing ??= this.#open();
    return this.#preparing;
  }

  async #open(): Promise<Workshop> {
    const { load, ...parts } = this.#parts;
    const { options, timers, report } = parts;
    const { schema, engine, limits, development } = options;
    const graphql = await load();
    await engine.load?.(graphql);
    const errors = graphql.validateSchema(schema);
    if (errors.length > 0) {
      const reasons = errors.map((error) => error.message).join(' ');
      throw new OptionError('schema', `Option "schema" is not valid: ${reasons}`);
    }
    this.#workshop = {
      ...parts,
      documents: new Documents({ graphql, schema, engine, limits, development }),
      lookup: new DocumentLookup(options, timers, report),
      contexts: new Contexts(options, timers, report),
      masking: new Masking(development),
      timeLimit: new TimeLimit(options.executionTimeoutMs, timers),
    };
    return this.#workshop;
  }
}
