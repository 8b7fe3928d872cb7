// A server as a plugin of Fastify. Its routes read their bodies themselves, so that one set of limits holds however the server is
// reached, and answer on Node's response, with the headers that hooks of the application have set.

import { refuseUnknownOptions } from '../../../protocol/options.js';
import {
  type EndpointOptions,
  endpointOptionNames,
  type ResolvedEndpointOptions,
  resolveEndpointOptions,
} from '../../http/endpoint-options.js';
import { loadBusboy } from '../../http/uploads/busboy.js';
import { coreOf, type Server } from '../../server.js';
import { type CloseOptions, resolveGrace } from '../close-options.js';
import { Mounted, type UpgradeServer } from '../mounted.js';
import type { HttpRequest, HttpResponse } from '../node/message.js';

export interface HoldfastFastifyOptions extends EndpointOptions, CloseOptions {
  readonly server: Server;
}

/** A request of Fastify, as far as it is used. */
export interface FastifyRequest {
  readonly raw: HttpRequest;
}

/** A reply of Fastify, as far as it is used. */
export interface FastifyReply {
  readonly raw: HttpResponse;
  hijack(): unknown;
  getHeaders(): Readonly<Record<string, number | string | string[] | undefined>>;
}

/** An instance of Fastify, as far as it is used. */
export interface FastifyApp {
  readonly server: UpgradeServer;
  readonly prefix: string;
  readonly supportedMethods: string[];
  route(route: { method: string[]; url: string; handler(request: FastifyRequest, reply: FastifyReply): void }): unknown;
  hasRoute(route: { readonly method: string; readonly url: string }): boolean;
  removeAllContentTypeParsers(): void;
  addContentTypeParser(
    type: string,
    parser: (request: unknown, body: unknown, done: (error: null) => void) => void,
  ): unknown;
  addHook(name: 'preClose', hook: () => Promise<void>): unknown;
}

const methods: readonly string[] = ['GET', 'POST', 'PUT', 'DELETE', 'QUERY'];

/**
 * Mounts a server on a Fastify application: HTTP and WebSocket at `path`, and the pages for health and readiness. `app.close()`
 * closes what is open, within `graceMs`.
 *
 * Fastify's own limit for bodies does not hold here; the server's `limits.messageBytes` does. Queries by the method QUERY are
 * taken where the application knows it: `app.addHttpMethod('QUERY', { hasBody: true })`.
 *
 * @throws OptionError for a wrong option or an invalid schema; MissingDependencyError where `graphql`, or what an option needs, is not
 * installed.
 * @example
 * ```ts
 * const app = fastify();
 * await app.register(holdfastFastify, { server, path: '/graphql' });
 * await app.listen({ port: 4000 });
 * ```
 */
export async function holdfastFastify(app: FastifyApp, options: HoldfastFastifyOptions): Promise<void> {
  refuseUnknownOptions('the options of holdfastFastify', options, [...ownNames, ...endpointOptionNames]);
  const core = coreOf(options.server);
  const { graceMs } = options;
  resolveGrace({ graceMs });
  const inApp = resolveEndpointOptions(options, core.options.development);
  await core.pipeline.prepare();
  if (core.options.uploads !== undefined) await loadBusboy();
  const mounted = new Mounted(core, within(app.prefix, inApp));

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _body, done) => done(null));
  const handler = (request: FastifyRequest, reply: FastifyReply): void => {
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    mounted.answer(request.raw, reply.raw, undefined);
  };
  const { path, healthPath, readinessPath, metricsPath } = inApp;
  app.route({ method: methods.filter((one) => app.supportedMethods.includes(one)), url: path, handler });
  const asksFirst = { method: 'OPTIONS', url: app.prefix + path };
  // Where the server answers pages of other origins, unless the application does so itself.
  if (core.options.allowedOrigins.length > 0 && !app.hasRoute(asksFirst)) {
    app.route({ method: ['OPTIONS'], url: path, handler });
  }
  for (const page of [healthPath, readinessPath, metricsPath]) {
    if (page !== undefined) app.route({ method: ['GET'], url: page, handler });
  }
  mounted.attach(app.server);
  // Before the port waits for its connections to end.
  app.addHook('preClose', () => mounted.close({ graceMs }));
}

/** Those of Fastify's `register` are not ours to check. */
const ownNames: readonly string[] = ['server', 'graceMs', 'prefix', 'logLevel', 'logSerializers'];

/** The paths as clients see them. */
function within(prefix: string, options: ResolvedEndpointOptions): ResolvedEndpointOptions {
  const { path, healthPath, readinessPath, metricsPath } = options;
  const full = (page: string | undefined): string | undefined => (page === undefined ? undefined : prefix + page);
  return {
    ...options,
    path: prefix + path,
    healthPath: full(healthPath),
    readinessPath: full(readinessPath),
    metricsPath: full(metricsPath),
  };
}
