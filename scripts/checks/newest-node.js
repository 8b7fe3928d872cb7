// The tests on the newest Node, which is hardly ever the one that a developer has. Those with programs and browsers, and those that
// take long, put together what is tested here in parts: they stay with `npm test`.
import { run } from './command.js';
import { tests } from './tests.js';
import { tool } from './tools.js';

/** How many tests pass, and on which version. */
export async function newestNode() {
  const node = await tool('newest-node', 'node');
  const version = (await run(node, ['--version'])).trim();
  return `${await tests(node, ['--project=apart', '--project=together'])} on ${version}`;
}
