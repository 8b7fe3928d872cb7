// `npm run check [-- <name>...]`: what must hold of the package besides its tests. A line for each check that passes, the
// whole output of each that does not. Most keep one core busy, so two of them run at a time.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckFailed, root, run } from './command.js';
import { browserConsumer, nodeConsumer } from './consumers.js';
import { newestNode } from './newest-node.js';
import { realSchemas } from './real-schemas.js';
import { sizes } from './sizes.js';
import { testsGraphql17 } from './tests-graphql-17.js';
import { typesBudget } from './types-budget.js';
import { typesCompletion } from './types-completion.js';

const bin = (name) => join(root, 'node_modules', '.bin', name);
const folder = mkdtempSync(join(tmpdir(), 'holdfast-check-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

let packed;
/** The tarball that npm would publish: packed once, whoever asks. */
function tarball() {
  packed ??= run('npm', ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder]).then(
    (stdout) => join(folder, JSON.parse(stdout)[0].filename),
  );
  return packed;
}

const checks = {
  attw: async () => void (await run(bin('attw'), [await tarball(), '--profile', 'esm-only'])),
  publint: async () => void (await run(bin('publint'), ['run', await tarball(), '--strict'])),
  knip: async () => void (await run(bin('knip'), ['--no-progress', '--tsConfig', 'tsconfig.build.json'])),
  'size-limit': sizes,
  'types-budget': typesBudget,
  'types-completion': typesCompletion,
  'graphql-16': async () => nodeConsumer(await tarball(), '16.15.0'),
  'graphql-17': async () => nodeConsumer(await tarball(), '17.1.0'),
  browser: async () => browserConsumer(await tarball()),
  'real-schemas': async () => realSchemas(await tarball()),
};
/** These keep every core busy. */
const alone = {
  'newest-node': newestNode,
  'tests-graphql-17': () => testsGraphql17('17.1.0'),
};

const names = [...Object.keys(checks), ...Object.keys(alone)];
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !names.includes(name));
if (unknown !== undefined) {
  console.error(`There is no check "${unknown}"; there are ${names.join(', ')}`);
  process.exit(2);
}

const chosen = (some) => Object.entries(some).filter(([name]) => wanted.length === 0 || wanted.includes(name));

let failed = 0;
async function carryOut(name, check) {
  const began = performance.now();
  const line = (how, more) =>
    console.log(`${how} ${name}${more} (${((performance.now() - began) / 1_000).toFixed(1)} s)`);
  try {
    const found = await check();
    line('ok', found === undefined ? '' : `: ${found}`);
  } catch (error) {
    failed += 1;
    line('FAILED', '');
    console.log(error instanceof CheckFailed ? error.message : error);
  }
}

/** One after the other; who shares the list with another takes what that has not taken yet. */
async function carryOutAll(list) {
  for (let next = list.shift(); next !== undefined; next = list.shift()) await carryOut(...next);
}

mkdirSync(join(root, '.cache'), { recursive: true });
const list = chosen(checks);
await Promise.all([carryOutAll(list), carryOutAll(list)]);
await carryOutAll(chosen(alone));
process.exitCode = failed === 0 ? 0 : 1;
