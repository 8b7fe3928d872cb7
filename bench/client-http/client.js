// One contender in a process of its own: connects, then measures what it is asked to. An answer that is not the right one
// ends it.

import { cpuPerUnit } from '../measuring/cpu.js';
import { answerTasks } from '../measuring/worker.js';
import { check, variablesFor } from './question.js';

const [name, http1, http2] = process.argv.slice(2);
const { open } = await import(`./contenders/${name}.js`);
const call = await open({ http1, http2 });

answerTasks(async ({ concurrency, bytes, windowMs }) => {
  const value = await cpuPerUnit(windowMs, async (goesOn) => {
    let calls = 0;
    const caller = async () => {
      do {
        const variables = variablesFor(bytes);
        check(await call(variables), variables);
        calls += 1;
      } while (goesOn());
    };
    await Promise.all(Array.from({ length: concurrency }, caller));
    return calls;
  });
  return { value };
});
