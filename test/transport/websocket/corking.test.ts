// What is sent in one turn of the event loop leaves in one write: most of what a small message costs is its system call. What
// was asked for, and in which order, stays as it was.

import { expect, test } from 'vitest';
import type { ScriptedServer } from '../../../src/testing/scripted-server.js';
import { type Subprotocol, webSocket } from '../../../src/transport/websocket/index.js';
import { CountingAgent } from './support/counting-agent.js';
import { type Asked, ask, ended, type Opened, open, patience, startServer } from './support/opening.js';

const protocols: readonly Subprotocol[] = ['graphql-transport-ws'];
const fifty = Array.from({ length: 50 }, (_, number) => number);

async function openCounted(server: ScriptedServer): Promise<{ opened: Opened; agent: CountingAgent }> {
  const agent = new CountingAgent();
  const opened = await open(webSocket(server.url, { protocols, agent }));
  agent.writes.length = 0;
  return { opened, agent };
}

const askNumbered = (opened: Opened) => (number: number) => ask(opened, '{ ok }', { number, text: 'é'.repeat(number) });
const numbers = (server: ScriptedServer) => server.executions.map(({ variables }) => variables?.number);

async function answersOf(asked: readonly Asked[]): Promise<void> {
  for (const { answer } of asked) expect(await answer).toEqual({ data: { ok: true } });
}

test('fifty operations started in one turn leave in one write, whole and in order', async () => {
  const server = await startServer();
  const { opened, agent } = await openCounted(server);
  const asked = fifty.map(askNumbered(opened));
  await answersOf(asked);
  expect(agent.writes).toHaveLength(1);
  expect(numbers(server)).toEqual(fifty);
  expect(server.executions.map(({ variables }) => variables?.text)).toEqual(fifty.map((n) => 'é'.repeat(n)));
});

test('operations that promises start one after the other within a turn leave in one write', async () => {
  const server = await startServer();
  const { opened, agent } = await openCounted(server);
  const asked: Asked[] = [];
  await Promise.resolve();
  for (const number of fifty) {
    asked.push(askNumbered(opened)(number));
    await Promise.resolve();
  }
  await answersOf(asked);
  expect(agent.writes).toHaveLength(1);
  expect(numbers(server)).toEqual(fifty);
});

test('a lone operation has left before the event loop goes on', async () => {
  const { opened, agent } = await openCounted(await startServer());
  const asked = ask(opened, '{ ok }');
  await new Promise<void>((resolve) => process.nextTick(resolve));
  expect(agent.writes).toHaveLength(1);
  await answersOf([asked]);
});

test('what waits for the end of the turn is counted as not yet taken by the kernel', async () => {
  const { opened, agent } = await openCounted(await startServer());
  const text = 'x'.repeat(2 ** 19);
  const asked = [1, 2, 3].map(() => ask(opened, '{ ok }', { text }));
  expect(opened.told).toEqual(['high']);
  expect(agent.writes).toEqual([]);
  await expect.poll(() => opened.told, patience).toEqual(['high', 'low']);
  await answersOf(asked);
});

test('a close in the same turn comes after what was sent before it', async () => {
  const server = await startServer({ script: { operation: () => {} } });
  const { opened } = await openCounted(server);
  for (const number of fifty) askNumbered(opened)(number);
  await opened.connection.close(ended, 5_000);
  expect(numbers(server)).toEqual(fifty);
  expect(await server.connections[0]?.ended).toEqual({ code: ended.code, reason: ended.reason });
});

test('a termination in the same turn throws away what was not sent yet', async () => {
  const server = await startServer();
  const { opened, agent } = await openCounted(server);
  for (const number of fifty) askNumbered(opened)(number);
  opened.connection.terminate(ended);
  expect(await opened.connection.closed).toBe(ended);
  await server.connections[0]?.ended;
  expect(agent.writes).toEqual([]);
  expect(server.executions).toEqual([]);
});
