// Makes the sockets of one line, within a bounded time: direct, through a proxy or to a unix socket, with TLS where the address
// says so. undici leaves behind what is still connecting when a client is destroyed; here nothing is.

import { once } from 'node:events';
import { isIP, connect as netConnect, type Socket } from 'node:net';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import type { Clock } from '../contract.js';
import { openTunnel } from '../http/tunnel.js';
import type { SocketOptions } from './options.js';

type Connected = (...outcome: [null, Socket] | [Error, null]) => void;

/** A probe of the kernel's, so that a peer that vanished does not hold a stream's socket for ever. */
const probeAfterMs = 60_000;
const readBytes = { highWaterMark: 64 * 1_024 };

/** What the connectors of one client have in common. */
export interface ConnectorSettings {
  readonly address: URL;
  readonly options: SocketOptions;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Of the last connection, so that the next one needs no whole handshake. RFC 8446, section 2.2. */
  readonly tlsSession: { latest: Buffer | undefined };
}

export class Connector {
  readonly #settings: ConnectorSettings;
  readonly #attempts = new Set<AbortController>();
  #trouble: Error | undefined;

  constructor(settings: ConnectorSettings) {
    this.#settings = settings;
  }

  /** What the last socket complained of first. undici tells what it heard last, which may be the mere end. */
  get trouble(): Error | undefined {
    return this.#trouble;
  }

  /** For the option `connect` of undici's clients. */
  readonly connect = (_target: unknown, connected: Connected): void => {
    this.#connect().then(
      (socket) => connected(null, socket),
      (error: Error) => connected(error, null),
    );
  };

  /** Ends what is still connecting. Sockets that were handed over are undici's. */
  destroy(): void {
    for (const attempt of this.#attempts) attempt.abort(new Error('The transport was closed.'));
  }

  async #connect(): Promise<Socket> {
    const { clock, timeoutMs } = this.#settings;
    const attempt = new AbortController();
    const { signal } = attempt;
    this.#attempts.add(attempt);
    const cancelTimer = clock.setTimer(timeoutMs, () => attempt.abort(timedOut(timeoutMs)));
    try {
      return await this.#open(signal);
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      cancelTimer();
      this.#attempts.delete(attempt);
    }
  }

  async #open(signal: AbortSignal): Promise<Socket> {
    const { address, options } = this.#settings;
    const { proxy, socketPath } = options;
    const { protocol, hostname } = address;
    const secure = protocol === 'https:';
    const host = hostname.replace(/^\[|\]$/g, '');
    const port = Number(address.port) || (secure ? 443 : 80);
    const target = socketPath === undefined ? { host, port } : { path: socketPath, host };
    const tunnel =
      proxy === undefined ? undefined : this.#prepare(await openTunnel(proxy, `${hostname}:${port}`, signal));
    if (tunnel !== undefined && !secure) return tunnel;
    const socket = this.#prepare(
      secure ? this.#secure({ ...target, socket: tunnel }) : netConnect({ ...readBytes, ...target }),
    );
    try {
      await once(socket, secure ? 'secureConnect' : 'connect', { signal });
      return socket;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  #secure(target: { host: string; port?: number; path?: string; socket: Socket | undefined }): TLSSocket {
    const { secureContext, rejectUnauthorized, servername } = this.#settings.options.tls;
    const { tlsSession } = this.#settings;
    const { socket, ...direct } = target;
    const secured = tlsConnect({
      ...direct,
      ...(socket === undefined ? undefined : { socket }),
      ...(secureContext === undefined ? undefined : { secureContext }),
      ...(tlsSession.latest === undefined ? undefined : { session: tlsSession.latest }),
      rejectUnauthorized,
      // An address may not be asked for by name (RFC 6066, section 3); it is verified all the same.
      servername: servername ?? (isIP(target.host) === 0 ? target.host : ''),
      ALPNProtocols: ['http/1.1'],
    });
    secured.on('session', (session) => {
      tlsSession.latest = session;
    });
    return secured;
  }

  #prepare<S extends Socket>(socket: S): S {
    this.#trouble = undefined;
    socket.on('error', (error) => {
      this.#trouble ??= error;
    });
    socket.setNoDelay(true).setKeepAlive(true, probeAfterMs);
    return socket;
  }
}

function timedOut(ms: number): Error {
  const error = new Error(`there was no connection within ${ms} ms (limits.openTimeoutMs)`);
  return Object.assign(error, { code: 'ETIMEDOUT', syscall: 'connect' });
}
