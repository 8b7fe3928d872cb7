// Runs tests for a check, with any Node and any graphql: how many passed, or the names and messages of those that did not.
import { readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CheckFailed, root, run } from './command.js';

/** Of one message. */
const maxLines = 20;

/**
 * How many tests passed.
 *
 * @throws CheckFailed with the failed tests, or with all that was written where none of them is to blame: a file that does not
 *   load is one of them, an error that nothing caught or a run that takes too long is not.
 */
export async function tests(node, args, { cwd = root, report } = {}) {
  rmSync(report, { force: true });
  const vitest = join(cwd, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  try {
    await run(node, [vitest, 'run', ...reporters, ...args], {
      cwd,
      // In CI the configuration has a report of its own, which this run would write over.
      env: { CI: undefined },
      timeoutMs: 300_000,
    });
  } catch (error) {
    const failed = failures(report, cwd);
    if (!(error instanceof CheckFailed) || failed.length === 0) throw error;
    throw new CheckFailed(failed.join('\n\n'));
  }
  return JSON.parse(readFileSync(report, 'utf8')).numPassedTests;
}

function failures(report, cwd) {
  let files;
  try {
    files = JSON.parse(readFileSync(report, 'utf8')).testResults;
  } catch {
    // It did not come so far.
    return [];
  }
  return files.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    const file = relative(cwd, name);
    if (failed.length === 0) return status === 'failed' ? [`${file}\n${short(message)}`] : [];
    return failed.map(({ ancestorTitles, title, failureMessages }) => {
      const test = [file, ...ancestorTitles, title].join(' > ');
      return `${test}\n${failureMessages.map(short).join('\n')}`;
    });
  });
}

/** Without the places inside of the test framework, whose report has no words for a test that takes too long. */
function short(message) {
  const lines = message
    .replace('STACK_TRACE_ERROR', 'It did not end in time.')
    .split('\n')
    .filter((line) => !line.includes('/node_modules/'));
  const left = lines.length - maxLines;
  return (left > 0 ? [...lines.slice(0, maxLines), `(and ${left} lines more)`] : lines).join('\n').trim();
}
