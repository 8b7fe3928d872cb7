// What a client over HTTP costs its process: CPU per operation. Every contender has a process of its own; one canned server in
// another process answers all of them, over HTTP/1.1 and h2c.

import { interleavedRounds } from '../measuring/rounds.js';
import { Worker } from '../measuring/worker.js';

const contenders = [
  'raw-undici',
  'raw-http2',
  'holdfast-undici',
  'holdfast-fetch',
  'holdfast-http2',
  'graphql-request',
  'urql',
  'apollo',
  'graphql-tools',
];

/** Who is compared with another one as well, besides the first of all. */
const besides = { 'holdfast-http2': 'raw-http2' };

/** 256 answers of 200 kB at a time would be a bench of the memory, and nobody has them. */
const cells = [
  [100, [1, 32, 256]],
  [5_000, [1, 32, 256]],
  [200_000, [1, 32]],
].flatMap(([bytes, concurrencies]) =>
  concurrencies.map((concurrency) => ({
    cell: `operation, ${bytes} B, ${concurrency} at a time`,
    unit: 'us',
    task: { concurrency, bytes },
  })),
);

export const clientHttp = {
  name: 'client-http',
  about: 'clients over HTTP/1.1 and HTTP/2: CPU per operation',

  /** @param {{ seconds: number, only: readonly string[] | undefined }} options */
  async run({ seconds, only }) {
    const chosen = only ?? contenders;
    const needed = [contenders[0], ...chosen, ...chosen.map((name) => besides[name])];
    const names = contenders.filter((name) => needed.includes(name));
    const server = new Worker(new URL('./server.js', import.meta.url));
    const workers = new Map();
    try {
      const { http1, http2 } = await server.ask({ type: 'listen' });
      for (const name of names) workers.set(name, client(name, http1, http2));
      const windowMs = Math.min(400, (seconds * 1_000) / (cells.length * names.length * 4));
      for (const worker of workers.values()) {
        for (const { task } of cells) await worker.ask({ ...task, windowMs });
      }
      const measure = async (name, task) => {
        const { value } = await workers.get(name).ask({ ...task, windowMs });
        return value;
      };
      const found = await interleavedRounds(names, cells, { seconds, fewest: 3 }, measure, (name) => besides[name]);
      return { contenders: names, ...found };
    } finally {
      for (const worker of [server, ...workers.values()]) worker.end();
    }
  },
};

/** @param {string[]} args */
function client(...args) {
  // Apollo Client has development checks that a program switches off by this condition.
  return new Worker(new URL('./client.js', import.meta.url), args, ['--conditions=production']);
}
