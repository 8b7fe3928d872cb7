// The tests of what stands on Node's own modules, on the newest Node, which is hardly ever the one that a developer has: sockets,
// HTTP, streams, TLS, and the text and numbers underneath. The rest (sessions on a clock of their own, schemas, pages) is the same
// program on every Node, and stays with `npm test`; so do those that have a process of their own, which take long.
import { run } from './command.js';
import { tests } from './tests.js';
import { tool } from './tools.js';

const about = ['transport', 'server', 'protocol', 'conformance', 'observe', 'connect'].map((name) => `test/${name}`);

/** How many tests pass, and on which version. */
export async function newestNode() {
  const node = await tool('newest-node', 'node');
  const version = (await run(node, ['--version'])).trim();
  return `${await tests(node, ['--project=together', ...about])} on ${version}`;
}
