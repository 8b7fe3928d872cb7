// Tells whoever listens what a session does: its own listeners, and the subscribers of the diagnostics channels. Nothing is
// made where nobody listens. What a listener throws concerns nobody else.

import type { Clock } from '../transport/contract.js';
import { channels } from './channels.js';
import type { ConnectionNotice, OperationNotice, SessionEvents, SessionMark } from './notices.js';
import type { Interruption, Operation, OperationObserver } from './operation.js';
import type { SessionState } from './state.js';

export type Listener<Event extends keyof SessionEvents> = (event: SessionEvents[Event]) => void;

/** A notice without its moment. */
export type Untimed<Notice> = Notice extends unknown ? Omit<Notice, 'at' | 'operation'> : never;

let sessions = 0;

export class Notifier implements OperationObserver {
  readonly #clock: Clock;
  readonly #mark: SessionMark;
  readonly #listeners: { readonly [Event in keyof SessionEvents]: Set<Listener<Event>> } = {
    state: new Set(),
    connection: new Set(),
    operation: new Set(),
  };
  /** Told right after the turn in which they happened: a listener may call the session, which must not be in the middle of something. */
  #untold: (() => void)[] = [];
  #operations = 0;
  /** Resolves when the session is ready for the first time. */
  readonly firstReady: Promise<void>;
  #becameReady!: () => void;

  constructor(clock: Clock, transport: string) {
    sessions += 1;
    this.#clock = clock;
    this.#mark = { session: sessions, transport };
    this.firstReady = new Promise((resolve) => {
      this.#becameReady = resolve;
    });
  }

  /** The names of what can be listened to. */
  get events(): readonly string[] {
    return Object.keys(this.#listeners);
  }

  listen<Event extends keyof SessionEvents>(event: Event, listener: Listener<Event>): () => void {
    const listeners: Set<Listener<Event>> = this.#listeners[event];
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  /** Whether a failure to connect would be seen by anybody. */
  get heard(): boolean {
    return this.#wanted('state') || this.#wanted('connection');
  }

  state(state: SessionState): void {
    if (state.status === 'ready') this.#becameReady();
    channels.state.publish({ ...this.#mark, state });
    for (const listener of [...this.#listeners.state]) call(listener, state);
  }

  connection(notice: Untimed<ConnectionNotice>): void {
    if (this.#wanted('connection')) this.#tell('connection', { at: this.#clock.now(), ...notice } as ConnectionNotice);
  }

  started(operation: Operation): void {
    this.#operations += 1;
    operation.number = this.#operations;
    operation.observer = this;
    if (this.#wanted('operation')) this.#operation(operation, { type: 'started' });
  }

  sending(operation: Operation, generation: number): void {
    if (!this.#wanted('operation')) return;
    this.#operation(operation, { type: 'sending', generation, send: operation.sends });
  }

  event(operation: Operation, bytes: number): void {
    if (this.#wanted('operation')) this.#operation(operation, { type: 'event', bytes });
  }

  interrupted(operation: Operation, reason: Interruption): void {
    if (!this.#wanted('operation')) return;
    const wrong = reason === 'connection-lost' || reason === 'retried';
    this.#operation(operation, { type: 'interrupted', reason, failure: wrong ? operation.lastFailure : undefined });
  }

  ended(operation: Operation, error: Error | undefined): void {
    if (this.#wanted('operation')) this.#operation(operation, { type: 'ended', error, sends: operation.sends });
  }

  #wanted(event: keyof SessionEvents): boolean {
    return this.#listeners[event].size > 0 || channels[event].hasSubscribers;
  }

  #operation({ number, request }: Operation, notice: Untimed<OperationNotice>): void {
    const operation = { number, kind: request.kind, name: request.operationName };
    this.#tell('operation', { at: this.#clock.now(), operation, ...notice } as OperationNotice);
  }

  #tell<Event extends 'connection' | 'operation'>(event: Event, notice: SessionEvents[Event]): void {
    if (this.#untold.length === 0) queueMicrotask(() => this.#tellAll());
    this.#untold.push(() => {
      channels[event].publish({ ...this.#mark, ...notice });
      const listeners: Set<Listener<Event>> = this.#listeners[event];
      for (const listener of [...listeners]) call(listener, notice);
    });
  }

  #tellAll(): void {
    const untold = this.#untold;
    this.#untold = [];
    for (const tell of untold) tell();
  }
}

function call<T>(listener: (event: T) => void, event: T): void {
  try {
    listener(event);
  } catch (error) {
    // A listener's mistake must not stop the session, and must not stay unseen.
    console.error('holdfast: a listener of the session threw.', error);
  }
}
