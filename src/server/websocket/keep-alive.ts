// Signs of life of one accepted connection, in both directions. Ours: a message of the dialect after an interval in which
// nothing was sent. The peer's: after an interval in which nothing was heard it is asked, by a ping frame where the runtime has
// them, because every WebSocket library answers those; silence for one more interval is death.

import type { ServerDialect } from '../../protocol/dialects/dialect.js';
import { HoldfastError } from '../../protocol/errors/holdfast-error.js';
import type { ServerCore } from '../core.js';
import { keysWithdrawn } from './control.js';
import type { Flow } from './flow.js';
import type { Socket } from './socket.js';

export interface KeepAliveOwner {
  readonly dialect: ServerDialect;
  /** Ends a connection whose peer is dead. */
  terminate(error: PeerSilentError): void;
}

/** The peer of a WebSocket showed no sign of life in time, also when asked for one. Handed to `onDisconnect`. */
export class PeerSilentError extends HoldfastError {
  override readonly name: string = 'PeerSilentError';

  constructor(silentMs: number) {
    super(
      `The peer was silent for ${silentMs} ms, also when asked for a sign of life: its machine or the network between has gone.`,
      { code: 'peer-silent', phase: 'connection' },
    );
  }
}

export class KeepAlive {
  readonly #core: Pick<ServerCore, 'options' | 'timers'>;
  readonly #socket: Pick<Socket, 'ping'>;
  readonly #flow: Pick<Flow, 'write' | 'isDeaf'>;
  readonly #owner: KeepAliveOwner;
  /** Whether the peer answers a sign of ours by one of its own. */
  readonly #hasPong: boolean;
  #cancel: (() => void) | undefined;
  #heardAt = 0;
  #sentAt = 0;
  #signedAt = 0;
  #probedAt: number | undefined;
  #withdrewKeys = false;

  constructor(
    core: Pick<ServerCore, 'options' | 'timers'>,
    socket: Pick<Socket, 'ping'>,
    flow: Pick<Flow, 'write' | 'isDeaf'>,
    owner: KeepAliveOwner,
  ) {
    this.#core = core;
    this.#socket = socket;
    this.#flow = flow;
    this.#owner = owner;
    this.#hasPong = owner.dialect.pong(undefined) !== undefined;
  }

  /** The connection was accepted. The legacy protocol begins with a sign. */
  start(): void {
    const now = this.#core.timers.now();
    if (!this.#hasPong) this.#sign(now);
    this.#heardAt = now;
    this.#sentAt = now;
    this.#signedAt = now;
    this.#wait(now);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Anything came from the peer, or it cannot be expected to say anything. */
  heard(now: number): void {
    this.#heardAt = now;
    this.#probedAt = undefined;
  }

  /** Data was sent. */
  sent(): void {
    this.#sentAt = this.#core.timers.now();
  }

  readonly #tick = (): void => {
    const now = this.#core.timers.now();
    // Where nothing asks it, or we do not read, its silence says nothing.
    if (!this.#canAsk || this.#flow.isDeaf) this.heard(now);
    if (this.#probedAt !== undefined && now >= this.#probedAt + this.#intervalMs) {
      this.stop();
      this.#owner.terminate(new PeerSilentError(Math.round(now - this.#heardAt)));
      return;
    }
    if (this.#probedAt === undefined && now >= this.#heardAt + this.#intervalMs) this.#probe(now);
    if (now >= this.#signDue() || this.#hasNews) this.#sign(now);
    if (this.#cancel !== undefined) this.#wait(now);
  };

  get #intervalMs(): number {
    return this.#core.options.keepAliveMs;
  }

  get #canAsk(): boolean {
    return this.#hasPong || this.#socket.ping !== undefined;
  }

  #probe(now: number): void {
    this.#probedAt = now;
    if (this.#socket.ping !== undefined) this.#socket.ping();
    else this.#sign(now);
  }

  /** Whether the client has to be told, once, to make no more keys: it was told of them when it was accepted. */
  get #hasNews(): boolean {
    return this.#core.options.idempotency?.hasRoom === false && !this.#withdrewKeys;
  }

  #sign(now: number): void {
    const news = this.#hasNews ? keysWithdrawn : undefined;
    if (news !== undefined) this.#withdrewKeys = true;
    this.#signedAt = now;
    this.#flow.write(this.#owner.dialect.ping(news));
  }

  /** One timer, armed for whatever is due first; traffic moves what is due and leaves the timer alone. */
  #wait(now: number): void {
    const peerDue = (this.#probedAt ?? this.#heardAt) + this.#intervalMs;
    this.#cancel = this.#core.timers.set(Math.max(1, Math.min(peerDue, this.#signDue()) - now), this.#tick);
  }

  /**
   * In the legacy protocol at least every second interval, even while data flows: its classic client counts nothing but `ka`
   * and gives up after 30 s without one.
   */
  #signDue(): number {
    const due = Math.max(this.#sentAt, this.#signedAt) + this.#intervalMs;
    return this.#hasPong ? due : Math.min(due, this.#signedAt + 2 * this.#intervalMs);
  }
}
