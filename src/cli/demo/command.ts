// `holdfast demo`: runs the demo, and prints what happens and the ledger, or the ledger alone as JSON. The exit code is 0 only
// if the ledger balances.

import type { Command } from '../command.js';
import { runDemo, settings } from './demo.js';
import type { Ledger } from './ledger.js';
import { report } from './report.js';
import { messageOf } from './words.js';
import { callerCount, mutationCount, queryCount } from './workload.js';

/** As shells count them: 128 and the signal's number. */
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof exitCodes;

class Interrupted extends Error {
  override readonly name: string = 'Interrupted';
  readonly exitCode: number;

  constructor(signal: Signal, why: string) {
    super(`ended early, ${why}; its server, connections and files are gone.`);
    this.exitCode = exitCodes[signal];
  }
}

export const demo: Command = {
  name: 'demo',
  summary: 'run one session through a cut, a half-open connection and a killed server, and account for everything',
  options: { json: 'print the ledger as one JSON object, and nothing else' },
  run: async (flags) => {
    const json = flags.has('json');
    const say = (text: string): void => {
      if (!json) process.stdout.write(`${text}\n`);
    };
    const ended = new AbortController();
    const interrupt = (signal: Signal): void => ended.abort(new Interrupted(signal, `by ${signal}`));
    const signals = Object.keys(exitCodes) as Signal[];
    for (const signal of signals) process.on(signal, interrupt);
    // As in `holdfast demo | head -3`. The listener stays: what is still written must not end the process halfway.
    process.stdout.on('error', () => ended.abort(new Interrupted('SIGHUP', 'because nobody reads its output')));
    try {
      say(introduction);
      const startedAt = performance.now();
      const ledger = await runDemo({ write: say, signal: ended.signal });
      if (json)
        process.stdout.write(
          `${JSON.stringify({ ...ledger, durationMs: Math.round(performance.now() - startedAt), settings }, undefined, 2)}\n`,
        );
      else say(`\n${report(ledger)}`);
      return ledger.balanced ? 0 : 1;
    } catch (error) {
      return failed(error, json);
    } finally {
      for (const signal of signals) process.off(signal, interrupt);
    }
  },
};

function failed(error: unknown, json: boolean): number {
  const message = messageOf(error);
  const ledger: Pick<Ledger, 'balanced' | 'problems'> = { balanced: false, problems: [message] };
  if (json) process.stdout.write(`${JSON.stringify(ledger, undefined, 2)}\n`);
  process.stderr.write(`holdfast demo: ${message}\n`);
  return error instanceof Interrupted ? error.exitCode : 1;
}

const introduction = `One session, ${callerCount} callers, ${queryCount} queries, ${mutationCount} mutations and a subscription, while the network breaks.

A shop server runs in a process of its own. Everything goes over one connection, through a proxy that breaks it on purpose.
For this demo the session is set to notice a dead peer after ${settings.silenceMs / 1_000} s of silence and ${settings.answerMs / 1_000} s more for an answer
(by default 15 s + 5 s), and to wait at most ${settings.backoffCapMs / 1_000} s between two attempts to connect (by default 60 s).
`;
