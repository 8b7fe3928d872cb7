// A server in a process of its own, which measures itself while another process loads it.

import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { answerTasks, Worker } from './worker.js';

export class Served {
  #worker;
  #port;

  /** @param {Worker} worker @param {number} port */
  constructor(worker, port) {
    this.#worker = worker;
    this.#port = port;
  }

  /**
   * @param {URL} module What calls `serveTasks`.
   * @param {readonly string[]} args
   * @param {readonly string[]} nodeFlags
   */
  static async start(module, args, nodeFlags = []) {
    const worker = new Worker(module, args, nodeFlags);
    try {
      const { port } = await worker.ask({ type: 'listen' });
      return new Served(worker, port);
    } catch (error) {
      worker.end();
      throw error;
    }
  }

  get port() {
    return this.#port;
  }

  /** CPU microseconds of the server, user and system, while something is done to it. @param {() => Promise<unknown>} load */
  async cpuDuring(load) {
    await this.#worker.ask({ type: 'begin' });
    await load();
    const { us } = await this.#worker.ask({ type: 'end' });
    return us;
  }

  /** Bytes of heap and of what is outside of it, after a collection. Needs the flag --expose-gc. */
  async memory() {
    const { bytes } = await this.#worker.ask({ type: 'memory' });
    return bytes;
  }

  /** Resolves when the server holds no connection any more. */
  async quiet() {
    await this.#worker.ask({ type: 'quiet' });
  }

  end() {
    this.#worker.end();
  }
}

const holdsConnections = () => process.getActiveResourcesInfo().includes('TCPSocketWrap');
const quietWithinMs = 20_000;

/**
 * The other side.
 *
 * @param {() => Promise<number>} listen Answers the port.
 */
export function serveTasks(listen) {
  let before;
  const perform = {
    listen: async () => ({ port: await listen() }),
    begin() {
      before = process.cpuUsage();
      return {};
    },
    end() {
      const { user, system } = process.cpuUsage(before);
      return { us: user + system };
    },
    memory() {
      global.gc();
      global.gc();
      const { heapUsed, external } = process.memoryUsage();
      return { bytes: heapUsed + external };
    },
    async quiet() {
      const until = performance.now() + quietWithinMs;
      while (holdsConnections()) {
        if (performance.now() > until) throw new Error(`Connections were not released within ${quietWithinMs} ms.`);
        await delay(5);
      }
      return {};
    },
  };
  answerTasks(async ({ type }) => perform[type]());
}

/** Lets a server of `node:http` listen on a free port. @param {import('node:http').Server} server */
export async function listenOn(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}
