// The tests of whatever uses graphql-js, the server and the schema-driven API, beside graphql 17. The repository has 16, and no
// folder can have two: packages beside us would meet the one and we the other. So the checkout is copied, its packages with it,
// and graphql is replaced there.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { root, run } from './command.js';
import { tests } from './tests.js';

const about = ['test/server', 'test/interop/graphql-sse', 'test/schema'];
/** The servers in the first are made for 16; the second takes long, and is about what our server keeps. */
const excluded = ['test/schema/sources/servers.test.ts', 'test/server/soak/**'];

/** Everything but what is made anew, or belongs to git. The build is copied: it is the same for both versions. */
const copied = (path) => !['.git', '.cache', 'coverage'].includes(relative(root, path));

// Without the build before, which would compile against the types of 17: those are for consumers, who have only declarations.
const config = `import config from './vitest.config.js';
const projects = config.test.projects.map(({ test, ...project }) => {
  return { ...project, test: { ...test, exclude: [...(test.exclude ?? []), ...${JSON.stringify(excluded)}] } };
});
export default { ...config, test: { ...config.test, globalSetup: [], projects } };
`;

/** How many tests pass, and beside which version. */
export async function testsGraphql17(version) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-graphql-17-'));
  try {
    cpSync(root, folder, { recursive: true, filter: copied, verbatimSymlinks: true });
    const quiet = [
      '--no-save',
      '--legacy-peer-deps',
      '--prefer-offline',
      '--loglevel=error',
      '--no-audit',
      '--no-fund',
    ];
    await run('npm', ['install', ...quiet, `graphql@${version}`], { cwd: folder });
    writeFileSync(join(folder, 'graphql-17.config.ts'), config);
    const pass = await tests(process.execPath, ['--config=graphql-17.config.ts', ...about], folder);
    return `${pass} beside graphql ${version}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
