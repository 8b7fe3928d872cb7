// What a child process writes and how it ends, for tests that wait for a line of it.

import type { ChildProcess } from 'node:child_process';

const longestWaitMs = 60_000;

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class Output {
  readonly child: ChildProcess;
  /** Settles when the process has ended and everything it wrote was read. */
  readonly ended: Promise<Ending>;
  stdout = '';
  stderr = '';
  readonly #looks = new Set<() => void>();

  /** The child's stdout and stderr must be pipes. */
  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      for (const look of this.#looks) look();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
  }

  /** The first match on stdout after the character `from`; rejects when it does not come, or the process ends before. */
  line(pattern: RegExp, from: number = 0): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.#looks.delete(look);
      };
      const look = (): void => {
        const match = pattern.exec(this.stdout.slice(from));
        if (match === null) return;
        settle();
        resolve(match);
      };
      const fail = (why: string): void => {
        settle();
        reject(new Error(`${why} before ${pattern} was written. stdout: ${this.stdout} stderr: ${this.stderr}`));
      };
      const timer = setTimeout(() => fail(`${longestWaitMs} ms passed`), longestWaitMs);
      this.#looks.add(look);
      look();
      void this.ended.then(() => fail('The process ended'));
    });
  }
}
