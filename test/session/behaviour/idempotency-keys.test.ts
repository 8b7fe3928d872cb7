// A mutation whose outcome is unknown is sent again only under an idempotency key, to a server that has said that it honours
// keys, and within the time that it remembers them.

import { describe, expect, test } from 'vitest';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import { dropsOnOperation } from '../../../src/testing/index.js';
import type { Script } from '../../../src/testing/scripted-server/script.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { dialects, startScripted, startSession } from './support/starting.js';
import { reached, rejection } from './support/waiting.js';

const windowMs = 60_000;

/** Says that it honours keys; `times`: on the first connections only. */
function honoursKeys(times: number = Number.POSITIVE_INFINITY): Script {
  return {
    init: ({ connection }) =>
      connection.ack(connection.index < times ? { holdfast: { v: 1, idempotency: { windowMs } } } : undefined),
  };
}

describe.each(dialects)('over %s', (dialect) => {
  test('a server that honours keys gets the same mutation again, under the same key', async () => {
    const server = await startScripted({
      subprotocols: [dialect],
      script: [honoursKeys(), dropsOnOperation({ times: 2 })],
    });
    const session = startSession({ transport: webSocket(server.url) });
    const { data, meta } = await session.result('mutation { ok }', {}, { extensions: { own: true } });
    expect(data).toEqual({ ok: true });
    expect(meta).toMatchObject({ attempts: 3 });
    const keys = server.executions.map(({ extensions }) => extensions?.idempotencyKey);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys).toEqual([keys[0], keys[0], keys[0]]);
    expect(server.executions[2]?.extensions).toMatchObject({ own: true });
    await session.execute('mutation { ok }');
    expect(server.executions[3]?.extensions?.idempotencyKey).not.toBe(keys[0]);
  });

  test('a key of the caller is used, and is not enough for a server that says nothing about keys', async () => {
    const server = await startScripted({ subprotocols: [dialect], script: dropsOnOperation({ times: 1 }) });
    const session = startSession({ transport: webSocket(server.url) });
    const call = session.execute('mutation { ok }', {}, { idempotencyKey: 'mine' });
    expect(await rejection(call)).toBeInstanceOf(OutcomeUnknownError);
    await session.ready();
    await session.execute('{ ok }');
    expect(server.executions.map(({ kind, extensions }) => [kind, extensions?.idempotencyKey])).toEqual([
      ['mutation', 'mine'],
      ['query', undefined],
    ]);
  });
});

test('a mutation that meets a server without keys after one with keys is not sent again', async () => {
  const server = await startScripted({ script: [honoursKeys(1), dropsOnOperation({ times: 1 })] });
  const session = startSession({ transport: webSocket(server.url) });
  expect(await rejection(session.execute('mutation { ok }'))).toBeInstanceOf(OutcomeUnknownError);
  await session.execute('{ ok }');
  expect(server.executions.map(({ kind }) => kind)).toEqual(['mutation', 'query']);
});

test('a mutation whose key the server has forgotten by the time it is back is not sent again', async () => {
  const clock = new VirtualClock(1_000_000);
  const server = await startScripted({ script: [honoursKeys(), dropsOnOperation({ times: 1 })] });
  const retry = { connect: { delayMs: () => windowMs } };
  const session = startSession({ transport: webSocket(server.url), clock, retry, deadlineMs: 10 * windowMs });
  const call = rejection(session.execute('mutation { ok }'));
  await reached(session, 'waiting');
  await clock.advance(windowMs);
  expect(await call).toBeInstanceOf(OutcomeUnknownError);
  await session.execute('{ ok }');
  expect(server.executions.map(({ kind }) => kind)).toEqual(['mutation', 'query']);
});

test('attempts of a mutation under a key are bounded like those of a query, and its outcome stays unknown', async () => {
  const server = await startScripted({ script: [honoursKeys(), dropsOnOperation()] });
  const session = startSession({ transport: webSocket(server.url) });
  const error = await rejection(session.execute('mutation { ok }'));
  expect(error).toBeInstanceOf(OutcomeUnknownError);
  expect(error).toMatchObject({ attempts: 5 });
  expect(server.executions).toHaveLength(5);
});
