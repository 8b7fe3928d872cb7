import { expect, test } from 'vitest';
import { Congestion } from '../../src/server/websocket/congestion.js';
import { FakeSocket } from './support/fake-socket.js';

const mebibyte = 1024 * 1024;

test('nothing is held back up to the high mark; beyond it until less than the low mark is left', async () => {
  const socket = new FakeSocket();
  const congestion = new Congestion(socket);
  socket.backlog = mebibyte;
  congestion.sent();
  expect([congestion.relief, socket.paused]).toEqual([undefined, false]);

  socket.backlog = mebibyte + 1;
  congestion.sent();
  const { relief } = congestion;
  expect(relief).toBeInstanceOf(Promise);
  expect(socket.paused).toBe(true);

  socket.backlog = mebibyte / 4;
  congestion.flushed();
  expect(congestion.relief).toBe(relief);

  socket.backlog = mebibyte / 4 - 1;
  congestion.flushed();
  expect([congestion.relief, socket.paused]).toEqual([undefined, false]);
  await relief;
});

test('the end of the connection releases whoever waits', async () => {
  const socket = new FakeSocket();
  const congestion = new Congestion(socket);
  socket.backlog = 2 * mebibyte;
  congestion.sent();
  const { relief } = congestion;
  congestion.release();
  await relief;
  expect(socket.paused).toBe(false);
});
