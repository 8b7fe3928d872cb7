// Runs a program for a check: silent while all is well, everything it wrote in the error when it fails.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** A check that found something. The message is all that the reader needs. */
export class CheckFailed extends Error {}

/**
 * What the program wrote to stdout.
 *
 * @throws CheckFailed with the command and its whole output when it ends with another code than 0, or not within `timeoutMs`.
 */
export function run(command, args, { cwd = root, env = {}, timeoutMs = 120_000 } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let everything = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    everything += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    everything += text;
  });
  const failed = (how) => new CheckFailed(`${[command, ...args].join(' ')}\n${everything.trim()}\n${how}`);
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(failed(error.message)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else if (signal === 'SIGKILL') reject(failed(`It had not ended after ${timeoutMs / 1_000} s.`));
      else reject(failed(`It ended with ${signal ?? `code ${code}`}.`));
    });
  });
}
