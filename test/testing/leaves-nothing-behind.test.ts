// After `close` no socket, listener or timer of a testing tool keeps the process alive. In a file of its own, so that what
// other tests are still closing is not counted.
import { expect, onTestFinished, test, vi } from 'vitest';
import { faultProxy, scriptedServer } from '../../src/testing/index.js';
import { eventually } from './eventually.js';
import { RawClient } from './raw-client.js';
import { tcpClient, tcpServer } from './tcp-peers.js';

/** Sockets, listeners and timers that keep this process alive. */
const held = () => process.getActiveResourcesInfo().filter((what) => /^(TCP|Timeout)/.test(what)).length;

test('a fault proxy that was closed holds nothing', async () => {
  const before = held();
  const server = await tcpServer();
  const proxy = await faultProxy({ target: { port: server.port } });
  const peers = [tcpClient(proxy.port), tcpClient(proxy.port)];
  await eventually(() => [proxy.connections, server.peers.length], [2, 2]);
  proxy.delay(60_000);
  peers[0]!.socket.write('held');
  peers[1]!.socket.end();
  proxy.schedule(5, { pauseMs: 60_000 });
  await proxy.close();
  await eventually(() => [...peers, ...server.peers].every((peer) => peer.closed), true);
  await server[Symbol.asyncDispose]();
  await eventually(() => held() <= before, true);
});

test('a fault proxy that was closed holds nothing of half-open connections', async () => {
  const before = held();
  const server = await tcpServer();
  const proxy = await faultProxy({ target: { port: server.port } });
  const peer = tcpClient(proxy.port);
  await eventually(() => server.peers.length, 1);
  proxy.halfOpen();
  peer.socket.destroy();
  await proxy.close();
  await eventually(() => server.peers[0]!.closed, true);
  await server[Symbol.asyncDispose]();
  await eventually(() => held() <= before, true);
});

test('a scripted server that was closed holds nothing', async () => {
  const before = held();
  const server = await scriptedServer();
  const peers = [await new RawClient(server.url).ready(), await new RawClient(server.url).ready()];
  server.connections[0]!.close(1000);
  const waiting = expect(server.received('never')).rejects.toThrow('the server was closed');
  await server.close();
  await waiting;
  await eventually(() => peers.every((peer) => peer.closeCode !== undefined), true);
  await eventually(() => held() <= before, true);
});

test('a wait that is over holds no timer, however it ended', async () => {
  const server = await scriptedServer();
  // Counted as they are set and cleared: those who run the tests have timers of their own, which come and go.
  onTestFinished(() => void vi.restoreAllMocks());
  const set = vi.spyOn(globalThis, 'setTimeout');
  const cleared = vi.spyOn(globalThis, 'clearTimeout');
  const timers = () => {
    const over = new Set(cleared.mock.calls.map(([timer]) => timer));
    return set.mock.results.filter(({ value }) => !over.has(value)).length;
  };
  await server.until('what is there already', () => true);
  expect([set.mock.calls.length, timers()]).toEqual([1, 0]);
  const failed = server.received('never').catch((error: Error) => error.message);
  expect(timers()).toBe(1);
  await server.close();
  expect(await failed).toContain('the server was closed');
  expect(timers()).toBe(0);
});
