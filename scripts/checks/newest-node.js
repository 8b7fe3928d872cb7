// The tests on the newest Node, which is hardly ever the one that a developer has. Those that have a process of their own (programs,
// browsers, what takes long) put together what is tested here in parts, and stay with `npm test`.
import { run } from './command.js';
import { tests } from './tests.js';
import { tool } from './tools.js';

/** How many tests pass, and on which version. */
export async function newestNode() {
  const node = await tool('newest-node', 'node');
  const version = (await run(node, ['--version'])).trim();
  return `${await tests(node, ['--project=together'])} on ${version}`;
}
