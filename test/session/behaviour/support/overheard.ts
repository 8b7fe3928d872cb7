// A transport that a test listens in on: how often the session heard a sign of life, so that a test moves time only after
// what it sent has arrived.

import type { Connection, ConnectionEvents, OpenContext, Transport } from '../../../../src/transport/contract.js';
import { until } from './waiting.js';

export class Overheard implements Transport {
  readonly name: string;
  readonly #inner: Transport;
  #heard = 0;
  #pongs = 0;
  #keepAlives = 0;

  constructor(inner: Transport) {
    this.name = inner.name;
    this.#inner = inner;
  }

  open(context: OpenContext, events: ConnectionEvents): Promise<Connection> {
    return this.#inner.open(context, {
      heard: () => {
        events.heard();
        this.#heard += 1;
      },
      keepAlive: () => {
        events.keepAlive();
        this.#keepAlives += 1;
      },
      pong: (payload) => {
        events.pong(payload);
        this.#pongs += 1;
      },
      control: (payload) => events.control(payload),
      goingAway: (notice) => events.goingAway(notice),
      backlog: (level) => events.backlog(level),
    });
  }

  /**
   * Does something that makes the peer send, and waits until the session has heard it. More than one message counts only on a
   * platform's WebSocket: elsewhere what arrives together is heard once.
   */
  async heardAfter(act: () => unknown, messages: number = 1): Promise<void> {
    const all = this.#heard + messages;
    await act();
    await until(() => this.#heard >= all);
  }

  /** Does something that makes the peer send a keep-alive, and waits until it has arrived. */
  async keepAliveAfter(act: () => unknown): Promise<void> {
    const before = this.#keepAlives;
    await act();
    await until(() => this.#keepAlives > before);
  }

  /** Does something that makes the session ping, and waits until the pong has arrived. */
  async pongAfter(act: () => unknown): Promise<void> {
    const before = this.#pongs;
    await act();
    await until(() => this.#pongs > before);
  }
}
