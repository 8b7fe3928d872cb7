// The service, and the server that the examples are tried on.

import { afterEach, expect, test } from 'vitest';
import { eventually } from '../testing/eventually.js';
import { endExamples, startExample, startServer } from './running.js';

afterEach(endExamples);

const greeted = ['Ada', 'Barbara', 'Edsger', 'Frances', 'Grace', 'Jean', 'Ken', 'Niklaus', 'Radia', 'Tony'];
const greetings = greeted.map((name) => `Hello ${name}\n`).join('');

test('Ten callers of the service are answered over one connection, and nothing is left when it is closed', async () => {
  await using server = await startServer();
  const output = startExample('service/main.js', server.address);
  expect(await output.ended).toEqual({ code: 0, signal: null });
  expect(output).toMatchObject({ stdout: greetings, stderr: '' });
  expect(server.proxy.accepted).toBe(1);
  await eventually(() => server.proxy.connections, 0);
});

test('A service that cannot be initialised says why, and ends', async () => {
  await using server = await startServer();
  const output = startExample('service/main.js', server.proxy.url('ws', '/elsewhere'));
  expect((await output.ended).code).toBe(1);
  expect(output.stderr).toMatch(/^ConnectError: .*404/);
});

test('The server to try things on serves the service, and ends at Ctrl-C', async () => {
  const server = startExample('server/main.js', '0');
  const [, address] = await server.line(/GraphQL over WebSocket: (ws:\S+)/);
  const output = startExample('service/main.js', address ?? '');
  expect(await output.ended).toEqual({ code: 0, signal: null });
  expect(output.stdout).toBe(greetings);
  server.child.kill('SIGINT');
  expect(await server.ended).toEqual({ code: 0, signal: null });
});
