// Does something again whenever a schema may have changed: the file was written, or a while has passed for a server. What goes
// wrong in between is told, and does not end it; a signal does.

import { exitCodeFor, internalError } from '../exit-codes.js';
import type { SchemaSource } from '../source.js';
import { messageOf } from '../words.js';
import { FileChanges, Ticks } from './changes.js';

export interface Outcome {
  readonly result: 'written' | 'unchanged' | 'failed';
  /** One line, for people. */
  readonly message: string;
}

/** What can change. */
export type WatchedSource = Exclude<SchemaSource, { readonly kind: 'text' }>;

type Work = (signal: AbortSignal) => Promise<Outcome>;

const endings = ['SIGINT', 'SIGTERM'] as const;

/** Answers with the exit code, once a signal has ended it. */
export async function watch(source: WatchedSource, intervalMs: number, work: Work): Promise<number> {
  const ended = new AbortController();
  const changes = source.kind === 'file' ? new FileChanges(source.path) : new Ticks(intervalMs);
  const end = (): void => {
    ended.abort();
    changes.close();
  };
  for (const signal of endings) process.on(signal, end);
  const how =
    source.kind === 'file'
      ? `${source.path} for changes`
      : `${source.address.host} by asking every ${intervalMs / 1_000} s`;
  process.stdout.write(`watching ${how}; end with Ctrl-C\n`);
  try {
    let told = '';
    do {
      const outcome = await attempt(work, ended.signal);
      if (outcome === undefined) break;
      // A server is asked again and again: that nothing is new, or still wrong, is said once.
      if (outcome.result === 'written' || outcome.message !== told) {
        (outcome.result === 'failed' ? process.stderr : process.stdout).write(`${outcome.message}\n`);
      }
      told = outcome.message;
    } while (await changes.next());
    return 0;
  } finally {
    end();
    for (const signal of endings) process.off(signal, end);
  }
}

/** Undefined: a signal has ended it. */
async function attempt(work: Work, signal: AbortSignal): Promise<Outcome | undefined> {
  try {
    return await work(signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    const code = exitCodeFor(error);
    // No change of the schema cures that.
    if (code === 2 || code === internalError) throw error;
    return { result: 'failed', message: messageOf(error) };
  }
}
