// The tests on the newest Node, which is hardly ever the one that a developer has. Those with programs and browsers, and those that
// take long, put together what is tested here in parts: they stay with `npm test`, and so do those with other people's software.
import { run } from './command.js';
import { tests } from './tests.js';
import { tool } from './tools.js';

const about = ['conformance', 'connect', 'observe', 'protocol', 'schema', 'server', 'session', 'transport'];

/** How many tests pass, and on which version. */
export async function newestNode() {
  const node = await tool('newest-node', 'node');
  const version = (await run(node, ['--version'])).trim();
  const folders = about.map((name) => `test/${name}`);
  return `${await tests(node, ['--project=apart', '--project=together', ...folders])} on ${version}`;
}
