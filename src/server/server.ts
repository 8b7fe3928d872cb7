// A GraphQL server apart from any port: its schema, hooks and limits, and the pipeline that answers.

import type { GraphQLSchema } from 'graphql';
import { OptionError } from '../protocol/errors/option-error.js';
import type { Executor } from '../protocol/executor.js';
import { Admission } from './admission.js';
import { reporter } from './call-hook.js';
import type { ServerCore } from './core.js';
import { type GraphQLModule, loadGraphQL } from './execution/graphql-module.js';
import { Pipeline } from './execution/pipeline.js';
import { type DrainOptions, Life } from './life.js';
import type { ServerOptions } from './options.js';
import { resolveOptions } from './resolve-options.js';
import { newCounters, type ServerStats } from './stats.js';
import { Telemetry } from './telemetry/telemetry.js';
import { nodeTimers, type Timers } from './timers.js';

export interface Server {
  readonly schema: GraphQLSchema;
  /** Runs operations without a network, through the same pipeline as every carrier. */
  readonly executor: Executor;
  /** What it holds at this moment. */
  stats(): ServerStats;
  /**
   * Leaves without losing anything: it is not ready any more, upgrades are answered with 503, running queries and mutations are
   * answered, and connections are closed with 1012 one after the other. Resolves when nothing is left: at the deadline everything
   * is cut, and what ends then has its own time for that (`finaliseTimeoutMs`, `hookTimeoutMs`). The ports are their owners':
   * `Serving.close` closes them. Idempotent; the first call's options count.
   *
   * @throws OptionError
   */
  drain(options?: DrainOptions): Promise<void>;
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
  const telemetry = new Telemetry(timers);
  const life = new Life();
  const report = reporter(options.onError);
  const pipeline = new Pipeline({ options, timers, counters, report, telemetry, load });
  const server: Server = {
    schema: options.schema,
    executor: pipeline,
    stats: () => ({ ...counters }),
    drain: async (drainOptions = {}) => life.drain(drainOptions),
  };
  const admission = new Admission(options.limits);
  cores.set(server, { options, pipeline, timers, counters, report, admission, life, telemetry });
  return server;
}

/** @throws OptionError for a server that createServer did not make. */
export function coreOf(server: Server): ServerCore {
  const core = cores.get(server);
  if (core === undefined) throw new OptionError('server', 'The server must be one that createServer made.');
  return core;
}
