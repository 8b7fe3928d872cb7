// The engine that makes programs of operations that are asked for often, with the optional peer graphql-jit. Whatever that cannot
// compile, or answers otherwise than graphql-js, graphql-js runs.

import type { ExecutionResult } from 'graphql';
import { OptionError } from '../../../protocol/errors/option-error.js';
import { checkNumberOption, refuseUnknownOptions } from '../../../protocol/options.js';
import type { OperationKind } from '../../../protocol/result.js';
import type { Engine, OperationSource } from '../engine.js';
import { GraphQLJsOperation } from '../graphql-js.js';
import type { GraphQLModule } from '../graphql-module.js';
import type { PreparedOperation, Ran, RunInput, Subscribed } from '../prepared.js';
import { RecentlyUsed } from '../recently-used.js';
import { EventResults } from '../subscription.js';
import { isTrusted } from './answers.js';
import { type Compile, type CompiledQuery, loadCompiler } from './compiler.js';
import { guardedSerializers, withGuards } from './guards.js';
import { objectCheck } from './inputs.js';
import { planOperation } from './plan.js';

export interface JitOptions {
  /** On which execution an operation is compiled; an event of a subscription is one. At least 1. Default 10. */
  readonly after?: number | undefined;
  /** How many compiled operations are kept; those not used lately go first. At least 1. Default 500. */
  readonly maxOperations?: number | undefined;
}

/**
 * Compiles operations that are asked for often, for `createServer({ engine: jit() })`. Needs the package `graphql-jit`. Answers
 * are those of graphql-js. Queries and subscriptions only; what it does not compile runs in graphql-js: mutations, directives,
 * introspection, literals of custom scalars, objects with methods or `isTypeOf`. The first answer in doubt is computed again by
 * graphql-js, which then keeps that operation: resolvers of queries must bear to be called twice.
 *
 * @throws OptionError
 * @example
 * ```ts
 * const server = createServer({ schema, engine: jit({ maxOperations: 200 }) });
 * ```
 */
export function jit(options: JitOptions = {}): Engine {
  refuseUnknownOptions('the options of jit', options, ['after', 'maxOperations']);
  const { after = 10, maxOperations = 500 } = options;
  checkNumberOption('after', after, 1);
  checkNumberOption('maxOperations', maxOperations, 1);
  const compiled: Compiled = new RecentlyUsed(maxOperations);
  let compile: Compile | undefined;
  return {
    name: 'graphql-jit',
    async load(graphql) {
      const loaded = await loadCompiler();
      if (graphql !== undefined) checkRealm(loaded, graphql);
      compile = loaded;
    },
    prepare(source) {
      // A mutation whose answer is in doubt could not be run again.
      if (compile === undefined || source.operation.operation === 'mutation') return new GraphQLJsOperation(source);
      return new JitOperation(source, { compile, compiled, after });
    },
  };
}

/** Where graphql-jit has another copy of graphql-js, it knows no type of the schema, and would compile nothing without a word. */
function checkRealm(compile: Compile, graphql: GraphQLModule): void {
  const schema = graphql.buildSchema('type Query { field: String }');
  const { query } = compile(schema, graphql.parse('{ field }'), undefined, { ...plainOptions, customSerializers: {} });
  if (query !== undefined) return;
  throw new OptionError(
    'engine',
    'Option "engine" is jit(), but graphql-jit has another copy of the package "graphql" than the server, or a version that it does not know. Let "npm ls graphql" show one version only, graphql@16 or 17.',
  );
}

const plainOptions = { disablingCapturingStackErrors: true };

interface CompiledOperation extends CompiledQuery {
  readonly accepts: ReturnType<typeof objectCheck>;
}

type Compiled = RecentlyUsed<JitOperation, CompiledOperation>;

interface Shared {
  readonly compile: Compile;
  readonly compiled: Compiled;
  readonly after: number;
}

class JitOperation implements PreparedOperation {
  readonly kind: OperationKind;
  readonly name: string | undefined;
  readonly #source: OperationSource;
  readonly #plain: GraphQLJsOperation;
  readonly #shared: Shared;
  #executions = 0;
  /** For good: it was found that graphql-js has to run it. */
  #left = false;

  constructor(source: OperationSource, shared: Shared) {
    this.#source = source;
    this.#shared = shared;
    this.#plain = new GraphQLJsOperation(source);
    this.kind = this.#plain.kind;
    this.name = this.#plain.name;
  }

  execute(input: RunInput): Ran | PromiseLike<Ran> {
    return this.#run(input, () => this.#plain.execute(input));
  }

  async subscribe(input: RunInput): Promise<Subscribed> {
    const opened = await this.#plain.open(input);
    if (!('run' in opened)) return opened;
    const { events, run: plainly } = opened;
    const { variables } = input;
    const run = (rootValue: unknown, contextValue: unknown): ExecutionResult | PromiseLike<ExecutionResult> =>
      this.#run({ rootValue, contextValue, variables }, () => plainly(rootValue, contextValue));
    return new EventResults(this.#source.graphql, { events, run }, input);
  }

  #run<Answer extends Ran>(
    { rootValue, contextValue, variables }: Pick<RunInput, 'rootValue' | 'contextValue' | 'variables'>,
    plainly: () => Answer | PromiseLike<Answer>,
  ): Answer | ExecutionResult | PromiseLike<Answer | ExecutionResult> {
    const compiled = this.#left ? undefined : (this.#shared.compiled.get(this) ?? this.#count());
    if (compiled === undefined || compiled.accepts?.(variables) === false) return plainly();
    try {
      const answer = compiled.query(rootValue, contextValue, variables);
      if (!(answer instanceof Promise)) return this.#isGood(answer) ? answer : plainly();
      return answer.then(
        (settled) => (this.#isGood(settled) ? settled : plainly()),
        () => {
          this.#leave();
          return plainly();
        },
      );
    } catch {
      this.#leave();
      return plainly();
    }
  }

  #isGood(answer: ExecutionResult): boolean {
    if (answer.errors === undefined) return true;
    // Variables that do not fit: nothing was executed, and graphql-js words it.
    if (answer.data === undefined) return false;
    if (isTrusted(this.#source.graphql, answer)) return true;
    this.#leave();
    return false;
  }

  #leave(): void {
    this.#left = true;
    this.#shared.compiled.delete(this);
  }

  #count(): CompiledOperation | undefined {
    this.#executions += 1;
    if (this.#executions < this.#shared.after) return undefined;
    this.#executions = 0;
    const compiled = this.#compile();
    if (compiled === undefined) this.#left = true;
    else this.#shared.compiled.add(this, compiled, 1);
    return compiled;
  }

  #compile(): CompiledOperation | undefined {
    const { graphql, schema, document } = this.#source;
    const plan = planOperation(this.#source);
    if (plan === undefined) return undefined;
    try {
      const { query } = withGuards(plan, graphql, () =>
        this.#shared.compile(schema, document, this.name, {
          ...plainOptions,
          customSerializers: guardedSerializers(plan, graphql),
        }),
      );
      return query === undefined ? undefined : { query, accepts: objectCheck(this.#source) };
    } catch {
      return undefined;
    }
  }
}
