// A process that is told what to do, one thing at a time, and answers with what came of it.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The longest task takes a tenth of it. */
const answerWithinMs = 180_000;

export class Worker {
  #child;
  #name;

  /**
   * @param {URL} module What it runs.
   * @param {readonly string[]} args
   * @param {readonly string[]} nodeFlags
   */
  constructor(module, args = [], nodeFlags = []) {
    this.#name = [fileURLToPath(module), ...args].join(' ');
    this.#child = fork(fileURLToPath(module), args, {
      execArgv: nodeFlags,
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 2, 2, 'ipc'],
    });
  }

  /** @param {object} task */
  ask(task) {
    return new Promise((resolve, reject) => {
      const ended = (code) => {
        clearTimeout(timer);
        reject(new Error(`${this.#name} ended with ${code}`));
      };
      const late = () => reject(new Error(`${this.#name} did not answer within ${answerWithinMs / 1_000} s`));
      const timer = setTimeout(late, answerWithinMs);
      this.#child.once('exit', ended);
      this.#child.once('message', (answer) => {
        clearTimeout(timer);
        this.#child.off('exit', ended);
        resolve(answer);
      });
      this.#child.send(task);
    });
  }

  /** Ends the process: nothing it holds is needed any more. */
  end() {
    this.#child.kill();
  }
}

/**
 * The other side: answers every task with what `perform` resolves to, until the process that asks is gone.
 *
 * @param {(task: object) => Promise<object>} perform
 */
export function answerTasks(perform) {
  process.on('message', async (task) => process.send(await perform(task)));
  process.on('disconnect', () => process.exit());
}
