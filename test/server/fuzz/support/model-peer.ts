// A client on a fake socket that knows what its server may do: it holds every message that it is sent against what it has asked
// for and not stopped, and every end of its connection against what it has just done.

import { maxCloseReasonBytes } from '../../../../src/protocol/close-reason.js';
import type { SocketEvents } from '../../../../src/server/websocket/socket.js';
import type { Frame } from '../../support/client.js';
import { FakeSocket } from '../../support/fake-socket.js';
import { type Dialect, starts, stops } from '../../websocket/support/peer.js';
import type { Asked, Kind, World } from './world.js';

const ownCodes = [1000, 1003, 1011, 1012, 1013, 4400, 4401, 4403, 4408, 4409, 4429, 4500];

interface Operation {
  readonly asked: Asked;
  readonly id: string;
  readonly values: number[];
  /** Messages that carried a result. */
  results: number;
  isStopping: boolean;
  /** `stopped` by this client, or what the server said last. */
  end: 'stopped' | 'complete' | 'error' | undefined;
}

class WatchedSocket extends FakeSocket {
  readonly #sent: (frame: Frame) => void;
  readonly #fault: (what: string) => void;
  isGone = false;

  constructor(sent: (frame: Frame) => void, fault: (what: string) => void) {
    super();
    this.#sent = sent;
    this.#fault = fault;
  }

  get isOver(): boolean {
    return this.isGone || this.closes.length > 0 || this.terminated > 0;
  }

  override send(text: string): void {
    if (this.isOver) this.#fault(`was sent ${text} after its end`);
    super.send(text);
    this.#sent(this.frames.at(-1) as Frame);
  }

  override ping(): void {
    if (this.isOver) this.#fault('was sent a ping frame after its end');
    super.ping();
  }

  override close(code: number, reason: string): void {
    if (this.isOver) this.#fault(`was closed with ${code} after its end`);
    if (!ownCodes.includes(code)) this.#fault(`was closed with ${code}`);
    if (Buffer.byteLength(reason) > maxCloseReasonBytes) this.#fault(`was closed with a long reason: ${reason}`);
    super.close(code, reason);
  }
}

export class ModelPeer {
  readonly socket: WatchedSocket;
  readonly isStrict: boolean;
  /** All that was ever asked for. */
  readonly operations: Operation[] = [];
  #events: SocketEvents | undefined;
  readonly #dialect: Dialect;
  readonly #world: World;
  readonly #name: string;
  readonly #active = new Map<string, Operation>();
  #said: 'nothing' | 'init' = 'nothing';
  #acks = 0;

  constructor(dialect: Dialect, world: World, name: string) {
    this.#dialect = dialect;
    this.isStrict = dialect === 'graphql-transport-ws';
    this.#world = world;
    this.#name = name;
    this.socket = new WatchedSocket(
      (frame) => this.#received(frame),
      (what) => this.#fault(what),
    );
  }

  opened(events: SocketEvents): void {
    this.#events = events;
  }

