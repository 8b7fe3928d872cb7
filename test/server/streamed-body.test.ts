import { describe, expect, test } from 'vitest';
import type { BodyWriter } from '../../src/server/http/plain.js';
import { StreamedBody } from '../../src/server/http/streamed-body.js';
import { ManualTimers } from './support/manual-timers.js';

const mebibyte = 1024 * 1024;

/** A response whose client reads when the test says so. */
class Held implements BodyWriter {
  readonly written: string[] = [];
  backlog = 0;
  ends = 0;
  cuts = 0;

  write(text: string): void {
    this.written.push(text);
    this.backlog += text.length;
  }

  end(): void {
    this.ends += 1;
  }

  cut(): void {
    this.cuts += 1;
  }
}

function make() {
  const timers = new ManualTimers();
  const held = new Held();
  const seen: string[] = [];
  let finished: Promise<void> | undefined;
  const body = new StreamedBody({
    format: { contentType: 'text/plain', opening: '^', heartbeat: '.', comeBack: (ms) => `back in ${ms}` },
    timers,
    keepAliveMs: 1_000,
    stallTimeoutMs: 10_000,
    opened: () => void seen.push('opened'),
    closed: () => void seen.push('closed'),
    busy: () => finished,
  });
  const setBusy = (until: Promise<void> | undefined) => {
    finished = until;
  };
  return { timers, held, seen, body, setBusy };
}

describe('a body that is streamed', () => {
  test('begins with its opening, then lets its sender send', () => {
    const { held, seen, body } = make();
    body.send('too early');
    expect(body.start(held)).toBe(body);
    expect([held.written, seen]).toEqual([['^'], ['opened']]);
  });

  test('asks its sender to wait while the client does not read, and sends it no heartbeats then', async () => {
    const { timers, held, body } = make();
    body.start(held);
    body.send('x'.repeat(mebibyte - 1));
    expect(body.relief).toBeUndefined();
    body.send('x');
    const { relief } = body;
    expect(relief).toBeInstanceOf(Promise);
    timers.advance(5_000);
    expect(held.written).toHaveLength(3);
    held.backlog = mebibyte / 4;
    body.flushed();
    expect(body.relief).toBe(relief);
    held.backlog -= 1;
    body.flushed();
    await relief;
    expect(body.relief).toBeUndefined();
    timers.advance(1_000);
    expect(held.written.at(-1)).toBe('.');
  });

  test('is cut when the client has not read for the time of a stall, and not before', () => {
    const { timers, held, body } = make();
    body.start(held);
    body.send('x'.repeat(mebibyte));
    timers.advance(9_999);
    expect(held.cuts).toBe(0);
    timers.advance(1);
    expect(held.cuts).toBe(1);
  });

  test('that has ended is cut when the client does not read its rest', () => {
    const { timers, held, body } = make();
    body.start(held);
    body.end();
    body.end();
    expect(held.ends).toBe(1);
    timers.advance(9_999);
    expect(held.cuts).toBe(0);
    timers.advance(1);
    expect(held.cuts).toBe(1);
  });

  test('lets its sender go on and writes nothing more when the client has gone', async () => {
    const { timers, held, seen, body } = make();
    body.start(held);
    body.send('x'.repeat(mebibyte));
    const { relief } = body;
    body.closed();
    body.closed();
    await relief;
    body.send('more');
    body.end();
    timers.advance(50_000);
    expect(held.written).toHaveLength(2);
    expect([held.ends, held.cuts, seen, timers.armed]).toEqual([0, 0, ['opened', 'closed'], 0]);
  });

  test('that is cut before it begins is cut when it would', () => {
    const { held, seen, body } = make();
    body.cut();
    body.start(held);
    expect([held.written, held.cuts, seen]).toEqual([[], 1, []]);
    body.closed();
    expect(seen).toEqual(['closed']);
  });
});

describe('a server that leaves', () => {
  test('asks the client to come back, and ends the body, when it is its turn', async () => {
    const { timers, held, body } = make();
    body.start(held);
    body.leaveAfter(500, 1_234);
    timers.advance(499);
    expect(held.ends).toBe(0);
    timers.advance(1);
    expect([held.written, held.ends]).toEqual([['^', 'back in 1234'], 1]);
  });

  test('waits for what ends by itself', async () => {
    const { timers, held, body, setBusy } = make();
    let finish = () => {};
    setBusy(
      new Promise((resolve) => {
        finish = resolve;
      }),
    );
    body.start(held);
    body.leaveAfter(500, 1_000);
    timers.advance(500);
    await Promise.resolve();
    expect(held.ends).toBe(0);
    setBusy(undefined);
    finish();
    await new Promise((resolve) => setImmediate(resolve));
    expect(held.ends).toBe(1);
  });

  test('forgets one whose client goes first', () => {
    const { timers, held, body } = make();
    body.start(held);
    body.leaveAfter(500, 1_000);
    body.closed();
    expect(timers.armed).toBe(0);
  });
});
