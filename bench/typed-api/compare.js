// What twenty operations on a schema of 2,000 types cost TypeScript with holdfast, genql and gql.tada.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installedTool, tool } from '../../scripts/checks/tools.js';
import { compiled } from './compile.js';
import { ourPaths, ourProgram, writeOurModule } from './holdfast.js';
import { written } from './operations.js';
import { bigSchema } from './schema.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const work = join(root, '.cache', 'typed-api');

const node_modules = dirname(await installedTool('typed-api', 'gql.tada'));
const programs = join(node_modules, '.bin');

const bytesIn = (path) =>
  statSync(path).isDirectory()
    ? readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0)
    : statSync(path).size;

function folderOf(name) {
  const folder = join(work, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'schema.graphql'), bigSchema());
  return folder;
}

const contenders = {
  async holdfast() {
    const folder = folderOf('holdfast');
    return { folder, bytes: await writeOurModule(folder), program: ourProgram, settings: { paths: ourPaths } };
  },
  async genql() {
    const folder = folderOf('genql');
    const args = ['--schema', 'schema.graphql', '--output', 'client'];
    execFileSync(join(programs, 'genql'), args, { cwd: folder, stdio: 'ignore' });
    const program = `import { createClient } from './client/index.js';
const client = createClient();
${written.genql.join('\n')}
`;
    const bytes = bytesIn(join(folder, 'client', 'schema.ts')) + bytesIn(join(folder, 'client', 'types.ts'));
    return { folder, bytes, program, settings: { strictest: false } };
  },
  async 'gql.tada'() {
    const folder = folderOf('gql-tada');
    const plugin = {
      name: 'gql.tada/ts-plugin',
      schema: './schema.graphql',
      tadaOutputLocation: './introspection.d.ts',
    };
    writeFileSync(join(folder, 'tada.json'), JSON.stringify({ compilerOptions: { strict: true, plugins: [plugin] } }));
    execFileSync(join(programs, 'gql.tada'), ['generate-output', '-c', 'tada.json'], { cwd: folder, stdio: 'ignore' });
    const program = `import { initGraphQLTada, type TadaDocumentNode } from 'gql.tada';
import type { introspection } from './introspection.js';
const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { uuid: string; timestamptz: string; numeric: string; jsonb: unknown };
}>();
declare function execute<Result, Variables>(
  document: TadaDocumentNode<Result, Variables>,
  variables: Variables,
): Promise<Result>;
${written['gql.tada'].join('\n')}
`;
    const paths = { 'gql.tada': [join(node_modules, 'gql.tada', 'dist', 'gql-tada.d.ts')] };
    return { folder, bytes: bytesIn(join(folder, 'introspection.d.ts')), program, settings: { paths } };
  },
};

/**
 * What the program costs each contender: the bytes of its generated modules, and by version of TypeScript the instantiations.
 */
export async function costsOfBigSchema() {
  const compilers = { 5.6: await tool('typescript-5.6', 'tsc'), 7: join(root, 'node_modules', '.bin', 'tsc') };
  const costs = {};
  for (const [name, prepare] of Object.entries(contenders)) {
    const { folder, bytes, program, settings } = await prepare();
    costs[name] = { bytes, instantiations: {} };
    for (const [version, compiler] of Object.entries(compilers))
      costs[name].instantiations[version] = (await compiled(compiler, folder, program, settings)).instantiations;
  }
  return costs;
}