  get events(): SocketEvents {
    if (this.#events === undefined) throw new Error('It is not open yet.');
    return this.#events;
  }

  get isAccepted(): boolean {
    return this.#acks > 0;
  }

  get isLive(): boolean {
    return this.isAccepted && !this.socket.isOver;
  }

  /** Whether the protocol lets it. */
  get mayInit(): boolean {
    return !this.isStrict || this.#said === 'nothing';
  }

  mayStart(id: string): boolean {
    return this.isStrict ? this.isAccepted && !this.#active.has(id) : this.#said === 'init';
  }

  // What it says. `may`: codes with which the server may close at once besides; undefined where it must, with another code.

  init(payload: unknown, may: readonly number[]): void {
    const isSecond = this.#said === 'init';
    this.#said = 'init';
    const acks = this.#acks;
    const text = JSON.stringify({ type: 'connection_init', payload });
    if (isSecond && this.isStrict) this.#say(text, [4429], true);
    else this.#say(text, isSecond ? [] : may);
    if (isSecond && !this.isStrict && acks > 0 && !this.socket.isOver && this.#acks !== acks + 1)
      this.#fault('did not get the ack again');
  }

  start(id: string, kind: Kind, may: readonly number[]): void {
    if (this.socket.isGone) return;
    const operation: Operation = {
      asked: this.#world.ask(kind, () => this.#reasonNotToBegin(operation)),
      id,
      values: [],
      results: 0,
      isStopping: false,
      end: undefined,
    };
    const text = JSON.stringify({ type: starts[this.#dialect], id, payload: operation.asked.payload });
    const isHeld = this.#said === 'init' && !this.isStrict;
    if (!this.isAccepted && !isHeld) {
      operation.end = 'stopped';
      this.#say(text, [4401], true);
      return;
    }
    const active = this.#active.get(id);
    if (active !== undefined && this.isStrict) {
      operation.end = 'stopped';
      this.#say(text, [4409], true);
      return;
    }
    if (this.socket.isOver) operation.end = 'stopped';
    else {
      if (active !== undefined) active.end = 'stopped';
      this.operations.push(operation);
      this.#active.set(id, operation);
    }
    this.#say(text, may);
  }

  stop(id: string, may: readonly number[]): void {
    const operation = this.#active.get(id);
    if (operation !== undefined) {
      // Only the legacy protocol answers this.
      if (this.isStrict || this.socket.isOver) this.#end(operation, 'stopped');
      else operation.isStopping = true;
    }
    this.#say(JSON.stringify({ type: stops[this.#dialect], id }), may);
    if (operation?.isStopping === true && !this.socket.isOver) this.#fault(`was not told that ${id} was stopped`);
  }

  ping(payload: unknown, may: readonly number[]): void {
    this.#say(JSON.stringify({ type: 'ping', payload }), may);
  }

  pong(): void {
    this.#say(JSON.stringify({ type: 'pong' }), []);
  }

  /** A ping or pong frame. */
  heard(): void {
    if (!this.socket.isGone) this.events.heard();
  }

  /** It has read everything. */
  flush(): void {
    this.socket.backlog = 0;
    if (!this.socket.isGone) this.events.flushed();
  }

  garbage(text: string): void {
    this.#say(text, this.isStrict ? [4400] : [], this.isStrict);
  }

  /** A word of the legacy protocol. */
  terminate(): void {
    const text = JSON.stringify({ type: 'connection_terminate' });
    this.#say(text, [this.isStrict ? 4400 : 1000], true);
  }

  binary(): void {
    this.#say(undefined, [this.isStrict ? 4400 : 1003], true);
  }

  /** The last thing that happens to it. */
  gone(code: number): void {
    if (this.socket.isGone) return;
    this.socket.isGone = true;
    this.events.closed(code, '', undefined);
  }

  /** The library below closes. */
  failed(): void {
    if (this.socket.isGone) return;
    this.socket.isGone = true;
    this.events.failed(new Error('A bad frame'), 1002);
    this.events.closed(1002, '', undefined);
  }

  #say(text: string | undefined, may: readonly number[], must: boolean = false): void {
    if (this.socket.isGone) return;
    const wasOver = this.socket.isOver;
    if (text === undefined) this.events.binary();
    else this.events.message(text);
    const code = wasOver ? undefined : this.socket.closes.at(-1)?.code;
    if (code !== undefined && !may.includes(code)) this.#fault(`was closed with ${code} for ${text}`);
    if (must && !wasOver && code === undefined) this.#fault(`was not closed for ${text}`);
    for (const operation of this.socket.isOver ? this.#active.values() : []) operation.end ??= 'stopped';
  }

  // What it hears.

  #received(frame: Frame): void {
    if (frame.type === 'connection_ack') this.#acks += 1;
    if (this.isStrict && this.#acks > 1) this.#fault('got a second ack');
    const { id } = frame;
    if (id === undefined) return;
    const operation = this.#active.get(id);
    if (operation === undefined) {
      this.#fault(`was sent ${JSON.stringify(frame)} for what it had stopped or never asked for`);
      return;
    }
    if (operation.isStopping && frame.type !== 'complete')
      this.#fault(`was sent ${frame.type} for what it had stopped`);
    if (frame.type === 'complete' || frame.type === 'error') this.#end(operation, frame.type);
    else this.#result(operation, frame);
  }

  #result(operation: Operation, { payload }: Frame): void {
    operation.results += 1;
    const { data } = payload as { readonly data?: Readonly<Record<string, number | null>> | null };
    for (const value of Object.values(data ?? {})) {
      if (value === null) continue;
      operation.values.push(value);
      if (Math.floor(value / 1_000) !== operation.asked.tag)
        this.#fault(`was sent ${value} for ${operation.asked.tag}`);
    }
  }

  #end(operation: Operation, end: 'stopped' | 'complete' | 'error'): void {
    operation.end = operation.isStopping ? 'stopped' : end;
    operation.isStopping = false;
    this.#active.delete(operation.id);
  }

  #reasonNotToBegin(operation: Operation): string | undefined {
    if (!this.isAccepted) return 'before its connection was accepted';
    if (this.socket.isOver) return 'after its connection had ended';
    return operation.end === undefined ? undefined : `after it was over: ${operation.end}`;
  }

  #fault(what: string): void {
    this.#world.faults.push(`${this.#name} ${what}`);
  }
}
