// What a client costs its process over one WebSocket: CPU per operation and per received message, memory per idle
// subscription. Every contender has a process of its own; one cheap server in another process answers all of them.

import { interleavedRounds } from '../measuring/rounds.js';
import { Worker } from '../measuring/worker.js';

const contenders = ['raw-ws', 'holdfast', 'graphql-ws', 'apollo'];

const calls = [100, 5_000].flatMap((bytes) =>
  [1, 32, 256].map((concurrency) => ({
    cell: `operation, ${bytes} B, ${concurrency} at a time`,
    unit: 'us',
    task: { type: 'calls', concurrency, bytes },
  })),
);
const messages = { cell: 'received message, 100 B', unit: 'us', task: { type: 'messages', bytes: 100 } };
const idle = ['next', 'loop'].map((consumer) => ({
  cell: `idle subscription, ${consumer === 'next' ? 'a pending next() or a callback' : 'a for await loop'}`,
  unit: 'bytes of heap',
  task: { type: 'idle', consumer, count: 10_000 },
}));

export const clientWs = {
  name: 'client-ws',
  about: 'clients over one WebSocket: CPU per operation and per message, heap per idle subscription',

  /** @param {{ seconds: number, only: readonly string[] | undefined }} options */
  async run({ seconds, only }) {
    const names = contenders.filter((name, index) => index === 0 || only === undefined || only.includes(name));
    const server = new Worker(new URL('./server.js', import.meta.url));
    const workers = new Map();
    try {
      const { url } = await server.ask({ type: 'listen' });
      for (const name of names) workers.set(name, client(name, url));
      const cells = [...calls, messages];
      const windowMs = Math.min(400, (seconds * 1_000) / (cells.length * names.length * 4));
      for (const worker of workers.values()) await warmUp(worker, windowMs);
      const speed = await interleavedRounds(names, cells, { seconds, fewest: 3 }, async (name, task) => {
        const { value } = await workers.get(name).ask({ ...task, windowMs });
        return value;
      });
      // Memory hardly varies, and each of its figures takes a process of its own.
      const few = { seconds: 0, fewest: seconds < 60 ? 1 : 3 };
      const memory = await interleavedRounds(names, idle, few, (name, task) => measureHeap(name, url, task));
      return { contenders: names, rounds: speed.rounds, cells: [...speed.cells, ...memory.cells] };
    } finally {
      for (const worker of [server, ...workers.values()]) worker.end();
    }
  },
};

/** @param {string} name @param {string} url @param {readonly string[]} flags */
function client(name, url, flags = []) {
  // Apollo Client has development checks that a program switches off by this condition.
  return new Worker(new URL('./client.js', import.meta.url), [name, url], ['--conditions=production', ...flags]);
}

/** @param {Worker} worker @param {number} windowMs */
async function warmUp(worker, windowMs) {
  for (const { task } of [...calls, messages]) await worker.ask({ ...task, windowMs });
}

/** In a process of its own, which holds nothing else. */
async function measureHeap(name, url, task) {
  const worker = client(name, url, ['--expose-gc']);
  try {
    const { value } = await worker.ask(task);
    return value;
  } finally {
    worker.end();
  }
}
