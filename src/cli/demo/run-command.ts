// Runs the demo as `holdfast demo` does, and prints what happens and the ledger, or the ledger alone as JSON. The exit code is
// 0 only if the ledger balances.

import type { CommandLine } from '../command.js';
import { messageOf } from '../words.js';
import { type DemoOptions, runDemo, settings } from './demo.js';
import type { Ledger } from './ledger.js';
import { presenterFor } from './presenter.js';
import { report } from './report.js';
import { defaultWay, type Way, ways } from './way.js';
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

export async function run(line: CommandLine): Promise<number> {
  const json = line.has('json');
  const way = ways.find(({ name }) => name === line.get('transport')) ?? defaultWay;
  const ended = new AbortController();
  const interrupt = (signal: Signal): void => ended.abort(new Interrupted(signal, `by ${signal}`));
  const signals = Object.keys(exitCodes) as Signal[];
  for (const signal of signals) process.on(signal, interrupt);
  // As in `holdfast demo | head -3`. The listener stays: what is still written must not end the process halfway.
  process.stdout.on('error', () => ended.abort(new Interrupted('SIGHUP', 'because nobody reads its output')));
  const startedAt = performance.now();
  const nowMs = (): number => Math.round(performance.now() - startedAt);
  const options = { way, nowMs, signal: ended.signal };
  try {
    const ledger = json ? await runDemo({ ...options, tell: () => undefined }) : await runBeforePeople(options);
    print(json ? inJson({ ...ledger, transport: way.name, durationMs: nowMs(), settings }) : `\n${report(ledger)}`);
    return ledger.balanced ? 0 : 1;
  } catch (error) {
    return failed(error, json);
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}

async function runBeforePeople({ way, nowMs, signal }: Omit<DemoOptions, 'tell'>): Promise<Ledger> {
  print(introductionFor(way));
  using presenter = presenterFor(process.stdout, process.env, nowMs);
  return await runDemo({ tell: (happening) => presenter.tell(happening), way, nowMs, signal });
}

function failed(error: unknown, json: boolean): number {
  const message = messageOf(error);
  const ledger: Pick<Ledger, 'balanced' | 'problems'> = { balanced: false, problems: [message] };
  if (json) print(inJson(ledger));
  process.stderr.write(`holdfast demo: ${message}\n`);
  return error instanceof Interrupted ? error.exitCode : 1;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function inJson(value: object): string {
  return JSON.stringify(value, undefined, 2);
}

function introductionFor({ kind, title, aboutWrites }: Way): string {
  return `One session, ${callerCount} callers, ${queryCount} queries, ${mutationCount} mutations and a subscription, while the network breaks.

A shop server runs in a process of its own, behind a proxy that breaks connections on purpose.
${title}
${aboutWrites}

${kind === 'connection' ? aboutConnections : aboutPools}
`;
}

const whole = (ms: number): string => `${ms / 1_000} s`;

const aboutConnections = `For this demo the session is set to notice a dead peer after ${whole(settings.silenceMs)} of silence and ${whole(settings.answerMs)} more for an answer
(by default 15 s + 5 s), and to wait at most ${whole(settings.backoffCapMs)} between two attempts to connect (by default 60 s).`;

const aboutPools = `For this demo the session is set to wait at most ${whole(settings.backoffCapMs)} before it sends again (by default 60 s). No connection goes
half-open here: HTTP/1.1 has no ping, so a call on such a connection would wait for its own deadline.`;
