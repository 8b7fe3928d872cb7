// A server as the listeners of somebody else's port: those of node:http, https and http2 (its compatibility API), and the
// upgrade to WebSocket.

import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { refuseUnknownOptions } from '../../../protocol/options.js';
import { HttpEndpoint } from '../../http/endpoint.js';
import { type EndpointOptions, endpointOptionNames, resolveEndpointOptions } from '../../http/endpoint-options.js';
import { splitUrl } from '../../http/read-operation.js';
import { loadBusboy } from '../../http/uploads/busboy.js';
import { coreOf, type Server } from '../../server.js';
import { type CloseOptions, resolveGrace } from '../close-options.js';
import { carry } from './carry.js';
import { isWebSocketUpgrade, putBack } from './decline-upgrade.js';
import type { HttpRequest, HttpResponse } from './message.js';
import { notFound, refuseUpgrade, shuttingDown } from './refuse-upgrade.js';
import { Upgrades } from './upgrades.js';

export interface HandlerOptions extends EndpointOptions {}

/** The listeners of one endpoint. They need no `this`, and never throw. */
export interface Handler {
  /** For the event `request` of a server of `node:http`, `node:https` or `node:http2`. */
  readonly request: (request: HttpRequest, response: HttpResponse) => void;
  /** For the event `upgrade`: WebSocket, over HTTP/1.1; a request that asks for something else is answered as it is. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /**
   * Refuses WebSockets and closes those there are with 1001; cuts off what runs over HTTP when the grace is over, and refuses
   * what comes later with 503. Resolves when everything is released. The port is its owner's: close that first. Idempotent.
   */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Makes the listeners that mount a server on a port of your own.
 *
 * @throws OptionError for a wrong option or an invalid schema; MissingDependencyError where `graphql`, or what an option needs, is not
 * installed.
 * @example
 * ```ts
 * const handler = await createHandler(server);
 * const http = createSecureServer({ key, cert, allowHTTP1: true }, handler.request);   // node:http2
 * http.on('upgrade', handler.upgrade).listen(443);
 * ```
 */
export async function createHandler(server: Server, options: HandlerOptions = {}): Promise<Handler> {
  const core = coreOf(server);
  refuseUnknownOptions('the options of createHandler', options, endpointOptionNames);
  const endpointOptions = resolveEndpointOptions(options, core.options.development);
  await core.pipeline.prepare();
  if (core.options.uploads !== undefined) await loadBusboy();

  const webSockets = new Upgrades(core);
  const requests = new HttpEndpoint(core, endpointOptions);
  const answer = (request: HttpRequest, response: HttpResponse): void => carry(requests, request, response);
  // It listens nowhere: it reads the requests that were put back.
  const reader = createServer(answer);
  let closing: Promise<unknown> | undefined;
  return {
    request: answer,
    upgrade(request, socket, head) {
      if (!isWebSocketUpgrade(request)) {
        putBack(request, socket, head);
        reader.emit('connection', socket);
      } else if (closing !== undefined) refuseUpgrade(socket, shuttingDown);
      else if (splitUrl(request.url ?? '').path !== endpointOptions.path) refuseUpgrade(socket, notFound);
      else webSockets.accept(request, socket, head);
    },
    async close(closeOptions = {}) {
      const graceMs = resolveGrace(closeOptions);
      closing ??= Promise.all([webSockets.close(graceMs), requests.close(graceMs)]);
      await closing;
    },
  };
}
