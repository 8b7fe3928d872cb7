// The shop server's process, seen from the demo: start it, kill it without a warning, start it again on the same port, and
// leave nothing of it behind.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ShopMessage } from './shop-server.js';
import type { ServerProtocol } from './way.js';

const entry = fileURLToPath(new URL('./shop-server.js', import.meta.url));
const startTimeoutMs = 10_000;
/** A port may be held for a moment after its process died. */
const startAttempts = 5;
/** The end of what the process wrote to stderr, for the error that explains its death. */
const keptCharacters = 2_000;

export class ShopProcess implements AsyncDisposable {
  readonly #journal: string;
  readonly #protocol: ServerProtocol;
  readonly #died: (error: Error) => void;
  #child: ChildProcess | undefined;
  #port = 0;
  #disposed = false;

  private constructor(journal: string, protocol: ServerProtocol, died: (error: Error) => void) {
    this.#journal = journal;
    this.#protocol = protocol;
    this.#died = died;
  }

  /** Starts the process on any free port. `died` is called when it ends and nobody asked it to. */
  static async start(journal: string, protocol: ServerProtocol, died: (error: Error) => void): Promise<ShopProcess> {
    const shop = new ShopProcess(journal, protocol, died);
    await shop.#start();
    return shop;
  }

  get port(): number {
    return this.#port;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** SIGKILL: no handler runs, nothing is flushed, no connection is closed in order. Resolves when it is dead. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** Starts it again on the port it had. */
  async restart(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#start();
        return;
      } catch (error) {
        if (attempt === startAttempts || this.#disposed) throw error;
        await wait(100);
      }
    }
  }

  /** It holds nothing that a kill could harm: its journal is written line by line. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    await this.kill();
  }

  async #start(): Promise<void> {
    if (this.#disposed) throw new Error('The demo is over: the shop server is not started any more.');
    const child = fork(entry, [this.#journal, this.#protocol, String(this.#port)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
    });
    this.#child = child;
    let complaint = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint = `${complaint}${text}`.slice(-keptCharacters);
    });
    try {
      this.#port = await listening(child, () => complaint);
    } catch (error) {
      await this.kill();
      throw error;
    }
    child.once('exit', (code, signal) => {
      if (this.#child !== child) return;
      this.#died(new Error(`The shop server ended by itself (${signal ?? `exit code ${code}`}). ${complaint}`.trim()));
    });
  }
}

/** Resolves with the port; rejects when the process fails, ends, or says nothing in time. */
function listening(child: ChildProcess, complaint: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      child.removeListener('exit', exited);
    };
    const fail = (why: string): void => {
      settle();
      reject(new Error(`The shop server did not start: ${why}`));
    };
    const exited = (): void => fail(complaint() || 'it ended without a word');
    const timer = setTimeout(() => fail(`it said nothing for ${startTimeoutMs} ms`), startTimeoutMs);
    child.once('error', (error) => fail(error.message));
    child.once('exit', exited);
    child.once('message', (message: ShopMessage) => {
      if (message.type === 'failed') return fail(message.message);
      settle();
      resolve(message.port);
    });
  });
}
