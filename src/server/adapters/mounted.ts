// A server mounted on a framework that stands on Node's requests and responses: what the adapters for such frameworks share. It
// serves its own paths and leaves all others to the framework.

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ServerCore } from '../core.js';
import { HttpEndpoint } from '../http/endpoint.js';
import type { ResolvedEndpointOptions } from '../http/endpoint-options.js';
import { splitUrl } from '../http/read-operation.js';
import { type CloseOptions, resolveGrace } from './close-options.js';
import { carry } from './node/carry.js';
import { declineBefore, isWebSocketUpgrade, putBack } from './node/decline-upgrade.js';
import type { HttpRequest, HttpResponse } from './node/message.js';
import { notFound, refuseUpgrade, shuttingDown } from './node/refuse-upgrade.js';
import { Upgrades } from './node/upgrades.js';

/** A server of node:http, https or http2, as far as upgrades need it. */
export interface UpgradeServer {
  on(event: 'upgrade', listener: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): unknown;
  listenerCount(event: 'upgrade'): number;
  emit(event: 'connection' | 'secureConnection', socket: Duplex): boolean;
}

export class Mounted {
  readonly #path: string;
  readonly #requests: HttpEndpoint;
  readonly #webSockets: Upgrades;
  readonly #paths: ReadonlySet<string | undefined>;
  #closing: Promise<unknown> | undefined;

  constructor(core: ServerCore, options: ResolvedEndpointOptions) {
    const { path, healthPath, readinessPath, metricsPath } = options;
    this.#path = path;
    this.#paths = new Set([path, healthPath, readinessPath, metricsPath]);
    this.#requests = new HttpEndpoint(core, options);
    this.#webSockets = new Upgrades(core);
  }

  /** Whether the path of this address is one of its own. */
  serves(url: string): boolean {
    return this.#paths.has(splitUrl(url).path);
  }

  /** `parsedBody`: what the framework has made of a JSON body already. */
  answer(request: HttpRequest, response: HttpResponse, parsedBody: unknown): void {
    carry(this.#requests, request, response, parsedBody);
  }

  /** Opens WebSockets at its path. Upgrades elsewhere are left to who else listens for them, and refused where nobody does. */
  attach(server: UpgradeServer): void {
    const isAtOurPath = (request: IncomingMessage): boolean => splitUrl(request.url ?? '').path === this.#path;
    const isOursToDecline = (request: IncomingMessage): boolean =>
      isAtOurPath(request) || server.listenerCount('upgrade') === 1;
    declineBefore(server, isOursToDecline);
    server.on('upgrade', (request, socket, head) => {
      const isOurs = isAtOurPath(request);
      const isOnly = server.listenerCount('upgrade') === 1;
      if (!isWebSocketUpgrade(request)) {
        if (!isOursToDecline(request)) return;
        putBack(request, socket, head);
        server.emit('encrypted' in socket ? 'secureConnection' : 'connection', socket);
      } else if (!isOurs) {
        if (isOnly) refuseUpgrade(socket, notFound);
      } else if (this.#closing !== undefined) {
        refuseUpgrade(socket, shuttingDown);
      } else {
        this.#webSockets.accept(request, socket, head);
      }
    });
  }

  /** @throws OptionError */
  async close(options: CloseOptions): Promise<void> {
    const graceMs = resolveGrace(options);
    this.#closing ??= Promise.all([this.#webSockets.close(graceMs), this.#requests.close(graceMs)]);
    await this.#closing;
  }
}
