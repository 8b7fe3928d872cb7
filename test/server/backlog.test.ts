import { expect, test } from 'vitest';
import { Congestion } from '../../src/server/congestion.js';
import { ManualTimers } from './support/manual-timers.js';

const mebibyte = 1024 * 1024;

function make() {
  const peer = { backlog: 0, paused: false, stalls: 0 };
  const timers = new ManualTimers();
  const congestion = new Congestion({
    backlog: () => peer.backlog,
    pause: () => {
      peer.paused = true;
    },
    resume: () => {
      peer.paused = false;
    },
    timers,
    stallTimeoutMs: 1_000,
    stalled: () => {
      peer.stalls += 1;
    },
  });
  return { peer, timers, congestion };
}

test('nothing is held back up to the high mark; beyond it until less than the low mark is left', async () => {
  const { peer, timers, congestion } = make();
  peer.backlog = mebibyte;
  congestion.sent();
  expect([congestion.relief, peer.paused, timers.armed]).toEqual([undefined, false, 0]);

  peer.backlog = mebibyte + 1;
  congestion.sent();
  const { relief } = congestion;
  expect(relief).toBeInstanceOf(Promise);
  expect(peer.paused).toBe(true);

  peer.backlog = mebibyte / 4;
  congestion.flushed();
  expect(congestion.relief).toBe(relief);

  peer.backlog = mebibyte / 4 - 1;
  congestion.flushed();
  expect([congestion.relief, peer.paused]).toEqual([undefined, false]);
  await relief;
  expect(timers.armed).toBe(0);
});

test('a peer that finds no relief in time has stalled, once; one that does has not', () => {
  const { peer, timers, congestion } = make();
  peer.backlog = mebibyte + 1;
  congestion.sent();
  timers.advance(999);
  peer.backlog = 0;
  congestion.flushed();
  timers.advance(5_000);
  expect(peer.stalls).toBe(0);

  peer.backlog = mebibyte + 1;
  congestion.sent();
  congestion.sent();
  timers.advance(999);
  expect(peer.stalls).toBe(0);
  timers.advance(1);
  expect(peer.stalls).toBe(1);
  timers.advance(5_000);
  expect(peer.stalls).toBe(1);
});

test('its end releases whoever waits, and its clock', async () => {
  const { peer, timers, congestion } = make();
  peer.backlog = 2 * mebibyte;
  congestion.sent();
  const { relief } = congestion;
  congestion.release();
  await relief;
  expect([peer.paused, timers.armed]).toEqual([false, 0]);
});
