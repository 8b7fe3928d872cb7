// The virtual network: opens virtual connections to the model server, or refuses them as the server's host is told to.

import type { Subprotocol } from '../../protocol/dialects/dialect.js';
import type { Clock } from '../../transport/contract.js';
import { abortedFailure, openFailure, statusFailure, subprotocolFailure } from '../../transport/websocket/failures.js';
import type { OpenSocket, SocketOpening, SocketRequest } from '../../transport/websocket/socket.js';
import type { Dice } from './dice.js';
import { type ServerEnd, Wire, type WireObserver } from './wire.js';

/** What the server's host does with an attempt to connect. `hang`: it never answers. */
export type Admission =
  | { readonly type: 'accept'; readonly subprotocol: Subprotocol }
  | { readonly type: 'unreachable' }
  | { readonly type: 'status'; readonly status: number; readonly headers: Headers }
  | { readonly type: 'hang' };

export type Headers = Readonly<Record<string, string>>;

export interface Host {
  admit(headers: Headers): Admission;
  connect(wire: Wire, subprotocol: Subprotocol, headers: Headers): ServerEnd;
}

export interface NetworkOptions {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly observer: WireObserver;
  readonly canPing: boolean;
}

export class Network {
  /** Every connection that was ever opened. */
  readonly wires: Wire[] = [];
  /** Attempts that are neither open nor given up. */
  opening = 0;
  readonly #options: NetworkOptions;
  readonly #host: Host;

  constructor(options: NetworkOptions, host: Host) {
    this.#options = options;
    this.#host = host;
  }

  /** Connections whose session side still takes part. */
  get alive(): readonly Wire[] {
    return this.wires.filter((wire) => wire.alive);
  }

  readonly openSocket: OpenSocket = (request, opening) => {
    const { clock, dice } = this.#options;
    const { signal } = request;
    this.opening += 1;
    const over = (): void => {
      this.opening -= 1;
      cancelTimer();
      signal.removeEventListener('abort', aborted);
    };
    const aborted = (): void => {
      over();
      opening.failed(abortedFailure());
    };
    const cancelTimer = clock.setTimer(dice.between(2, 60), () => this.#decide(request, opening, over));
    signal.addEventListener('abort', aborted, { once: true });
  };

  #decide(request: SocketRequest, opening: SocketOpening, over: () => void): void {
    const { place, protocols } = request;
    const admission = this.#host.admit(request.headers);
    if (admission.type === 'hang') return;
    over();
    if (admission.type === 'unreachable') {
      opening.failed(openFailure(place, Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' })));
    } else if (admission.type === 'status') {
      opening.failed(statusFailure(place, admission.status, admission.headers, request.now()));
    } else if (!protocols.includes(admission.subprotocol)) {
      opening.failed(subprotocolFailure(admission.subprotocol, protocols));
    } else this.#accept(request, opening, admission.subprotocol);
  }

  #accept({ maxPayloadBytes, headers }: SocketRequest, opening: SocketOpening, subprotocol: Subprotocol): void {
    const wire = new Wire({ ...this.#options, id: this.wires.length + 1, maxPayloadBytes });
    this.wires.push(wire);
    const server = this.#host.connect(wire, subprotocol, headers);
    wire.attach(opening.opened(wire, subprotocol), server);
  }
}
