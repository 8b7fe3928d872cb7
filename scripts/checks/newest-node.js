// The tests of the source's parts on the newest Node, which is hardly ever the one that a developer has. What takes long and
// does not depend on Node's version (the simulation), or needs programs of its own (a browser), stays with `npm test`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './command.js';
import { tool } from './tools.js';

const elsewhere = [
  'test/testing/simulation/**',
  'test/browser/**',
  'test/conformance/chromium*',
  'test/interop/**',
  'test/server/fuzz/**',
  'test/server/soak/**',
];

/** How many tests passed, and on which version. */
export async function newestNode() {
  const node = await tool('newest-node', 'node');
  const version = (await run(node, ['--version'])).trim();
  const report = join(root, '.cache', 'newest-node-results.json');
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  const excluded = elsewhere.map((pattern) => `--exclude=${pattern}`);
  await run(node, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...reporters, ...excluded], {
    // In CI the configuration has a report of its own, which this run would write over.
    env: { CI: undefined },
    timeoutMs: 300_000,
  });
  const { numPassedTests } = JSON.parse(readFileSync(report, 'utf8'));
  return `${numPassedTests} tests pass on ${version}`;
}
