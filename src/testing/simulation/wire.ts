// One virtual connection between the session and the model server: the session's side is a Socket, the server's side sends
// and closes, and faults act on both directions.

import * as CloseCode from '../../protocol/close-codes.js';
import type { Clock } from '../../transport/contract.js';
import type { Socket, SocketEnd, SocketEvents } from '../../transport/websocket/socket.js';
import type { Dice } from './dice.js';
import { Lane, type Packet } from './lane.js';

/** What the server hears of one connection. */
export interface ServerEnd {
  text(text: string): void;
  /** The connection is over, however it ended. */
  gone(): void;
}

/** Who watches the session's side of all connections. Told before the session is, or when the session does it. */
export interface WireObserver {
  sent(wire: Wire, text: string): void;
  arrived(wire: Wire, text: string): void;
  /** No more operations can be sent on it or answered. `code`: the close code, 1006 where there was no close frame. */
  over(wire: Wire, code: number): void;
  /** The session is told how the other side ended it. */
  told(wire: Wire): void;
}

export interface WireOptions {
  readonly id: number;
  readonly clock: Clock;
  readonly dice: Dice;
  readonly observer: WireObserver;
  readonly maxPayloadBytes: number;
  /** Whether the session's side can send pings of the WebSocket protocol. */
  readonly canPing: boolean;
}

/** From a server's close frame until the session is told, at most, ms. */
export const longestClosingMs = 400;
/** While clogged, one byte counts as this many: backlogs without megabytes. */
const clogFactor = 5_000;
/** How long a closing handshake may take from the server's close frame on, ms: as a rule moments, at times long enough to meet. */
const closingMs = [20, longestClosingMs] as const;
/** The longest that packets still travel after their connection was cut, ms. */
const longestDelayMs = 8_000;

export class Wire implements Socket {
  readonly id: number;
  readonly ping: (() => void) | undefined;
  /** The operation that made the server or the size limit end it. */
  culprit: string | undefined;
  readonly #clock: Clock;
  readonly #dice: Dice;
  readonly #observer: WireObserver;
  readonly #maxPayloadBytes: number;
  /** From the session to the server, and back. */
  readonly #up: Lane;
  readonly #down: Lane;
  #events: SocketEvents | undefined;
  #server: ServerEnd | undefined;
  /** `open`; `closing`: one side sent a close frame, which the session's side knows; `ended`: nothing follows. */
  #stage: 'open' | 'closing' | 'ended' = 'open';
  #serverClosed = false;
  #vanished = false;
  #clogged = false;
  /** Since when nothing holds back what the session sends. */
  #freeSince: number;
  /** Bytes that were sent since it is clogged. */
  #piled = 0;

  constructor(options: WireOptions) {
    const { id, clock, dice, observer, maxPayloadBytes, canPing } = options;
    this.id = id;
    this.#clock = clock;
    this.#dice = dice;
    this.#observer = observer;
    this.#maxPayloadBytes = maxPayloadBytes;
    this.#freeSince = clock.now();
    const distanceMs = dice.between(1, 40);
    const latencyMs = (): number => distanceMs + dice.between(0, 10);
    this.#up = new Lane(clock, latencyMs, (packet) => this.#atServer(packet));
    this.#down = new Lane(clock, latencyMs, (packet) => this.#atSession(packet));
    if (canPing) this.ping = () => this.#push({ type: 'ping' });
  }

  attach(events: SocketEvents, server: ServerEnd): void {
    this.#events = events;
    this.#server = server;
  }

  get writable(): boolean {
    return this.alive;
  }

  /** The session may still send and hear on it. */
  get alive(): boolean {
    return this.#stage === 'open';
  }

  /** Since when the session may send what it likes; undefined while it may not. */
  get freeSince(): number | undefined {
    return this.alive && !this.#clogged ? this.#freeSince : undefined;
  }

  /** The session's side has not been told of its end. */
  get open(): boolean {
    return this.#stage !== 'ended';
  }

  get serverOpen(): boolean {
    return !this.#serverClosed;
  }

  /** At least one direction swallows everything. */
  get vanished(): boolean {
    return this.#vanished;
  }

  // The session's side.

