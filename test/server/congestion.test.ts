import { expect, test } from 'vitest';
import { Congestion } from '../../src/server/congestion.js';
import { FakeSocket } from './support/fake-socket.js';
import { ManualTimers } from './support/manual-timers.js';

const mebibyte = 1024 * 1024;

function congested() {
  const socket = new FakeSocket();
  const timers = new ManualTimers();
  let stalls = 0;
  const congestion = new Congestion({
    backlog: () => socket.backlog,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    timers,
    stallTimeoutMs: 1_000,
    stalled: () => {
      stalls += 1;
    },
  });
  return { socket, timers, congestion, stalls: () => stalls };
}

test('nothing is held back up to the high mark; beyond it until less than the low mark is left', async () => {
  const { socket, congestion } = congested();
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
  const { socket, congestion } = congested();
  socket.backlog = 2 * mebibyte;
  congestion.sent();
  const { relief } = congestion;
  congestion.release();
  await relief;
  expect(socket.paused).toBe(false);
});

test('a peer that has not read enough by the deadline is told of once, one that has is not', () => {
  const { socket, timers, congestion, stalls } = congested();
  socket.backlog = 2 * mebibyte;
  congestion.sent();
  timers.advance(999);
  socket.backlog = 0;
  congestion.flushed();
  timers.advance(10_000);
  expect(stalls()).toBe(0);

  socket.backlog = 2 * mebibyte;
  congestion.sent();
  timers.advance(999);
  expect(stalls()).toBe(0);
  timers.advance(1);
  expect(stalls()).toBe(1);
  timers.advance(10_000);
  expect(stalls()).toBe(1);
});
