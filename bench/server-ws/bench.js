// What a server over WebSocket costs its process: CPU per operation and per connection that comes, memory per one that is idle.
// Every contender serves the same schema in a process of its own; one other process plays all clients.

import { bestOf, interleavedRounds } from '../measuring/rounds.js';
import { Served } from '../measuring/served.js';
import { Worker } from '../measuring/worker.js';

const contenders = ['raw-ws', 'holdfast', 'holdfast-jit', 'mercurius', 'mercurius-jit', 'yoga', 'graphql-ws'];

/** With whom of the others each of Holdfast's engines is compared: the best of those who execute as it does, or of all. */
const peers = {
  holdfast: ['mercurius', 'yoga', 'graphql-ws'],
  'holdfast-jit': ['mercurius', 'mercurius-jit', 'yoga', 'graphql-ws'],
};

const notes = [
  'raw-ws executes nothing: it finds its answers by their variables. It sends each message by itself.',
  'holdfast is compared with the best peer that executes with graphql-js, holdfast-jit with the best of all.',
  'One machine plays all clients: for that, limits.messagesPerSecond, messageBurst, connections and connectionsPerPrincipal of Holdfast are Infinity.',
];

/** Files that a process has open besides its connections. */
const otherFiles = 200;

export const serverWs = {
  name: 'server-ws',
  about: 'servers over WebSocket: CPU per operation and per connect, memory per idle connection',

  /** @param {{ seconds: number, only: readonly string[] | undefined }} options */
  async run({ seconds, only }) {
    const names = contenders.filter((name, index) => index === 0 || only === undefined || only.includes(name));
    const { busy, idle } = cellsFor(seconds);
    const missing = [...busy, ...idle].filter(({ task }) => task.connections + otherFiles > mostFiles());
    const possible = (cells) => cells.filter((cell) => !missing.includes(cell));
    const load = new Worker(new URL('./client.js', import.meta.url));
    const servers = new Map();
    const besides = (name, values) => bestOf(peers[name] ?? [], values);
    try {
      for (const name of names) servers.set(name, await start(name));
      // Once before it counts: documents are compiled, and so is the code.
      for (const server of servers.values()) {
        for (const { task } of possible(busy)) await measureCpu(load, server, task);
      }
      const speed = await interleavedRounds(
        names,
        possible(busy),
        { seconds, fewest: 3 },
        (name, task) => measureCpu(load, servers.get(name), task),
        besides,
      );
      // Memory hardly varies, and each of its figures takes a process of its own.
      const few = { seconds: 0, fewest: seconds < 60 ? 1 : 3 };
      const memory = await interleavedRounds(
        names,
        possible(idle),
        few,
        (name, task) => measureMemory(load, name, task),
        besides,
      );
      return {
        contenders: names,
        rounds: speed.rounds,
        cells: [...speed.cells, ...memory.cells],
        notes: [...notes, ...missing.map(whyMissing)],
      };
    } finally {
      for (const worker of [load, ...servers.values()]) worker.end();
    }
  },
};

/** As many operations and connections as the time allows. */
function cellsFor(seconds) {
  const part = Math.min(1, seconds / 100);
  const many = (most, fewest) => Math.max(fewest, Math.round(most * part));
  const query = (connections, inFlight) => ({
    cell: `query, ${connections} ${connections === 1 ? 'connection' : 'connections'}, ${inFlight} at a time`,
    unit: 'us',
    task: { connections, inFlight, operations: many(10_000, 2 * connections * inFlight) },
  });
  const storm = many(5_000, 50);
  const held = many(10_000, 100);
  return {
    busy: [
      query(32, 8),
      query(1, 32),
      { cell: `connect, in a storm of ${storm}`, unit: 'us', task: { connections: storm } },
    ],
    idle: [{ cell: `idle connection, of ${held}`, unit: 'bytes of heap and external', task: { connections: held } }],
  };
}

function mostFiles() {
  // Node raises the soft limit to the hard one by itself; Windows has none.
  const limit = process.report.getReport().userLimits?.open_files.hard;
  return typeof limit === 'number' ? limit : Number.POSITIVE_INFINITY;
}

const whyMissing = ({ cell }) =>
  `Left out: "${cell}". This system lets a process have ${mostFiles()} files open (ulimit -n); raise that to see it.`;

/** @param {string} name @param {readonly string[]} flags */
const start = (name, flags = []) => Served.start(new URL('./server.js', import.meta.url), [name], flags);

/** @param {Worker} load @param {Served} server */
async function measureCpu(load, server, { connections, inFlight, operations }) {
  const connect = { type: 'connect', port: server.port, count: connections };
  const inStorm = await server.cpuDuring(() => load.ask(connect));
  const us = inFlight === undefined ? inStorm / connections : await perOperation(load, server, inFlight, operations);
  await load.ask({ type: 'disconnect' });
  await server.quiet();
  return us;
}

async function perOperation(load, server, inFlight, operations) {
  const us = await server.cpuDuring(() => load.ask({ type: 'run', inFlight, operations }));
  return us / operations;
}

/** In a process of its own, which holds nothing else. @param {Worker} load @param {string} name */
async function measureMemory(load, name, { connections }) {
  const server = await start(name, ['--expose-gc']);
  const hold = (count) => load.ask({ type: 'connect', port: server.port, count });
  try {
    // The first ones also cost what is made once.
    await hold(20);
    await load.ask({ type: 'disconnect' });
    await server.quiet();
    const before = await server.memory();
    await hold(connections);
    const after = await server.memory();
    await load.ask({ type: 'disconnect' });
    return (after - before) / connections;
  } finally {
    server.end();
  }
}
