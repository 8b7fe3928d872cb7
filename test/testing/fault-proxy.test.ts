// Every command of the fault proxy, observed on raw TCP sockets on both of its sides.
import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { OptionError } from '../../src/protocol/errors/option-error.js';
import { reset } from '../../src/testing/fault-proxy/link.js';
import { type FaultProxy, faultProxy } from '../../src/testing/fault-proxy.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { reservedPort } from '../support/reserved-port.js';
import { eventually } from './eventually.js';
import { type Peer, type TcpServer, tcpClient, tcpServer, turns } from './tcp-peers.js';

describe('the fault proxy', () => {
  let server: TcpServer;
  let proxy: FaultProxy;
  let clock: VirtualClock;
  const clients: Peer[] = [];

  beforeEach(async () => {
    server = await tcpServer();
    clock = new VirtualClock();
    proxy = await faultProxy({ target: { port: server.port }, clock });
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.socket.destroy();
    await proxy.close();
    await server[Symbol.asyncDispose]();
  });

  /** A pair of ends with the proxy between, proved to be connected through a first word. */
  async function pair(): Promise<[client: Peer, server: Peer]> {
    const before = server.peers.length;
    const client = tcpClient(proxy.port);
    clients.push(client);
    client.socket.write('hi ');
    await eventually(() => server.peers[before]?.text, 'hi ');
    return [client, server.peers[before]!];
  }

  test('carries bytes both ways and counts connections', async () => {
    const [client, peer] = await pair();
    peer.socket.write('hello');
    await eventually(() => client.text, 'hello');
    expect([proxy.connections, proxy.accepted]).toEqual([1, 1]);
    const [second] = await pair();
    expect([proxy.connections, proxy.accepted]).toEqual([2, 2]);
    second.socket.destroy();
    await eventually(() => [proxy.connections, proxy.accepted], [1, 2]);
    expect(proxy.url('ws', '/graphql')).toBe(`ws://127.0.0.1:${proxy.port}/graphql`);
  });

  test('carries megabytes through a slow reader without losing or reordering a byte', async () => {
    const [client, peer] = await pair();
    client.socket.pause();
    const sent = Buffer.alloc(24 * 1024 * 1024);
    for (let place = 0; place < sent.length; place += 4) sent.writeUInt32LE(place, place);
    let flushed = false;
    peer.socket.write(sent, () => {
      flushed = true;
    });
    await turns(50);
    expect(flushed).toBe(false);
    client.socket.resume();
    await eventually(() => client.chunks.reduce((sum, chunk) => sum + chunk.length, 0), sent.length);
    expect(Buffer.concat(client.chunks).equals(sent)).toBe(true);
  });

  test('passes on the end of one direction and leaves the other open', async () => {
    await using patient = await tcpServer(true);
    proxy.retarget(patient.port);
    const client = tcpClient(proxy.port, true);
    clients.push(client);
    client.socket.end('last words');
    await eventually(() => patient.peers[0]?.ended, true);
    expect(patient.peers[0]!.text).toBe('last words');
    patient.peers[0]!.socket.end('answer');
    await eventually(() => [client.text, client.ended, client.closed], ['answer', true, true]);
    await eventually(() => proxy.connections, 0);
  });

  test('passes on a reset', async () => {
    const [client, peer] = await pair();
    peer.socket.resetAndDestroy();
    await eventually(() => client.error, 'ECONNRESET');
    await eventually(() => proxy.connections, 0);
  });

  test('resets a client whose server cannot be reached', async () => {
    proxy.retarget(await reservedPort());
    const client = tcpClient(proxy.port);
    clients.push(client);
    await eventually(() => client.error, 'ECONNRESET');
  });

  test('cut ends every connection on both sides without an error, and new ones work', async () => {
    const ends = [...(await pair()), ...(await pair())];
    proxy.cut();
    expect(proxy.connections).toBe(0);
    await eventually(
      () => ends.map((end) => [end.ended, end.closed, end.error]),
      Array(4).fill([true, true, undefined]),
    );
    await pair();
    expect([proxy.connections, proxy.accepted]).toEqual([1, 3]);
  });

  test('reset ends every connection on both sides with a reset', async () => {
    const ends = [...(await pair()), ...(await pair())];
    proxy.reset();
    expect(proxy.connections).toBe(0);
    await eventually(() => ends.map((end) => [end.closed, end.error]), Array(4).fill([true, 'ECONNRESET']));
  });

  test('a reset also closes a socket whose end is on its way', async () => {
    const [client] = await pair();
    client.socket.end();
    await Promise.resolve();
    reset(client.socket);
    await eventually(() => client.closed, true);
  });

  test('halfOpen lets bytes and ends vanish both ways while sockets stay open, and new connections work', async () => {
    const [client, peer] = await pair();
    proxy.halfOpen();
    client.socket.write('lost');
    peer.socket.write('lost');
    const [freshClient, freshPeer] = await pair();
    freshPeer.socket.write('fine');
    await eventually(() => freshClient.text, 'fine');
    client.socket.end();
    await turns();
    expect([client.text, client.ended, peer.text, peer.ended]).toEqual(['', false, 'hi ', false]);
    expect(proxy.connections).toBe(2);
    peer.socket.destroy();
    await eventually(() => proxy.connections, 1);
  });

  test('halfOpen does not tell one side that the other was reset', async () => {
    const [client, peer] = await pair();
    proxy.halfOpen();
    peer.socket.resetAndDestroy();
    await turns();
    expect([client.ended, client.closed, client.error]).toEqual([false, false, undefined]);
    client.socket.destroy();
    await eventually(() => proxy.connections, 0);
  });

  test('a half-open connection can still be cut', async () => {
    const [client, peer] = await pair();
    proxy.halfOpen();
    proxy.cut();
    await eventually(() => [client.closed, peer.closed], [true, true]);
  });

  test('stall holds one direction, ends included, and resume delivers all of it in order', async () => {
    const [client, peer] = await pair();
    proxy.stall('up');
    client.socket.write('one ');
    peer.socket.write('down is free');
    await eventually(() => client.text, 'down is free');
    client.socket.write('two ');
    client.socket.end('three');
    await turns();
    expect([peer.text, peer.ended]).toEqual(['hi ', false]);
    proxy.resume();
    await eventually(() => [peer.text, peer.ended], ['hi one two three', true]);
  });

  test('stall holds for connections that come later, and without a direction for both', async () => {
    proxy.stall();
    const client = tcpClient(proxy.port);
    clients.push(client);
    client.socket.write('held');
    await eventually(() => server.peers.length, 1);
    server.peers[0]!.socket.write('held too');
    await turns();
    expect([server.peers[0]!.text, client.text]).toEqual(['', '']);
    proxy.resume('up');
    await eventually(() => server.peers[0]!.text, 'held');
    expect(client.text).toBe('');
    proxy.resume('down');
    await eventually(() => client.text, 'held too');
  });

  test('a long stall slows the sender down instead of holding everything in memory', async () => {
    const [client] = await pair();
    proxy.stall('up');
    let flushed = false;
    client.socket.write(Buffer.alloc(32 * 1024 * 1024), () => {
      flushed = true;
    });
    await turns(50);
    expect(flushed).toBe(false);
    proxy.resume();
    await eventually(() => flushed, true);
  });

  test('delay delivers later and in order, in one direction, in the time of the clock', async () => {
    const [client, peer] = await pair();
    proxy.delay(100, 'down');
    client.socket.write('up is quick');
    await eventually(() => peer.text, 'hi up is quick');
    peer.socket.write('slow ');
    await eventually(() => clock.pending, 1);
    proxy.delay(0);
    peer.socket.write('after it');
    await clock.advance(99);
    await turns();
    expect(client.text).toBe('');
    await clock.advance(1);
    await eventually(() => client.text, 'slow after it');
  });

  test('split delivers pieces of at most so many bytes, until it is taken back', async () => {
    const [client, peer] = await pair();
    proxy.split(3);
    // Looked at where they are written: a busy system may hand over together what was written in two turns.
    onTestFinished(() => void vi.restoreAllMocks());
    const { mock } = vi.spyOn(Socket.prototype, 'write');
    const toClient = (_written: unknown, call: number) =>
      (mock.contexts[call] as Socket | undefined)?.remotePort === client.socket.localPort;
    peer.socket.write('0123456789');
    await eventually(() => client.text, '0123456789');
    expect(mock.calls.filter(toClient).map(([piece]) => String(piece))).toEqual(['012', '345', '678', '9']);
    peer.socket.write('abcdefgh');
    await turns(1);
    peer.socket.write('ijk');
    await eventually(() => client.text, '0123456789abcdefghijk');
    proxy.split(undefined);
    client.chunks.length = 0;
    peer.socket.write('0123456789');
    await eventually(() => client.chunks.map(String), ['0123456789']);
  });

  test('refuse resets new connections at once and leaves live ones alone; accept takes it back', async () => {
    const [client, peer] = await pair();
    proxy.refuse();
    const refused = tcpClient(proxy.port);
    await eventually(() => refused.error, 'ECONNRESET');
    peer.socket.write('still here');
    await eventually(() => client.text, 'still here');
    expect([proxy.connections, proxy.accepted, proxy.refused]).toEqual([1, 1, 1]);
    proxy.accept();
    await pair();
    expect(proxy.accepted).toBe(2);
  });

  test('retarget sends new connections elsewhere', async () => {
    await pair();
    await using other = await tcpServer();
    proxy.retarget(other.port);
    const client = tcpClient(proxy.port);
    clients.push(client);
    client.socket.write('elsewhere');
    await eventually(() => other.peers[0]?.text, 'elsewhere');
    expect(server.peers.length).toBe(1);
  });

  test('close ends connections, held bytes, timers and schedules, and frees the port', async () => {
    const [client] = await pair();
    proxy.delay(1_000);
    client.socket.write('never delivered');
    await eventually(() => clock.pending, 1);
    const schedule = proxy.schedule(1);
    await proxy.close();
    await schedule.done;
    await proxy.close();
    expect([proxy.connections, clock.pending]).toEqual([0, 0]);
    await eventually(() => client.closed, true);
    const next = await faultProxy({ target: { port: server.port }, port: proxy.port });
    await expect(faultProxy({ target: { port: 1 }, port: next.port })).rejects.toThrow('cannot listen on');
    await next.close();
  });

  test('shut leaves live connections alone and lets nobody listen for new ones; open takes it back', async () => {
    const [client, peer] = await pair();
    proxy.shut();
    proxy.shut();
    const refused = tcpClient(proxy.port);
    await eventually(() => refused.error, 'ECONNREFUSED');
    peer.socket.write('still here');
    await eventually(() => client.text, 'still here');
    expect([proxy.connections, proxy.accepted, proxy.refused]).toEqual([1, 1, 0]);
    await proxy.open();
    await proxy.open();
    await pair();
    expect(proxy.accepted).toBe(2);
  });

  test('a proxy that is shut can be closed, and is not opened again', async () => {
    await pair();
    proxy.shut();
    await proxy.close();
    await proxy.open();
    const refused = tcpClient(proxy.port);
    await eventually(() => refused.error, 'ECONNREFUSED');
  });

  test('wrong options are refused at once', async () => {
    await expect(faultProxy({ target: { port: 0 } })).rejects.toThrow(OptionError);
    const misspelt = { target: { port: 1 }, prot: 2 } as unknown as Parameters<typeof faultProxy>[0];
    await expect(faultProxy(misspelt)).rejects.toThrow('Did you mean "port"?');
    expect(() => proxy.split(0)).toThrow(OptionError);
    expect(() => proxy.delay(-1)).toThrow(OptionError);
  });
});
