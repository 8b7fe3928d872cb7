// What `onConnect` returns or throws may itself throw when it is looked at: it is the hook's failure like any other, and neither
// the process nor the connection's end is affected.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServerOptions } from '../../../src/server/index.js';
import { RawClient } from '../support/client.js';
import { nothing, startServer, until } from '../support/serving.js';
import { dialects } from '../websocket/support/peer.js';

const escaped: unknown[] = [];
const catchEscaped = (error: unknown): void => void escaped.push(error);
beforeEach(() => {
  escaped.length = 0;
  process.on('unhandledRejection', catchEscaped);
  process.on('uncaughtException', catchEscaped);
});
afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', catchEscaped);
  process.off('uncaughtException', catchEscaped);
  expect(escaped).toEqual([]);
});

function doNotLook(): never {
  throw new Error('do not look');
}

const getter = (): object => Object.defineProperty({}, 'x', { enumerable: true, get: doNotLook });
const trapped = (): object => new Proxy({}, { getPrototypeOf: doNotLook, ownKeys: doNotLook });

const hooks: readonly [string, NonNullable<ServerOptions['onConnect']>][] = [
  ['returns an object with a getter that throws', () => getter() as never],
  ['resolves with one', async () => getter() as never],
  ['returns an object with one inside', () => ({ inside: getter() }) as never],
  ['returns an object that nobody may look at', () => trapped() as never],
  ['resolves with one that nobody may look at', async () => trapped() as never],
  ['returns an object without end', () => Object.assign(Object.create(null), { toJSON: doNotLook })],
  [
    'throws something that nobody may look at',
    () => {
      throw trapped();
    },
  ],
  ['rejects with it', () => Promise.reject(trapped())],
  ['returns an object whose "then" cannot be read', () => Object.defineProperty({}, 'then', { get: doNotLook })],
];

describe.each(dialects)('%s: a hook that', (dialect) => {
  test.each(hooks)('%s has failed', async (_, onConnect) => {
    await using t = await startServer({ onConnect });
    const client = await RawClient.open(t.ws, dialect);
    client.send({ type: 'connection_init' });
    expect((await client.ended).code).toBe(dialect === 'graphql-ws' ? 1011 : 4500);
    expect(t.failures.map(({ source }) => source)).toEqual(['onConnect']);
    await until(() => t.server.stats().connections === 0);
    expect(t.server.stats()).toMatchObject(nothing);
  });
});
