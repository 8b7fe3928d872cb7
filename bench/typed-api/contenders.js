// Each contender with what its generator writes for a schema, and what of it a bundler meets.

import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { minifyIntrospection, outputIntrospectionFile } from 'gql.tada/internal';
import { root, run } from '../../scripts/checks/command.js';
import { tool } from '../../scripts/checks/tools.js';

const own = (name) => fileURLToPath(new URL(`${name}/`, import.meta.url));

/** The texts in a file, or in all files of a folder. */
export function textsIn(path) {
  if (!statSync(path).isDirectory()) return [readFileSync(path)];
  return readdirSync(path).flatMap((name) => textsIn(join(path, name)));
}

/**
 * In each: `generate` writes into a folder what the contender needs of the schema beside it, in `schema.graphql` and
 * `schema.json`; `generated` are the paths of that; `data` is a module that has all of it that there is at run time. `remarks`
 * say of tasks what their lines do not.
 */
export const contenders = {
  holdfast: {
    sources: own('holdfast'),
    generated: ['library.ts'],
    data: `export { schema } from './library.ts';`,
    remarks: {},
    async generate(folder, source) {
      cpSync(join(own('holdfast'), 'scalars.ts'), join(folder, 'scalars.ts'));
      const args = ['generate', join(source, 'schema.json'), '--out', join(folder, 'library.ts')];
      await run(process.execPath, [join(root, 'dist', 'cli', 'main.js'), ...args, '--codecs', './scalars.js']);
    },
  },
  genql: {
    sources: own('genql'),
    generated: ['client/schema.ts', 'client/types.ts', 'client/index.ts', 'client/schema.graphql', 'client/runtime'],
    data: `export { default } from './client/types';`,
    remarks: {
      sameFieldTwice: 'two requests',
      union: 'types have all fields',
      subscription: 'sent by graphql-ws',
      dates: 'by hand',
      conditional: 'no directive, no type',
    },
    async generate(folder, source) {
      const args = ['--schema', join(source, 'schema.graphql'), '--output', join(folder, 'client')];
      await run(await tool('typed-api', 'genql'), [...args, '--scalar', 'DateTime:string'], { cwd: folder });
    },
  },
  'gql.tada': {
    sources: own('gql-tada'),
    generated: ['graphql-env.d.ts'],
    data: '',
    remarks: { subscription: 'sent by graphql-ws', dates: 'by hand', unknownField: 'by graphql-js' },
    // What its command does, which does not run beside TypeScript 7.
    async generate(folder, source) {
      const introspection = JSON.parse(readFileSync(join(source, 'schema.json'), 'utf8'));
      const options = { fileType: '.d.ts', shouldPreprocess: true };
      const text = outputIntrospectionFile(minifyIntrospection(introspection), options);
      writeFileSync(join(folder, 'graphql-env.d.ts'), text);
    },
  },
};
