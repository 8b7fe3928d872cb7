// The client of subscriptions-transport-ws on a WebSocket that is listened in on: what it was sent, and the fate of each of
// its operations.

import type { ExecutionResult } from 'graphql';
import { type ClientOptions, type OperationOptions, SubscriptionClient } from 'subscriptions-transport-ws';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';

/** A message of the server, as it was received. */
export interface Heard {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** One operation: everything its observer was told. */
export interface Run {
  readonly events: ExecutionResult[];
  /** Settles when it has ended: with undefined where it was completed, else with the error. */
  readonly ended: Promise<Error | undefined>;
  unsubscribe(): void;
}

export interface TheirClient {
  readonly client: SubscriptionClient;
  /** Everything its sockets received, in order. */
  readonly heard: Heard[];
  /** Its sockets, in the order of opening. */
  readonly sockets: WebSocket[];
  run(request: OperationOptions): Run;
  /** Resolves when what the server has sent on the last socket up to now has arrived. */
  settled(): Promise<void>;
  /** Resolves when its socket has ended. */
  closed(): Promise<{ readonly code: number; readonly reason: string }>;
  /** Resolves at the next event of this name. */
  next(event: 'connected' | 'reconnected' | 'disconnected'): Promise<unknown>;
}

/** How long it waits for its socket before it begins anew: its own second would be too short for a slow machine. */
const minTimeout = 20_000;

export function theirClient(url: string, options: ClientOptions = {}, protocols?: string | string[]): TheirClient {
  const heard: Heard[] = [];
  const sockets: WebSocket[] = [];
  class Overheard extends WebSocket {
    constructor(address: string, offered: string | string[]) {
      super(address, offered);
      sockets.push(this);
      this.on('message', (data) => heard.push(JSON.parse(String(data)) as Heard));
      // It takes its own listeners away before it closes a socket that is still opening.
      this.on('error', () => {});
    }
  }
  const client = new SubscriptionClient(url, { minTimeout, ...options }, Overheard, protocols);
  onTestFinished(() => client.close());
  const last = (): WebSocket => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('The client has opened no socket.');
    return socket;
  };
  return {
    client,
    heard,
    sockets,
    run: (request) => run(client, request),
    settled: () =>
      new Promise((resolve) => {
        last().once('pong', () => resolve());
        last().ping();
      }),
    closed: () =>
      new Promise((resolve) => {
        last().once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
      }),
    next: (event) =>
      new Promise((resolve) => {
        const off = client.on(event, (payload) => {
          off();
          resolve(payload);
        });
      }),
  };
}

function run(client: SubscriptionClient, request: OperationOptions): Run {
  const events: ExecutionResult[] = [];
  let unsubscribe = (): void => {};
  const ended = new Promise<Error | undefined>((resolve) => {
    ({ unsubscribe } = client.request(request).subscribe({
      next: (result) => events.push(result),
      error: (error) => resolve(error),
      complete: () => resolve(undefined),
    }));
  });
  return { events, ended, unsubscribe: () => unsubscribe() };
}
