// Where requests go: lines to the server, each a client of undici with one socket, for one request at a time; or a dispatcher
// of the program's own, which stays its own. undici's Pool would do the first, but opens a new connection for every request
// that is given up, and cannot take back one that waits for a connection.

import type { Client, Dispatcher } from 'undici';
import type { Connector } from './connector.js';

/** For one request, which ends it with one of the two. */
export interface Line {
  readonly dispatcher: Dispatcher;
  /** What its socket complained of first, where that is known. */
  readonly trouble?: Error | undefined;
  /** The answer is complete: the next request may have it. */
  free(): void;
  /** There will be no answer, or not all of it: what is left of it is ended. */
  drop(): void;
}

export interface Lines {
  /** Undefined where all are in use. */
  take(): Line | undefined;
  /** Resolves when every socket is closed. Idempotent. */
  destroy(): Promise<void>;
}

/** How much earlier than the server announced a socket counts as closing: more than an answer's way takes. */
const keepAliveMarginMs = 1_000;

export interface LineSettings {
  readonly ClientClass: typeof Client;
  readonly origin: string;
  readonly keepAliveMs: number;
  readonly makeConnector: () => Connector;
}

export class OwnLines implements Lines {
  readonly #settings: LineSettings;
  readonly #limit: number;
  readonly #all = new Set<OwnLine>();
  /** The one used last is the last, and the next to be used: the others may reach the end of their time. */
  readonly #idle: OwnLine[] = [];

  constructor(settings: LineSettings, limit: number) {
    this.#settings = settings;
    this.#limit = limit;
  }

  take(): Line | undefined {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#all.size >= this.#limit) return undefined;
    const line = new OwnLine(this.#settings, this);
    this.#all.add(line);
    return line;
  }

  freed(line: OwnLine): void {
    if (this.#all.has(line)) this.#idle.push(line);
  }

  dropped(line: OwnLine): void {
    this.#all.delete(line);
  }

  /** A line that nobody uses and that has no connection is not worth keeping. */
  disconnected(line: OwnLine): void {
    const at = this.#idle.indexOf(line);
    if (at === -1) return;
    this.#idle.splice(at, 1);
    line.drop();
  }

  async destroy(): Promise<void> {
    this.#idle.length = 0;
    await Promise.all([...this.#all].map((line) => line.destroy()));
  }
}

class OwnLine implements Line {
  readonly dispatcher: Client;
  readonly #connector: Connector;
  readonly #lines: OwnLines;

  constructor({ ClientClass, origin, keepAliveMs, makeConnector }: LineSettings, lines: OwnLines) {
    this.#lines = lines;
    this.#connector = makeConnector();
    this.dispatcher = new ClientClass(origin, {
      connect: this.#connector.connect,
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: keepAliveMs,
      keepAliveTimeoutThreshold: keepAliveMarginMs,
    });
    this.dispatcher.on('disconnect', () => lines.disconnected(this));
  }

  get trouble(): Error | undefined {
    return this.#connector.trouble;
  }

  free(): void {
    this.#lines.freed(this);
  }

  drop(): void {
    void this.destroy();
  }

  async destroy(): Promise<void> {
    this.#lines.dropped(this);
    const destroyed = this.dispatcher.destroy();
    this.#connector.destroy();
    await destroyed;
  }
}

/** Whoever made the dispatcher bounds it and closes it. */
export function injectedLines(dispatcher: Dispatcher): Lines {
  const line: Line = { dispatcher, free: () => {}, drop: () => {} };
  return { take: () => line, destroy: async () => {} };
}
