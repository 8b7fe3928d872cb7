// A TCP proxy between a client and a server that breaks connections on command, or by a seeded schedule: for tests of what
// a program does when its network fails. It knows bytes only, so it works for any protocol over TCP, TLS included.
/// <reference lib="esnext.disposable" preserve="true" />

import { connect, createServer, type Server, type Socket } from 'node:net';
import { checkNumberOption, refuseUnknownOptions } from '../protocol/options.js';
import { systemClock } from '../session/clock.js';
import type { Clock } from '../transport/contract.js';
import { type FaultScheduleOptions, faultSchedule } from './fault-proxy/fault-schedule.js';
import type { Weather } from './fault-proxy/lane.js';
import { type Direction, Link, reset } from './fault-proxy/link.js';
import { type FaultCommands, RunningSchedule } from './fault-proxy/running-schedule.js';
import { listen } from './listen.js';

export interface FaultProxyTarget {
  /** Default `127.0.0.1`. */
  readonly host?: string | undefined;
  readonly port: number;
}

export interface FaultProxyOptions {
  /** Where the server is. */
  readonly target: FaultProxyTarget;
  /** The address to listen on. Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** The port to listen on. Default 0: any free one. */
  readonly port?: number | undefined;
  /** The time of delays and schedules. Default: the machine's. */
  readonly clock?: Clock | undefined;
}

/**
 * Opens a fault proxy.
 *
 * @throws OptionError for a wrong option; HoldfastError (`cannot-listen`) where the port is taken.
 * @example
 * await using proxy = await faultProxy({ target: { port: 4000 } });
 * const session = await connect({ transport: webSocket(proxy.url('ws', '/graphql')) });
 * proxy.cut();
 */
export async function faultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  refuseUnknownOptions('faultProxy', options, ['target', 'host', 'port', 'clock']);
  refuseUnknownOptions('faultProxy target', options.target, ['host', 'port']);
  checkNumberOption('target.port', options.target.port, 1, 65_535);
  checkNumberOption('port', options.port, 0, 65_535);
  const { target, host = '127.0.0.1', port = 0, clock = systemClock } = options;
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  const boundPort = await listen('The fault proxy', server, host, port);
  return new FaultProxy(server, host, boundPort, target, clock);
}

/**
 * A proxy made by `faultProxy()`. `cut`, `reset` and `halfOpen` break the connections that are live; `stall`, `delay` and
 * `split` hold for these and for later ones until they are taken back; `refuse` and `shut` concern later ones alone.
 */
