// When to look at a schema again: a file was written, or a while has passed.

import { type FSWatcher, realpathSync, watch as watchFolder } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { CommandError } from '../exit-codes.js';
import { messageOf } from '../words.js';

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
  readonly #watchers: FSWatcher[] = [];
  #settling: NodeJS.Timeout | undefined;

  /** Folders are watched and not the file: editors put another file in its place. Of a link, also what it leads to. */
  constructor(path: string) {
    super();
    const failed = (error: unknown): CommandError =>
      new CommandError(3, `${path} cannot be watched: ${messageOf(error)}`);
    try {
      for (const place of new Set([resolve(path), endOf(resolve(path))])) {
        const watcher = watchFolder(dirname(place), (_event, changed) => {
          if (changed === null || changed === basename(place)) this.#settle();
        });
        watcher.on('error', (error) => this.close(failed(error)));
        this.#watchers.push(watcher);
      }
    } catch (error) {
      this.close();
      throw failed(error);
    }
  }

  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.open(), settleMs);
  }

  override close(failure?: Error): void {
    super.close(failure);
    clearTimeout(this.#settling);
    for (const watcher of this.#watchers) watcher.close();
  }
}

/** The path itself where there is no file yet. */
function endOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
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
