// What is served on which path of a server, whatever framework it is mounted on: the options that every adapter takes.

import { OptionError } from '../../protocol/errors/option-error.js';
import { describe } from '../../protocol/options.js';

export interface EndpointOptions {
  /** The path of the endpoint, for HTTP and WebSocket; one that nothing is served on is answered with 404. Default `/graphql`. */
  readonly path?: string | undefined;
  /** Answers with 200 for as long as the process answers at all. Default `/health`; `false`: nothing does. */
  readonly healthPath?: string | false | undefined;
  /** Answers with 200, or with 503 from the moment the server drains. Default `/ready`; `false`: nothing does. */
  readonly readinessPath?: string | false | undefined;
  /** Answers with the server's figures, as Prometheus reads them. Anybody may ask. Default: nothing does. */
  readonly metricsPath?: string | false | undefined;
  /** Whether a browser that opens the endpoint gets GraphiQL. Default: the server's option `development`. */
  readonly graphiql?: boolean | undefined;
}

/** The same with every default filled in. */
export interface ResolvedEndpointOptions {
  readonly path: string;
  readonly healthPath: string | undefined;
  readonly readinessPath: string | undefined;
  readonly metricsPath: string | undefined;
  readonly graphiql: boolean;
}

export const endpointOptionNames: readonly (keyof EndpointOptions)[] = [
  'path',
  'healthPath',
  'readinessPath',
  'metricsPath',
  'graphiql',
];

/** Members that are no EndpointOptions are the caller's. @throws OptionError */
export function resolveEndpointOptions(options: EndpointOptions, development: boolean): ResolvedEndpointOptions {
  const { path = '/graphql', healthPath = '/health', readinessPath = '/ready', metricsPath, graphiql } = options;
  if (graphiql !== undefined && typeof graphiql !== 'boolean') {
    throw new OptionError('graphiql', `Option "graphiql" must be true or false; it is ${describe(graphiql)}.`);
  }
  const paths = { path, healthPath, readinessPath, metricsPath };
  const taken = new Map<string, string>();
  for (const [name, value] of Object.entries(paths)) {
    if (name !== 'path' && (value === false || value === undefined)) continue;
    if (typeof value !== 'string' || !value.startsWith('/') || /[?#]/.test(value)) {
      throw new OptionError(
        name,
        `Option "${name}" must begin with "/" and be a path alone; it is ${describe(value)}.`,
      );
    }
    const other = taken.get(value);
    if (other !== undefined)
      throw new OptionError(name, `Option "${name}" must not be the same as "${other}": ${value}.`);
    taken.set(value, name);
  }
  return {
    path,
    healthPath: healthPath || undefined,
    readinessPath: readinessPath || undefined,
    metricsPath: metricsPath || undefined,
    graphiql: graphiql ?? development,
  };
}
