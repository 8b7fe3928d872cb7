// One connection of a transport without a session around it, on real sockets: what it opens with, what it tells, and what it
// answers. Ended when its test is over.

import { onTestFinished } from 'vitest';
import type { JsonObject } from '../../../../src/protocol/json.js';
import { writeDown } from '../../../../src/protocol/json-text.js';
import type { OperationKind, Result } from '../../../../src/protocol/result.js';
import { systemClock } from '../../../../src/session/clock.js';
import {
  type ScriptedServer,
  type ScriptedServerOptions,
  scriptedServer,
} from '../../../../src/testing/scripted-server.js';
import type {
  Clock,
  Connection,
  Credentials,
  Failure,
  Handle,
  Limits,
  Sink,
  Transport,
} from '../../../../src/transport/contract.js';
import { OpenError } from '../../../../src/transport/open-error.js';

export interface Opening {
  readonly credentials?: Credentials;
  readonly limits?: Partial<Limits>;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

export interface Opened {
  readonly connection: Connection;
  /** What the connection told, in order: `keep-alive`, `high`, `low`, `pong {"a":1}`, ... Signs of life left out. */
  readonly told: readonly string[];
}

/** For `expect.poll`: what is waited for comes at once, and a slow machine must not fail a test. */
export const patience = { timeout: 20_000, interval: 5 } as const;

/** A port on which nobody listens, now or later: the system hands out none below 1024. */
export const deadPort = 1;

const limits: Limits = {
  openTimeoutMs: 10_000,
  ackTimeoutMs: 10_000,
  closeTimeoutMs: 1_000,
  maxMessageBytes: 16 * 2 ** 20,
};

export async function startServer(options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
  const server = await scriptedServer(options);
  onTestFinished(() => server.close());
  return server;
}

export async function open(transport: Transport, opening: Opening = {}): Promise<Opened> {
  const told: string[] = [];
  const connection = await transport.open(
    {
      signal: opening.signal ?? new AbortController().signal,
      generation: 1,
      credentials: opening.credentials ?? {},
      clock: opening.clock ?? systemClock,
      limits: { ...limits, ...opening.limits },
    },
    {
      heard: () => {},
      keepAlive: () => told.push('keep-alive'),
      pong: (payload) => told.push(`pong ${JSON.stringify(payload)}`),
      control: (payload) => told.push(`control ${JSON.stringify(payload)}`),
      goingAway: (notice) => told.push(`going away ${JSON.stringify(notice)}`),
      backlog: (level) => told.push(level),
    },
  );
  onTestFinished(() => connection.terminate(ended));
  return { connection, told };
}

/** Why a connection could not be opened. */
export async function failureOf(transport: Transport, opening: Opening = {}): Promise<Failure> {
  try {
    await open(transport, opening);
  } catch (error) {
    if (error instanceof OpenError) return error.failure;
    throw error;
  }
  throw new Error('It was expected not to open, and did.');
}

export const ended = {
  by: 'us',
  code: 1000,
  reason: 'done',
  clean: true,
  failure: { code: 'aborted', phase: 'close', message: 'The test is over.' },
} as const;

export interface Asked {
  readonly handle: Handle;
  /** What its sink was told, in order: `sending`, `next`, `error`, `complete`. */
  readonly heard: readonly string[];
  /** The first answer, or undefined when it was completed without one; rejects with the failure as data. */
  readonly answer: Promise<Result | undefined>;
}

let lastId = 0;

/** Starts an operation. */
export function ask(
  { connection }: Opened,
  query: string,
  variables?: JsonObject,
  kind: OperationKind = 'query',
): Asked {
  lastId += 1;
  const heard: string[] = [];
  let handle: Handle = { cancel: () => {} };
  const answer = new Promise<Result | undefined>((resolve, reject) => {
    const sink: Sink = {
      sending: () => heard.push('sending'),
      next: (result) => {
        heard.push('next');
        resolve(result);
      },
      error: (failure) => {
        heard.push('error');
        reject(failure);
      },
      complete: () => {
        heard.push('complete');
        resolve(undefined);
      },
    };
    const none = { operationName: undefined, extensions: undefined, headers: undefined };
    handle = connection.start(
      { id: String(lastId), kind, query, variables: writeDown('variables', variables), ...none },
      sink,
    );
  });
  return { handle, heard, answer };
}
