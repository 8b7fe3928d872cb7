// The tests of what stands on Node's own modules, on the newest Node, which is hardly ever the one that a developer has: sockets,
// HTTP, streams, TLS, and the text and numbers underneath. The rest (sessions on a clock of their own, schemas, pages) is the same
// program on every Node, and stays with `npm test`; so does what takes long.
import { run } from './command.js';
import { tests } from './tests.js';
import { tool } from './tools.js';

const about = [
  ...['test/transport', 'test/server', 'test/protocol', 'test/testing', 'test/conformance', 'test/observe'],
  'test/connect.test.ts',
];
const excluded = [
  'test/conformance/chromium*',
  'test/server/fuzz/**',
  'test/server/soak/**',
  'test/testing/simulation/**',
];

/** How many tests pass, and on which version. */
export async function newestNode() {
  const node = await tool('newest-node', 'node');
  const version = (await run(node, ['--version'])).trim();
  const without = excluded.map((pattern) => `--exclude=${pattern}`);
  return `${await tests(node, [...without, ...about])} on ${version}`;
}
