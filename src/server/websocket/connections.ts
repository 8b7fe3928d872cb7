// The connections of one endpoint: makes them of open sockets, and ends them all, at once or little by little. The GraphQL over
// WebSocket protocol has no word for "going away" but the close code; Holdfast's own clients are told before.

import * as CloseCode from '../../protocol/close-codes.js';
import { serverDialect, transportWsServer } from '../../protocol/dialects/index.js';
import type { ServerCore } from '../core.js';
import type { RequestHeaders } from '../hook-types.js';
import type { Drainable, DrainPlan } from '../life.js';
import { Connection, type ConnectionOwner } from './connection.js';
import type { Socket, SocketEvents } from './socket.js';

/** What an adapter knows about the peer of a socket that has just been opened. */
export interface Peer {
  /** What the opening handshake negotiated. */
  readonly subprotocol: string | undefined;
  /** The headers of the upgrade request, names in lower case. */
  readonly headers: RequestHeaders;
  readonly remoteAddress: string | undefined;
  /** Gives back the place that the upgrade took. Without it a place is taken now, and without one the socket is closed. */
  readonly leave?: (() => void) | undefined;
}

const shuttingDown = 'The server is shutting down';

/** How long before its close a connection is told of it, ms: Holdfast's own clients move meanwhile. */
const noticeMs = 1_000;

/** How long after the deadline of a drain a closing handshake may take, ms. */
const closeGraceMs = 1_000;

/** Waits until nothing is left of these. */
interface Wait {
  readonly left: Set<Connection>;
  readonly over: () => void;
}

export class Connections implements Drainable, ConnectionOwner {
  readonly #core: ServerCore;
  /** Each with what gives back its place. */
  readonly #all = new Map<Connection, (() => void) | undefined>();
  readonly #waits = new Set<Wait>();
  readonly #part: () => void;

  constructor(core: ServerCore) {
    this.#core = core;
    this.#part = core.life.join(this);
  }

  accept(socket: Socket, { subprotocol, headers, remoteAddress, leave }: Peer): SocketEvents {
    const dialect = serverDialect(subprotocol ?? '');
    const place = leave ?? this.#core.admission.enter();
    const stranger = { headers, remoteAddress, connection: {} };
    const connection = new Connection(this.#core, dialect ?? transportWsServer, socket, stranger, this);
    this.#all.set(connection, place);
    if (!this.#core.life.isReady) connection.close(CloseCode.serviceRestart, shuttingDown);
    else if (place === undefined) this.#turnAway(connection);
    else if (dialect === undefined) connection.close(CloseCode.subprotocolNotAcceptable, 'Subprotocol not acceptable');
    else connection.open();
    return connection;
  }

  /** Closes every connection; after `graceMs` those whose peer did not answer are terminated. */
  async close(graceMs: number): Promise<void> {
    this.#part();
    for (const connection of this.#all.keys()) connection.close(CloseCode.goingAway, shuttingDown);
    await this.#allReleased(graceMs);
  }

  /**
   * Each connection has its turn, evenly spread over the time of the plan; its client is told a little before. At its turn it is
   * closed as soon as no query or mutation runs, and at the deadline in any case.
   */
  async drain({ deadlineMs, spreadMs }: DrainPlan): Promise<void> {
    const { timers } = this.#core;
    const startedAt = timers.now();
    const leftMs = (): number => Math.max(0, Math.round(startedAt + deadlineMs - timers.now()));
    const leadMs = Math.min(noticeMs, spreadMs / 2);
    const connections = [...this.#all.keys()];
    const cancelNotices = this.#inTurn(connections, spreadMs - leadMs, (connection) =>
      connection.announceEnd(shuttingDown, leftMs()),
    );
    let cancelTurns = (): void => {};
    const cancelLead = timers.set(leadMs, () => {
      cancelTurns = this.#inTurn(connections, spreadMs - leadMs, (connection) =>
        connection.closeWhenIdle(CloseCode.serviceRestart, shuttingDown),
      );
    });
    const cancelDeadline = timers.set(deadlineMs, () => {
      for (const connection of connections) connection.close(CloseCode.serviceRestart, shuttingDown);
    });
    await this.#allReleased(deadlineMs + closeGraceMs);
    for (const cancel of [cancelNotices, cancelLead, cancelTurns, cancelDeadline]) cancel();
  }

  /** Calls back for one after the other, the first at once, evenly spread over `spreadMs`. */
  #inTurn(connections: readonly Connection[], spreadMs: number, turn: (connection: Connection) => void): () => void {
    const { timers } = this.#core;
    const startedAt = timers.now();
    const waitMs = spreadMs / Math.max(1, connections.length);
    let next = 0;
    let cancel = (): void => {};
    const go = (): void => {
      for (; next < connections.length && timers.now() >= startedAt + next * waitMs; next += 1) {
        turn(connections[next] as Connection);
      }
      if (next < connections.length) cancel = timers.set(startedAt + next * waitMs - timers.now(), go);
    };
    go();
    return () => cancel();
  }

  ended(connection: Connection): void {
    this.#all.get(connection)?.();
  }

  released(connection: Connection): void {
    this.#all.delete(connection);
    for (const { left, over } of this.#waits) if (left.delete(connection) && left.size === 0) over();
  }

  /** Settles when nothing is left of those there are now; after `graceMs` what is left of their sockets is ended. */
  async #allReleased(graceMs: number): Promise<void> {
    const left = new Set(this.#all.keys());
    if (left.size === 0) return;
    const cancel = this.#core.timers.set(graceMs, () => {
      for (const connection of left) connection.terminate();
    });
    let wait: Wait | undefined;
    await new Promise<void>((over) => {
      wait = { left, over };
      this.#waits.add(wait);
    });
    if (wait !== undefined) this.#waits.delete(wait);
    cancel();
  }

  #turnAway(connection: Connection): void {
    const { connections } = this.#core.options.limits;
    this.#core.telemetry.limited('limits.connections');
    connection.close(
      CloseCode.tryAgainLater,
      `The server has ${connections} connections, its option "limits.connections"`,
    );
  }
}
