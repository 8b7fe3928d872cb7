// The tests of the source's parts on the newest Node, which is hardly ever the one that a developer has. What takes long and
// does not depend on Node's version (the simulation), puts together what is tested here in parts (the demo, the guides), or needs
// programs of its own (a browser), stays with `npm test`.
import { run } from './command.js';
import { tests } from './tests.js';
import { tool } from './tools.js';

const elsewhere = [
  'test/testing/simulation/**',
  'test/browser/**',
  'test/conformance/chromium*',
  'test/interop/**',
  'test/server/fuzz/**',
  'test/server/soak/**',
  'test/schema/build/fuzz*',
  'test/house/**',
  'test/cli/{demo,live-demo,generate,schema,validate}.test.ts',
  'test/examples/web*',
  'test/bench/**',
];

/** How many tests passed, and on which version. */
export async function newestNode() {
  const node = await tool('newest-node', 'node');
  const version = (await run(node, ['--version'])).trim();
  const excluded = elsewhere.map((pattern) => `--exclude=${pattern}`);
  return `${await tests(node, excluded)} tests pass on ${version}`;
}
