// Clients that come and go for a long time: the server's counters return to zero and its heap stays as it is.
import { expect, test } from 'vitest';
import { streamCycle, webSocketCycle } from './support/cycles.js';
import { Line } from './support/line.js';
import { Served } from './support/served.js';
import { type Point, slope } from './support/slope.js';

const atOnce = 50;
// On a slow machine; elsewhere they take seconds.
const minutes = 60_000;

/** Runs so many cycles, and takes a sample in the second half whenever `every` more are done and nobody is connected. */
async function soak(
  served: Served,
  cycles: number,
  every: number,
  cycle: (turn: number) => Promise<void>,
): Promise<readonly Point[]> {
  const samples: Point[] = [];
  for (let done = 0; done < cycles; ) {
    const end = done + every;
    const client = async (): Promise<void> => {
      while (done < end) await cycle(done++);
    };
    await Promise.all(Array.from({ length: atOnce }, client));
    const { heap, stats, failures } = await served.sample();
    expect(failures).toEqual([]);
    expect(stats).toEqual({ connections: 0, operations: 0, sources: 0 });
    if (done >= cycles / 2) samples.push({ x: done, y: heap });
  }
  expect(await served.gauges()).toEqual({
    holdfast_ready: 1,
    holdfast_connections: 0,
    holdfast_principals: 0,
    holdfast_operations_running: 0,
    holdfast_event_sources: 0,
  });
  return samples;
}

test(
  'ten thousand WebSockets that come, subscribe and leave in every way leave nothing behind',
  async () => {
    const served = await Served.start();
    const samples = await soak(served, 10_000, 250, (turn) => webSocketCycle(served.port, turn));
    expect(slope(samples)).toBeLessThan(50);
  },
  5 * minutes,
);

test(
  'neither do four thousand event streams over HTTP',
  async () => {
    const served = await Served.start();
    const samples = await soak(served, 4_000, 100, (turn) => streamCycle(served.port, turn));
    expect(slope(samples)).toBeLessThan(50);
  },
  5 * minutes,
);

test(
  'nor two hundred thousand operations on one WebSocket that stays',
  async () => {
    const served = await Served.start();
    const line = await Line.webSocket(served.port, 'graphql-transport-ws');
    line.message({ type: 'connection_init' });
    await line.hear(/connection_ack/);
    const samples: Point[] = [];
    const query = 'query ($name: String) { hello(name: $name) }';
    for (let done = 0; done < 200_000; ) {
      const ids = Array.from({ length: 500 }, () => done++);
      const ask = (id: number): object => {
        const variables = { name: `client ${id % 10}` };
        return { type: 'subscribe', id: `${id}`, payload: { query, variables } };
      };
      line.message(...ids.map(ask));
      await line.hear(new RegExp(`"complete","id":"${done - 1}"`));
      if (done > 100_000 && done % 5_000 === 0) samples.push({ x: done, y: (await served.sample(1)).heap });
    }
    expect(slope(samples)).toBeLessThan(1);
    await line.close();
    expect((await served.sample()).stats).toEqual({ connections: 0, operations: 0, sources: 0 });
  },
  5 * minutes,
);