export class FaultProxy implements FaultCommands, AsyncDisposable {
  readonly host: string;
  /** Where it listens. */
  readonly port: number;
  readonly #server: Server;
  readonly #clock: Clock;
  readonly #links = new Set<Link>();
  readonly #schedules = new Set<RunningSchedule>();
  readonly #weather: Readonly<Record<Direction, Weather>> = {
    up: { stalled: false, delayMs: 0, splitBytes: undefined },
    down: { stalled: false, delayMs: 0, splitBytes: undefined },
  };
  #target: FaultProxyTarget;
  #refusing = false;
  #accepted = 0;
  #refused = 0;
  #closing: Promise<void> | undefined;

  /** For `faultProxy()`, which hands over a listening server. */
  constructor(server: Server, host: string, port: number, target: FaultProxyTarget, clock: Clock) {
    this.host = host;
    this.port = port;
    this.#server = server;
    this.#target = target;
    this.#clock = clock;
    server.on('connection', (client) => this.#connected(client));
  }

  /** Live connections. A half-open one counts until both sides have given it up. */
  get connections(): number {
    let live = 0;
    for (const link of this.#links) if (link.live) live += 1;
    return live;
  }

  /** Connections accepted since the start. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Connections refused since the start. */
  get refused(): number {
    return this.#refused;
  }

  /** An address through the proxy: `url('ws', '/graphql')` is `ws://127.0.0.1:<port>/graphql`. */
  url(protocol: string = 'http', path: string = '/'): string {
    return `${protocol}://${this.host.includes(':') ? `[${this.host}]` : this.host}:${this.port}${path}`;
  }

  /** Ends every live connection at once: both sides see it close. Bytes on their way are lost. */
  cut(): void {
    for (const link of this.#links) link.cut();
  }

  /** Ends every live connection with a TCP reset on both sides. */
  reset(): void {
    for (const link of this.#links) link.reset();
  }

  /** Lets everything on the live connections vanish, both ways, also ends and resets. New connections work. */
  halfOpen(): void {
    for (const link of this.#links) link.halfOpen();
  }

  /** Holds back the bytes of one direction, or of both, until `resume`. Beyond 256 KiB the sender is slowed down too. */
  stall(direction?: Direction | undefined): void {
    this.#change(direction, (weather) => {
      weather.stalled = true;
    });
  }

  /** Delivers what `stall` held back, in order, and holds back no more. */
  resume(direction?: Direction | undefined): void {
    this.#change(direction, (weather) => {
      weather.stalled = false;
    });
  }

  /** Delivers what arrives from now on `delayMs` later, in one direction or in both. 0 takes it back. */
  delay(delayMs: number, direction?: Direction | undefined): void {
    checkNumberOption('delayMs', delayMs, 0, 86_400_000);
    this.#change(direction, (weather) => {
      weather.delayMs = delayMs;
    });
  }

  /** Delivers everything in pieces of at most `bytes`, one per turn of the event loop. Undefined takes it back. */
  split(bytes: number | undefined): void {
    checkNumberOption('bytes', bytes, 1, Number.MAX_SAFE_INTEGER);
    this.#change(undefined, (weather) => {
      weather.splitBytes = bytes;
    });
  }

  /** Resets every new connection at once, until `accept`. */
  refuse(): void {
    this.#refusing = true;
  }

  /** Takes back `refuse`. */
  accept(): void {
    this.#refusing = false;
  }

  /**
   * Listens no more: new connections are refused by the operating system, as where no process is, which proves to their clients
   * that nothing was sent. Live ones stay. Until `open`.
   */
  shut(): void {
    if (this.#server.listening) this.#server.close();
  }

  /** Takes back `shut`, on the same port. Throws HoldfastError (`cannot-listen`) where somebody else has taken it meanwhile. */
  async open(): Promise<void> {
    if (this.#server.listening || this.#closing !== undefined) return;
    await listen('The fault proxy', this.#server, this.host, this.port);
  }

  /** Sends new connections to another port, for a server that came back elsewhere. Live ones stay where they are. */
  retarget(port: number, host?: string | undefined): void {
    checkNumberOption('port', port, 1, 65_535);
    this.#target = { port, host: host ?? this.#target.host };
  }

  /** Plays a random schedule of faults; the same seed and options play the same one. */
  schedule(seed: number, options: FaultScheduleOptions = {}): RunningSchedule {
    const schedule = new RunningSchedule(faultSchedule(seed, options), this, this.#clock);
    this.#schedules.add(schedule);
    void schedule.done.then(() => this.#schedules.delete(schedule));
    return schedule;
  }

  /** Resets all connections, stops schedules and listens no more. Idempotent; resolves when every socket has closed. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    for (const schedule of this.#schedules) schedule.stop();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.reset();
    await Promise.all([closed, ...[...this.#links].map((link) => link.over)]);
  }

  #connected(client: Socket): void {
    if (this.#refusing || this.#closing !== undefined) {
      this.#refused += 1;
      client.on('error', () => {});
      reset(client);
      return;
    }
    this.#accepted += 1;
    const { host = '127.0.0.1', port } = this.#target;
    const server = connect({ host, port, allowHalfOpen: true, noDelay: true });
    const link = new Link(client, server, this.#weather, this.#clock);
    this.#links.add(link);
    void link.over.then(() => this.#links.delete(link));
  }

  #change(direction: Direction | undefined, change: (weather: Weather) => void): void {
    if (direction !== 'down') change(this.#weather.up);
    if (direction !== 'up') change(this.#weather.down);
    for (const link of this.#links) link.update();
  }
}
