// Runs tests for a check, with any Node and any graphql.
import { join } from 'node:path';
import { root, run } from './command.js';

const reporter = join(root, 'scripts', 'checks', 'short-reporter.js');

/**
 * How many tests pass, in words.
 *
 * @throws CheckFailed with the names and messages of those that did not.
 */
export async function tests(node, args, cwd = root) {
  const vitest = join(cwd, 'node_modules', 'vitest', 'vitest.mjs');
  const stdout = await run(node, [vitest, 'run', `--reporter=${reporter}`, ...args], {
    cwd,
    env: { NO_COLOR: '1' },
    timeoutMs: 600_000,
  });
  return stdout.trim().split('\n').at(-1);
}
