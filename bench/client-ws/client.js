// One contender in a process of its own: connects, then measures what it is asked to.

import { cpuPerUnit } from '../measuring/cpu.js';
import { answerTasks } from '../measuring/worker.js';
import { queryVariables, subscriptionVariables } from './documents.js';

const [name, url] = process.argv.slice(2);
const { open } = await import(`./contenders/${name}.js`);
const client = await open(url);

/** Messages of one subscription: enough that its start and end cost nothing beside them. */
const run = 20_000;

const measure = {
  calls: ({ concurrency, bytes, windowMs }) =>
    cpuPerUnit(windowMs, async (goesOn) => {
      let calls = 0;
      const caller = async () => {
        do {
          await client.call(queryVariables(bytes));
          calls += 1;
        } while (goesOn());
      };
      await Promise.all(Array.from({ length: concurrency }, caller));
      return calls;
    }),

  messages: ({ bytes, windowMs }) =>
    cpuPerUnit(windowMs, async (goesOn) => {
      let messages = 0;
      do {
        const received = await client.receive(subscriptionVariables(run, bytes));
        if (received !== run) throw new Error(`${name} received ${received} messages of ${run}`);
        messages += received;
      } while (goesOn());
      return messages;
    }),

  async idle({ consumer, count }) {
    const hold = client.hold[consumer];
    if (hold === undefined) return undefined;
    const held = [];
    const start = (many) => {
      for (let number = 0; number < many; number += 1) held.push(hold(subscriptionVariables(0, 100)));
    };
    // The first ones also cost what is made once; an answer shows that all before it was sent.
    start(100);
    await client.call(queryVariables(100));
    const before = heapInUse();
    held.length = 0;
    start(count);
    await client.call(queryVariables(100));
    const after = heapInUse();
    return held.length === count ? (after - before) / count : undefined;
  },
};

function heapInUse() {
  global.gc();
  global.gc();
  return process.memoryUsage().heapUsed;
}

answerTasks(async (task) => ({ value: await measure[task.type](task) }));
