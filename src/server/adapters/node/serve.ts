// A server on a port of its own: HTTP, and WebSocket on the same path.
/// <reference lib="esnext.disposable" preserve="true" />

import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OptionError } from '../../../protocol/errors/option-error.js';
import { checkNumberOption, describe, refuseUnknownOptions } from '../../../protocol/options.js';
import type { ServerCore } from '../../core.js';
import { ListenError } from '../../listen-error.js';
import { coreOf, type Server } from '../../server.js';
import { type CloseOptions, createHandler, type HandlerOptions, resolveGrace } from './handler.js';

export interface ServeOptions extends HandlerOptions {
  /** 0 to 65,535; 0 is any free port. */
  readonly port: number;
  /** The address to listen on. Default `127.0.0.1`: this machine only. */
  readonly host?: string | undefined;
}

/** A server that listens. It keeps the process alive until it is closed, and nothing of it does afterwards. */
export interface Serving extends AsyncDisposable {
  readonly url: string;
  readonly webSocketUrl: string;
  readonly port: number;
  /**
   * Accepts nothing more, closes WebSockets with 1001, cuts streams over HTTP off when the grace is over, and resolves when
   * everything is released. Idempotent.
   */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Listens. One server may serve on several ports.
 *
 * @throws OptionError for a wrong option or an invalid schema; MissingDependencyError where `graphql` is not installed;
 * ListenError where the address cannot be had.
 */
export async function serve(server: Server, options: ServeOptions): Promise<Serving> {
  const core = coreOf(server);
  const { port, host, path } = resolveServeOptions(options);
  const handler = await createHandler(server, { path });
  const http = createHttpServer(handler.request);
  http.on('upgrade', handler.upgrade);
  const address = await listen(core, http, host, port);

  let closing: Promise<void> | undefined;
  const closeAll = async (graceMs: number): Promise<void> => {
    const released = new Promise((resolve) => http.close(resolve));
    http.closeIdleConnections();
    const cancel = core.timers.set(graceMs, () => http.closeAllConnections());
    await Promise.all([handler.close({ graceMs }), released]);
    cancel();
  };
  const close = async (closeOptions: CloseOptions = {}): Promise<void> => {
    const graceMs = resolveGrace(closeOptions);
    closing ??= closeAll(graceMs);
    await closing;
  };
  const authority = `${host.includes(':') ? `[${host}]` : host}:${address.port}${path}`;
  return {
    url: `http://${authority}`,
    webSocketUrl: `ws://${authority}`,
    port: address.port,
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

function resolveServeOptions(
  options: ServeOptions,
): Required<{ [K in keyof ServeOptions]: NonNullable<ServeOptions[K]> }> {
  refuseUnknownOptions('the options of serve', options, ['port', 'host', 'path']);
  const { port, host = '127.0.0.1', path = '/graphql' } = options;
  if (!Number.isInteger(port))
    throw new OptionError('port', `Option "port" must be a whole number; it is ${describe(port)}.`);
  checkNumberOption('port', port, 0, 65_535);
  if (typeof host !== 'string' || host === '') {
    throw new OptionError('host', `Option "host" must be an address; it is ${describe(host)}.`);
  }
  return { port, host, path };
}

function listen(core: ServerCore, http: HttpServer, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const refused = (error: Error): void => reject(new ListenError(host, port, error));
    http.once('error', refused);
    http.listen(port, host, () => {
      http.off('error', refused);
      http.on('error', (error) => core.report(error, 'http'));
      resolve(http.address() as AddressInfo);
    });
  });
}
