// A GraphQL server apart from any port: its schema, hooks and limits, and the pipeline that answers.

import type { GraphQLSchema } from 'graphql';
import { OptionError } from '../protocol/errors/option-error.js';
import type { Executor } from '../protocol/executor.js';
import { reporter } from './call-hook.js';
import type { ServerCore } from './core.js';
import { type GraphQLModule, loadGraphQL } from './execution/graphql-module.js';
import { Pipeline } from './execution/pipeline.js';
import { resolveOptions, type ServerOptions } from './options.js';
import { newCounters, type ServerStats } from './stats.js';
import { nodeTimers, type Timers } from './timers.js';

export interface Server {
  readonly schema: GraphQLSchema;
  /** Runs operations without a network, through the same pipeline as every carrier. */
  readonly executor: Executor;
  /** What it holds at this moment. */
  stats(): ServerStats;
}

/** What tests put in the place of the real world. */
export interface ServerWorld {
  readonly timers?: Timers | undefined;
  readonly load?: (() => Promise<GraphQLModule>) | undefined;
}

const cores = new WeakMap<Server, ServerCore>();

/**
 * Makes a server. It listens nowhere until it is given to {@link serve} or {@link createHandler}.
 *
 * @throws OptionError for an unknown or impossible option.
 * @example
 * ```ts
 * const server = createServer({ schema, context: ({ headers }) => ({ user: headers['x-user'] }) });
 * const { url } = await serve(server, { port: 4000 });
 * ```
 */
export function createServer(options: ServerOptions): Server {
  return createServerIn({}, options);
}

export function createServerIn(world: ServerWorld, given: ServerOptions): Server {
  const options = resolveOptions(given);
  const { timers = nodeTimers, load = loadGraphQL } = world;
  const counters = newCounters();
  const report = reporter(options.onError);
  const pipeline = new Pipeline({ options, timers, counters, report, load });
  const server: Server = {
    schema: options.schema,
    executor: pipeline,
    stats: () => ({ ...counters }),
  };
  cores.set(server, { options, pipeline, timers, counters, report });
  return server;
}

/** @throws OptionError for a server that createServer did not make. */
export function coreOf(server: Server): ServerCore {
  const core = cores.get(server);
  if (core === undefined) throw new OptionError('server', 'The server must be one that createServer made.');
  return core;
}
