// A server as a function from the platform's Request to its Response: Fetch standard, section 5. For Hono, Deno, Bun, Workers and
// whatever else speaks it. The WebSockets are opened by the runtime, and handed over.

import * as CloseCode from '../../../protocol/close-codes.js';
import { fitCloseReason } from '../../../protocol/close-reason.js';
import { HoldfastError } from '../../../protocol/errors/holdfast-error.js';
import { refuseUnknownOptions } from '../../../protocol/options.js';
import { HttpEndpoint } from '../../http/endpoint.js';
import { type EndpointOptions, endpointOptionNames, resolveEndpointOptions } from '../../http/endpoint-options.js';
import { coreOf, type Server } from '../../server.js';
import { selectSubprotocol } from '../../websocket/accept.js';
import { Connections } from '../../websocket/connections.js';
import { screenUpgrade } from '../../websocket/screen.js';
import { type CloseOptions, resolveGrace } from '../close-options.js';
import { FetchExchange, toHeaders } from './exchange.js';
import type { FetchRequest, FetchResponse, RequestInfo, ServerWebSocket, WebSocketInfo } from './platform.js';
import { toResponse } from './response.js';
import { StandardSocket } from './standard-socket.js';

/** Answers one request. Needs no `this`. */
export interface FetchHandler {
  /** Rejects only where the request's body has been read already and `parsedBody` does not say what it was. */
  (request: FetchRequest, info?: RequestInfo): Promise<FetchResponse>;
  /**
   * Takes a WebSocket that the runtime has accepted for a client, from its first message on: call it in the same turn. A page of
   * an origin that may not is closed with 4403, one too many with 1013; a runtime that reserves codes below 3000 to itself sends
   * those 2,000 higher.
   */
  accept(socket: ServerWebSocket, info?: WebSocketInfo): void;
  /**
   * Closes the WebSockets with 1001 and cuts off what runs over HTTP when the grace is over; refuses what comes later. Resolves
   * when everything is released. Idempotent.
   *
   * @throws OptionError
   */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Makes a function that answers requests. `path` is what the function sees of a request: a framework that mounts it somewhere may
 * take that off.
 *
 * @throws OptionError for a wrong option.
 * @example
 * ```ts
 * const graphql = createFetchHandler(server);
 * new Hono().all('/graphql', (c) => graphql(c.req.raw));   // or: export default { fetch: graphql }
 *
 * Deno.serve((request, { remoteAddr: { hostname } }) => {
 *   if (request.headers.get('upgrade') !== 'websocket') return graphql(request, { remoteAddress: hostname });
 *   const protocol = chooseSubprotocol(request.headers.get('sec-websocket-protocol'));
 *   const { socket, response } = Deno.upgradeWebSocket(request, { protocol });
 *   graphql.accept(socket, { headers: request.headers, protocol, remoteAddress: hostname });
 *   return response;
 * });
 * ```
 */
export function createFetchHandler(server: Server, options: EndpointOptions = {}): FetchHandler {
  const core = coreOf(server);
  refuseUnknownOptions('the options of createFetchHandler', options, endpointOptionNames);
  const endpoint = new HttpEndpoint(core, resolveEndpointOptions(options, core.options.development));
  const connections = new Connections(core);
  let closing: Promise<unknown> | undefined;

  const handle = async (request: FetchRequest, info: RequestInfo = {}): Promise<Response> => {
    if (request.bodyUsed && info.parsedBody === undefined) throw bodyUsed();
    const exchange = new FetchExchange(request, info);
    return toResponse(await endpoint.respond(exchange), exchange);
  };

  const accept = (ws: ServerWebSocket, info: WebSocketInfo = {}): void => {
    const { protocol = ws.protocol, remoteAddress } = info;
    const headers = toHeaders(info.headers ?? {});
    const socket = new StandardSocket(ws, {
      timers: core.timers,
      messageBytes: core.options.limits.messageBytes,
    });
    if (closing !== undefined) {
      socket.close(CloseCode.goingAway, 'The server is shutting down');
      return;
    }
    const screened = screenUpgrade(core, headers);
    if (screened.type === 'refused') {
      const { status, body } = screened.response;
      socket.close(status === 403 ? CloseCode.forbidden : CloseCode.tryAgainLater, fitCloseReason(body.trimEnd()));
      return;
    }
    const { leave } = screened;
    socket.listen(connections.accept(socket, { subprotocol: protocol, headers, remoteAddress, leave }));
  };

  const close = async (closeOptions: CloseOptions = {}): Promise<void> => {
    const graceMs = resolveGrace(closeOptions);
    closing ??= Promise.all([connections.close(graceMs), endpoint.close(graceMs)]);
    await closing;
  };

  return Object.assign(handle, { accept, close });
}

/**
 * Which of the subprotocols that a client offers in `Sec-WebSocket-Protocol` its WebSocket should have; undefined for none.
 */
export function chooseSubprotocol(offered: string | null | undefined): string | undefined {
  return selectSubprotocol((offered ?? '').split(',').map((one) => one.trim()));
}

function bodyUsed(): HoldfastError {
  return new HoldfastError(
    'The body of the request has been read already. Call the handler before that, or give it what was read: handler(request, { parsedBody }).',
    { code: 'body-used', phase: 'prepare' },
  );
}
