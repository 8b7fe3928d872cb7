// When to look at a schema again: a file was written, or a while has passed.

import { type FSWatcher, watch as watchFolder } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { CommandError } from '../exit-codes.js';

/** Editors write in several steps: what follows within this time belongs together. */
const settleMs = 50;

/** One consumer waits; what happens before it does counts, however often, as one. */
class Latch {
  #isOpen: boolean = false;
  #isClosed: boolean = false;
  #failure: Error | undefined;
  #waiting: (() => void) | undefined;

  open(): void {
    this.#isOpen = true;
    this.#waiting?.();
  }

  /** Resolves with true at the next change, with false when this is closed. Rejects where changes can no longer be seen. */
  async next(): Promise<boolean> {
    if (!this.#isOpen && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
    this.#isOpen = false;
    if (this.#failure !== undefined) throw this.#failure;
    return !this.#isClosed;
  }

  close(failure?: Error): void {
    this.#isClosed = true;
    this.#failure ??= failure;
    this.#waiting?.();
  }
}

export class FileChanges extends Latch {
  readonly #watcher: FSWatcher;
  #settling: NodeJS.Timeout | undefined;

  /** The folder is watched and not the file: editors put another file in its place. */
  constructor(path: string) {
    super();
    const name = basename(path);
    const failed = (error: unknown): CommandError => new CommandError(3, `${path} cannot be watched: ${error}`);
    try {
      this.#watcher = watchFolder(dirname(resolve(path)), (_event, changed) => {
        if (changed !== null && changed !== name) return;
        clearTimeout(this.#settling);
        this.#settling = setTimeout(() => this.open(), settleMs);
      });
    } catch (error) {
      throw failed(error);
    }
    this.#watcher.on('error', (error) => this.close(failed(error)));
  }

  override close(failure?: Error): void {
    super.close(failure);
    clearTimeout(this.#settling);
    this.#watcher.close();
  }
}

export class Ticks extends Latch {
  readonly #timer: NodeJS.Timeout;

  constructor(intervalMs: number) {
    super();
    this.#timer = setInterval(() => this.open(), intervalMs);
  }

  override close(failure?: Error): void {
    super.close(failure);
    clearInterval(this.#timer);
  }
}
