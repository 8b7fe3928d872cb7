// What stands around one case on the outside: a server, a fault proxy in front of it where it has a port, and the hands that
// reach into both. A stage is put up for one case and taken down after it.

import { type FaultProxy, faultProxy } from '../../../src/testing/fault-proxy.js';
import type { Control, Counts, ExpectedCounts } from '../environment.js';
import { letIn, turnAway } from './door.js';
import type { RunningServer, StartServer } from './servers.js';

export interface Stage {
  readonly server: RunningServer;
  readonly control: Control;
  /** Where clients go, as in `ws://127.0.0.1:40000`; empty where the server listens nowhere. */
  readonly address: string;
  /** Lets go what is held, and resolves when neither server nor world holds anything any more. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const boundMs = 20_000;

export async function putUp(start: StartServer): Promise<Stage> {
  const server = await start();
  const { world, port } = server;
  const proxy = port === undefined ? undefined : await faultProxy({ target: { port } });
  let vanished = false;
  const counts = (): Counts => ({
    connections: server.load().connections,
    accepted: proxy?.accepted ?? 0,
    refused: proxy?.refused ?? 0,
    ...world.counts,
  });
  return {
    server,
    control: controlOf(server, proxy, counts, () => {
      vanished = true;
    }),
    address: proxy?.url(server.scheme, '') ?? '',
    settled: async () => {
      world.releaseAll();
      // The server's end of a connection whose client vanished would stay for as long as its keep-alive allows.
      if (vanished) proxy?.cut();
      const idle = (): boolean => [...Object.values(server.load()), world.counts.sources].every((count) => count === 0);
      if (await comesTrue(idle)) return;
      throw new Error(`Something was left behind: ${JSON.stringify({ ...counts(), ...server.load() })}`);
    },
    close: async () => {
      await proxy?.close();
      await server.close();
    },
  };
}

function controlOf(
  { world, turnsAway }: RunningServer,
  proxy: FaultProxy | undefined,
  counts: () => Counts,
  onHalfOpen: () => void,
): Control {
  const network = (): FaultProxy => {
    if (proxy === undefined) throw new Error('There is no network between a session and a server in its own process.');
    return proxy;
  };
  return {
    counts: async () => counts(),
    until: async (expected) => {
      if (await comesTrue(() => holds(expected, counts()))) return counts();
      throw new Error(`The counts ${JSON.stringify(expected)} did not come; they are ${JSON.stringify(counts())}`);
    },
    publish: async (topic, ...values) => world.publish(topic, values),
    finish: async (topic) => world.finish(topic),
    release: async (gate) => world.release(gate),
    demand: async (token) => {
      world.token = token;
    },
    cut: async () => {
      network().cut();
      await heardOf();
    },
    halfOpen: async () => {
      onHalfOpen();
      network().halfOpen();
    },
    refuse: async () => turnAway(network(), turnsAway),
    accept: () => letIn(network()),
  };
}

/** Whether the counts that are named, and of `executed` and `opened` the entries that are named, are these. */
function holds(expected: ExpectedCounts, actual: Counts): boolean {
  return Object.entries(expected).every(([name, value]) => {
    const found: unknown = actual[name as keyof Counts];
    if (typeof value === 'number') return found === value;
    return Object.entries(value).every(([key, count]) => (Object(found)[key] ?? 0) === count);
  });
}

/** Resolves when whoever is in this process has heard of the ends of its sockets: they are told of between two turns. */
async function heardOf(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Turn by turn of the event loop, within a bound. */
async function comesTrue(condition: () => boolean): Promise<boolean> {
  const deadline = Date.now() + boundMs;
  while (!condition()) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return true;
}
