// What a server over HTTP costs its process: CPU per operation. Every contender serves the same schema in a process of its own;
// one other process asks all of them, over HTTP/1.1 with connections that are kept.

import { bestOf, interleavedRounds } from '../measuring/rounds.js';
import { Served } from '../measuring/served.js';
import { Worker } from '../measuring/worker.js';

const contenders = ['raw-http', 'holdfast', 'holdfast-jit', 'mercurius', 'mercurius-jit', 'yoga', 'graphql-http'];

/** With whom of the others each of Holdfast's engines is compared: the best of those who execute as it does, or of all. */
const peers = {
  holdfast: ['mercurius', 'yoga', 'graphql-http'],
  'holdfast-jit': ['mercurius', 'mercurius-jit', 'yoga', 'graphql-http'],
};

const cells = [
  { cell: 'small query, 64 connections', questions: 'small', connections: 64, operations: 10_000 },
  { cell: 'small query, 1 connection', questions: 'small', connections: 1, operations: 5_000 },
  { cell: 'list of 50, 64 connections', questions: 'list', connections: 64, operations: 5_000 },
];

const notes = [
  'raw-http executes nothing: it finds its answers by the text of the request.',
  'holdfast is compared with the best peer that executes with graphql-js, holdfast-jit with the best of all.',
];

export const serverHttp = {
  name: 'server-http',
  about: 'servers over HTTP/1.1: CPU per operation',

  /** @param {{ seconds: number, only: readonly string[] | undefined }} options */
  async run({ seconds, only }) {
    const names = contenders.filter((name, index) => index === 0 || only === undefined || only.includes(name));
    const load = new Worker(new URL('./client.js', import.meta.url));
    const servers = new Map();
    try {
      for (const name of names) {
        servers.set(name, await Served.start(new URL('./server.js', import.meta.url), [name]));
      }
      const tasks = cells.map(({ cell, ...task }) => ({ cell, unit: 'us', task: shortened(task, seconds) }));
      // Once before it counts: documents are compiled, and so is the code.
      for (const server of servers.values()) {
        for (const { task } of tasks) await measure(load, server, task);
      }
      const found = await interleavedRounds(
        names,
        tasks,
        { seconds, fewest: 3 },
        (name, task) => measure(load, servers.get(name), task),
        (name, values) => bestOf(peers[name] ?? [], values),
      );
      return { contenders: names, ...found, notes };
    } finally {
      for (const worker of [load, ...servers.values()]) worker.end();
    }
  },
};

/** As many operations as the time allows, and never fewer than there are connections. */
function shortened(task, seconds) {
  const operations = Math.round(task.operations * Math.min(1, seconds / 100));
  return { ...task, operations: Math.max(operations, 2 * task.connections) };
}

/** @param {Worker} load @param {Served} server */
async function measure(load, server, { questions, connections, operations }) {
  await load.ask({ type: 'connect', port: server.port, count: connections });
  const run = { type: 'run', questions };
  // What the first requests on a connection cost more is not what is measured.
  await load.ask({ ...run, operations: connections });
  const us = await server.cpuDuring(() => load.ask({ ...run, operations }));
  await load.ask({ type: 'disconnect' });
  await server.quiet();
  return us / operations;
}
