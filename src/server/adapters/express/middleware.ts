// A server as middleware of Express: it answers at its own paths and passes everything else on. A body is read here, or taken as
// `express.json()` has left it.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { HoldfastError } from '../../../protocol/errors/holdfast-error.js';
import { refuseUnknownOptions } from '../../../protocol/options.js';
import { type EndpointOptions, endpointOptionNames, resolveEndpointOptions } from '../../http/endpoint-options.js';
import { coreOf, type Server } from '../../server.js';
import type { CloseOptions } from '../close-options.js';
import { Mounted, type UpgradeServer } from '../mounted.js';

/** A request of Express, as far as it is used. */
export interface ExpressRequest extends IncomingMessage {
  /** The whole address, wherever the middleware is mounted. */
  readonly originalUrl?: string | undefined;
  /** What a body parser has made of the body. */
  readonly body?: unknown;
}

export interface ExpressMiddleware {
  (request: ExpressRequest, response: ServerResponse, next: (error?: unknown) => void): void;
  /** Opens WebSockets at the path of the endpoint on this server; others are left to who else listens for upgrades there. */
  attach(server: UpgradeServer): void;
  /**
   * Closes WebSockets with 1001; cuts off what runs over HTTP when the grace is over, and refuses what comes later with 503.
   * Resolves when everything is released. The port is its owner's. Idempotent.
   *
   * @throws OptionError
   */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Makes middleware that answers at its own paths: those that clients see, wherever it is mounted. Put it before body parsers: what
 * they refuse never gets here, and files cannot be sent through them.
 *
 * @throws OptionError for a wrong option.
 * @example
 * ```ts
 * const graphql = createExpressMiddleware(server);
 * const app = express().use(graphql);
 * graphql.attach(app.listen(4000));
 * ```
 */
export function createExpressMiddleware(server: Server, options: EndpointOptions = {}): ExpressMiddleware {
  const core = coreOf(server);
  refuseUnknownOptions('the options of createExpressMiddleware', options, endpointOptionNames);
  const mounted = new Mounted(core, resolveEndpointOptions(options, core.options.development));
  const middleware = (request: ExpressRequest, response: ServerResponse, next: (error?: unknown) => void): void => {
    if (!mounted.serves(request.originalUrl ?? request.url ?? '')) {
      next();
    } else if (!request.readableDidRead) {
      // Some parsers leave an empty object where they have read nothing.
      mounted.answer(request, response, undefined);
    } else if (request.body !== undefined) {
      mounted.answer(request, response, request.body);
    } else {
      next(bodyUsed());
    }
  };
  return Object.assign(middleware, {
    attach: (upgrades: UpgradeServer) => mounted.attach(upgrades),
    close: (closeOptions: CloseOptions = {}) => mounted.close(closeOptions),
  });
}

function bodyUsed(): HoldfastError {
  return new HoldfastError(
    'The body of the request has been read, and nothing was left of it in "request.body". Use the middleware before what reads it.',
    { code: 'body-used', phase: 'prepare' },
  );
}
