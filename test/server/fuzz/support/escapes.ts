// What nobody caught, while a test runs: errors that would have ended the process of a server.

import { onTestFinished } from 'vitest';

const events = ['uncaughtException', 'unhandledRejection'] as const;

export class Escapes {
  readonly #heard: unknown[] = [];

  /** Listens until the test is over. */
  constructor() {
    const hear = (error: unknown): void => void this.#heard.push(error);
    for (const event of events) process.on(event, hear);
    onTestFinished(() => {
      for (const event of events) process.off(event, hear);
    });
  }

  /** What has escaped since the last call. */
  async heard(): Promise<readonly unknown[]> {
    // A rejection counts as unhandled when the microtasks of its turn are done.
    await new Promise((resolve) => setImmediate(resolve));
    return this.#heard.splice(0);
  }
}
