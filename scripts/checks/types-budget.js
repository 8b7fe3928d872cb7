// What the types of the schema-driven API cost the compiler, which nobody would notice before their editor is slow: a program
// of twenty operations on a schema of 2,000 types, counted in instantiations, which are the same on every machine. And the
// tests of the types with the oldest TypeScript that consumers use; `npm run types` has the newest.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiled } from '../../bench/typed-api/compile.js';
import { ourPaths, ourProgram, writeOurModule } from '../../bench/typed-api/holdfast.js';
import { CheckFailed, root, run } from './command.js';
import { compilers } from './consumers.js';

/** A ratchet: what it was, and a little. */
const budget = { 5.6: 79_000, 7: 62_000 };

const folder = join(root, '.cache', 'types-budget');

/** What was counted, by version of TypeScript. */
export async function typesBudget() {
  mkdirSync(folder, { recursive: true });
  const [oldest, newest] = await compilers();
  await typeTests(oldest);
  await writeOurModule(folder);
  const found = [];
  for (const [version, compiler] of Object.entries({ 5.6: oldest, 7: newest })) {
    const { instantiations, checkSeconds } = await compiled(compiler, folder, ourProgram, { paths: ourPaths });
    const limit = budget[version];
    const counted = `${instantiations.toLocaleString('en')} instantiations with TypeScript ${version}, budget ${limit.toLocaleString('en')}`;
    if (!(instantiations <= limit)) throw new CheckFailed(`The types of the schema-driven API cost ${counted}.`);
    found.push(`${counted} (checked in ${checkSeconds} s)`);
  }
  return found.join('; ');
}

async function typeTests(compiler) {
  const tests = join(root, 'test', 'types');
  const config = join(folder, 'tsconfig.tests.json');
  const files = readdirSync(tests)
    .filter((name) => name.startsWith('schema'))
    .map((name) => join(tests, name));
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable', 'esnext.disposable'],
    typeRoots: [join(root, 'node_modules', '@types')],
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    noEmit: true,
    paths: { '#platform': [join(root, 'src', 'transport', 'route', 'platform.ts')] },
  };
  writeFileSync(config, JSON.stringify({ compilerOptions, files }));
  await run(compiler, ['-p', config]);
}
