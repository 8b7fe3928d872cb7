// Runs a program on a real pseudo terminal of 80 columns and 24 rows, by way of `script` of util-linux.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { Output } from '../support/output.js';

const { stdout } = spawnSync('script', ['--version'], { encoding: 'utf8' });
const available = stdout?.includes('util-linux') ?? false;
// Where CI runs, what is missing has to be seen.
export const missing: boolean = !available && process.env.CI === undefined;
if (missing) console.warn('Tests on a pseudo terminal are skipped: they need "script", Debian package "bsdutils".');

const running = new Set<ChildProcess>();

/** The process is the first thing that it says: `process <pid>`. */
export async function onTerminal(args: readonly string[], env: Record<string, string> = {}): Promise<OnTerminal> {
  const { NO_COLOR, FORCE_COLOR, ...inherited } = process.env;
  const quoted = [process.execPath, ...args].map((arg) => `'${arg.replaceAll("'", `'\\''`)}'`).join(' ');
  const command = `stty cols 80 rows 24; echo process $$; exec ${quoted}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...inherited, TERM: 'xterm', SHELL: '/bin/sh', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  child.on('exit', () => running.delete(child));
  const output = new Output(child);
  const [greeting, pid] = await output.line(/process (\d+)\r\n/);
  return { output, pid: Number(pid), shown: () => output.stdout.slice(greeting.length) };
}

export interface OnTerminal {
  readonly output: Output;
  readonly pid: number;
  /** What the program has written, as the terminal got it. */
  shown(): string;
}

/** Hangs up on everything that still runs. */
export function hangUp(): void {
  for (const child of running) child.kill('SIGKILL');
}
