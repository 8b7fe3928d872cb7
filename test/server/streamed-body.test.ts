import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { HttpResponse } from '../../src/server/adapters/node/message.js';
import { StreamedBody } from '../../src/server/http/streamed-body.js';
import { ManualTimers } from './support/manual-timers.js';

/** A response whose client reads when the test says so. */
class Held extends Writable {
  readonly written: string[] = [];
  #read: (() => void) | undefined;

  constructor() {
    super({ highWaterMark: 10 });
  }

  writeHead(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written.push(chunk.toString());
    this.#read = done;
  }

  async read(): Promise<void> {
    this.#read?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function make() {
  const timers = new ManualTimers();
  const held = new Held();
  let leave = (): void => {};
  const over = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const format = { contentType: 'text/plain', opening: '^', heartbeat: '.' };
  // The fake has of a response what a streamed body uses.
  const response = held as unknown as HttpResponse;
  const body = new StreamedBody(response, format, { timers, keepAliveMs: 1_000, over });
  return { timers, held, body, leave };
}

describe('a body that is streamed', () => {
  test('asks its sender to wait while the client does not read, and sends it no heartbeats then', async () => {
    const { timers, held, body } = make();
    await held.read();
    expect(body.relief).toBeUndefined();
    body.send('x'.repeat(10));
    const { relief } = body;
    expect(relief).toBeInstanceOf(Promise);
    timers.advance(5_000);
    await held.read();
    await relief;
    expect(body.relief).toBeUndefined();
    expect(held.written).toEqual(['^', 'x'.repeat(10)]);
    timers.advance(1_000);
    expect(held.written).toEqual(['^', 'x'.repeat(10), '.']);
  });

  test('lets its sender go on and writes nothing more when the client has gone', async () => {
    const { timers, held, body, leave } = make();
    await held.read();
    body.send('x'.repeat(10));
    const { relief } = body;
    leave();
    await relief;
    await held.read();
    body.send('more');
    body.end();
    timers.advance(5_000);
    expect(held.written).toEqual(['^', 'x'.repeat(10)]);
    expect(held.writableEnded).toBe(false);
    expect(timers.armed).toBe(0);
  });
});
