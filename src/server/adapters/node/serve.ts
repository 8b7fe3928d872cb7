// A server on a port of its own: HTTP, and WebSocket on the same path.
/// <reference lib="esnext.disposable" preserve="true" />

import { OptionError } from '../../../protocol/errors/option-error.js';
import { checkNumberOption, describe, refuseUnknownOptions } from '../../../protocol/options.js';
import { type EndpointOptions, endpointOptionNames, resolveEndpointOptions } from '../../http/endpoint-options.js';
import { type DrainOptions, planDrain } from '../../life.js';
import { coreOf, type Server } from '../../server.js';
import { type CloseOptions, resolveGrace } from '../close-options.js';
import { createHandler } from './handler.js';
import { openPort, type TlsOptions } from './port.js';
import { onSignal } from './signals.js';

export interface ServeOptions extends EndpointOptions {
  /** 0 to 65,535; 0 is any free port. */
  readonly port: number;
  /** The address to listen on. Default `127.0.0.1`: this machine only. */
  readonly host?: string | undefined;
  /** With a key and a certificate it is HTTPS: HTTP/2, and HTTP/1.1 for who does not know that. Default: plain HTTP/1.1. */
  readonly tls?: TlsOptions | undefined;
  /** Do not print the addresses. Default `false`. */
  readonly quiet?: boolean | undefined;
  /**
   * How SIGTERM drains the server before the process ends by it, where nobody else listens to that signal; a second one ends it
   * at once. `false`: it does what it does without us. Default `{ deadlineMs: 25_000 }`: most supervisors kill after 30 s.
   */
  readonly signals?: DrainOptions | false | undefined;
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
  /**
   * Drains the server, on all its ports, and closes this one: whoever asks meanwhile is told that it is not ready.
   *
   * @throws OptionError
   */
  drain(options?: DrainOptions): Promise<void>;
}

/**
 * Listens, and prints where. One server may serve on several ports.
 *
 * @throws OptionError for a wrong option or an invalid schema; MissingDependencyError where `graphql`, or what an option needs, is not
 * installed; ListenError where the address cannot be had.
 */
export async function serve(server: Server, options: ServeOptions): Promise<Serving> {
  const core = coreOf(server);
  const { port: wanted, host = '127.0.0.1', tls, quiet, signals = onTerm, ...endpointOptions } = checkOptions(options);
  const { path, graphiql } = resolveEndpointOptions(endpointOptions, core.options.development);
  const handler = await createHandler(server, endpointOptions);
  const port = await openPort(core, handler, { host, port: wanted, tls }).catch(async (error: unknown) => {
    await handler.close({ graceMs: 0 });
    throw error;
  });

  let closing: Promise<unknown> | undefined;
  const close = async (closeOptions: CloseOptions = {}): Promise<void> => {
    const graceMs = resolveGrace(closeOptions);
    ignoreSignal();
    // The port first: no upgrade comes after the WebSockets were told to close.
    closing ??= Promise.all([port.close(graceMs), handler.close({ graceMs })]);
    await closing;
  };
  const drain = async (drainOptions: DrainOptions = {}): Promise<void> => {
    const { deadlineMs } = planDrain('the options of drain', drainOptions);
    const endsAt = core.timers.now() + deadlineMs;
    await server.drain(drainOptions);
    await port.written(Math.max(0, endsAt - core.timers.now()));
    await close();
  };
  const ignoreSignal = signals === false ? () => {} : onSignal(() => drain(signals));

  const authority = `${host.includes(':') ? `[${host}]` : host}:${port.number}${path}`;
  const url = `${tls === undefined ? 'http' : 'https'}://${authority}`;
  const webSocketUrl = `${tls === undefined ? 'ws' : 'wss'}://${authority}`;
  if (quiet !== true) {
    console.log(`GraphQL over HTTP:      ${url}`);
    console.log(`GraphQL over WebSocket: ${webSocketUrl}`);
    if (graphiql) console.log(`GraphiQL:               ${url}`);
  }
  return {
    url,
    webSocketUrl,
    port: port.number,
    close,
    drain,
    [Symbol.asyncDispose]: () => close(),
  };
}

const onTerm: DrainOptions = { deadlineMs: 25_000 };

const ownNames = ['port', 'host', 'tls', 'quiet', 'signals'] as const satisfies readonly (keyof ServeOptions)[];

/** @throws OptionError */
function checkOptions(options: ServeOptions): ServeOptions {
  refuseUnknownOptions('the options of serve', options, [...ownNames, ...endpointOptionNames]);
  const { port, host, tls, quiet, signals } = options;
  if (!Number.isInteger(port)) throw wrong('port', 'a whole number', port);
  checkNumberOption('port', port, 0, 65_535);
  if (host !== undefined && (typeof host !== 'string' || host === '')) throw wrong('host', 'an address', host);
  if (quiet !== undefined && typeof quiet !== 'boolean') throw wrong('quiet', 'true or false', quiet);
  if (signals !== undefined && signals !== false) {
    if (typeof signals !== 'object' || signals === null)
      throw wrong('signals', 'the options of drain, or false', signals);
    planDrain('the option "signals" of serve', signals);
  }
  if (tls !== undefined) checkTls(tls);
  return options;
}

function checkTls(tls: TlsOptions): void {
  if (typeof tls !== 'object' || tls === null) throw wrong('tls', 'an object', tls);
  refuseUnknownOptions('the option "tls" of serve', tls, ['key', 'cert']);
  for (const name of ['key', 'cert'] as const) {
    const value = tls[name];
    if (typeof value !== 'string' && !(value instanceof Uint8Array)) {
      throw wrong(`tls.${name}`, 'the text of a PEM file', value);
    }
  }
}

function wrong(option: string, wanted: string, value: unknown): OptionError {
  return new OptionError(option, `Option "${option}" must be ${wanted}; it is ${describe(value)}.`);
}