  send(text: string): void {
    if (this.#stage !== 'open') return;
    this.#observer.sent(this, text);
    if (this.#clogged) this.#piled += text.length;
    this.#push({ type: 'text', text });
  }

  close(code: number, reason: string): void {
    if (this.#stage !== 'open') return;
    this.#observer.over(this, code);
    this.#stage = 'closing';
    this.#up.push({ type: 'close', code, reason });
  }

  terminate(): void {
    if (this.#stage === 'ended') return;
    if (this.#stage === 'open') this.#observer.over(this, CloseCode.abnormal);
    this.#stage = 'ended';
    this.#down.drop();
    this.#leaveServer();
    const end = { code: CloseCode.abnormal, reason: '', clean: false, failedByUs: false, error: undefined };
    this.#clock.setTimer(0, () => this.#events?.socketClosed(end));
  }

  pending(): number {
    return this.#piled * clogFactor;
  }

  // The server's side.

  reply(text: string, blame?: string): void {
    if (!this.#serverClosed) this.#down.push({ type: 'text', text, blame });
  }

  closeByServer(code: number, reason: string, blame?: string): void {
    if (this.#serverClosed) return;
    this.#down.push({ type: 'close', code, reason, blame });
    this.#endServer();
  }

  // Faults.

  /** The connection breaks: both sides are told soon, and what was on its way may be lost or arrive late. */
  cut(): void {
    this.#vanished = false;
    if (this.#stage !== 'ended') {
      this.#down.drop();
      this.#down.mend();
      this.#down.push({ type: 'end' });
    }
    this.#leaveServer();
  }

  /** Bytes vanish in one direction or both, and nobody is told. The server gives up by itself after a while. */
  halfOpen(direction: 'both' | 'up' | 'down', serverNoticesMs: number): void {
    this.#vanished = true;
    if (direction !== 'down') this.#up.swallow();
    if (direction !== 'up') this.#down.swallow();
    this.#clock.setTimer(serverNoticesMs, () => this.#endServer());
  }

  stall(direction: 'up' | 'down'): void {
    (direction === 'up' ? this.#up : this.#down).stall();
  }

  /** The session's kernel takes nothing more: bytes pile up in its memory. */
  clog(): void {
    this.#clogged = true;
    this.#up.stall();
  }

  release(): void {
    this.#up.release();
    this.#down.release();
    if (!this.#clogged) return;
    this.#clogged = false;
    this.#piled = 0;
    this.#freeSince = this.#clock.now();
    if (this.#stage !== 'ended') this.#events?.drained();
  }

  /** The server's process died. */
  kill(): void {
    if (this.#serverClosed) return;
    if (this.#dice.chance(0.5)) this.#down.drop();
    this.#down.push({ type: 'end' });
    this.#up.drop();
    this.#endServer();
  }

  #push(packet: Packet): void {
    if (this.#stage === 'open') this.#up.push(packet);
  }

  /** The session's side is gone: what it sent before may be lost, arrive, or arrive late. */
  #leaveServer(): void {
    const fate = this.#dice.between(1, 3);
    if (fate === 1) this.#up.drop();
    else if (fate === 2) this.#up.delay(this.#dice.between(0, longestDelayMs));
    this.#up.release();
    this.#up.push({ type: 'end' });
  }

  #atServer(packet: Packet): void {
    if (packet.type === 'close' && this.#stage === 'closing') this.#down.push(packet);
    if (this.#serverClosed) return;
    if (packet.type === 'text') this.#server?.text(packet.text);
    else if (packet.type === 'ping') this.#down.push({ type: 'pong' });
    else this.#endServer();
  }

  #endServer(): void {
    if (this.#serverClosed) return;
    this.#serverClosed = true;
    this.#server?.gone();
  }

  #atSession(packet: Packet): void {
    const events = this.#events;
    if (this.#stage === 'ended' || events === undefined) return;
    if (packet.type === 'end') this.#tell({ code: CloseCode.abnormal, clean: false });
    else if (packet.type === 'close') {
      this.culprit = packet.blame;
      if (this.#stage === 'open') this.#observer.over(this, packet.code);
      this.#stage = 'closing';
      // The closing handshake takes a moment, in which nothing can be sent any more.
      const end = { code: packet.code, reason: packet.reason };
      this.#clock.setTimer(this.#dice.between(0, this.#dice.pick(closingMs)), () => this.#tell(end));
    } else if (packet.type === 'text' && packet.text.length > this.#maxPayloadBytes) {
      this.culprit = packet.blame;
      this.#leaveServer();
      this.#tell({ code: CloseCode.tooLarge, clean: false, failedByUs: true });
    } else {
      events.heard();
      if (packet.type === 'text') {
        this.#observer.arrived(this, packet.text);
        events.text(packet.text, packet.text.length);
      } else if (packet.type === 'pong') events.pong();
    }
  }

  #tell(end: Partial<SocketEnd> & { readonly code: number }): void {
    if (this.#stage === 'ended') return;
    if (this.#stage === 'open') this.#observer.over(this, end.code);
    this.#stage = 'ended';
    this.#observer.told(this);
    this.#events?.socketClosed({ reason: '', clean: true, failedByUs: false, error: undefined, ...end });
  }
}
