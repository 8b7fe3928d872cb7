// What a program costs a web page: bundled for browsers and minified as esbuild does it, then compressed.

import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { root } from '../../scripts/checks/command.js';

/** The bytes of compressed text. */
export const gzipped = (text) => gzipSync(text, { level: 9 }).length;

/**
 * The compressed bytes of a program in a folder: `own` without the package graphql, `graphql` what that adds where the program
 * imports it; what is loaded only when it is needed adds nothing.
 *
 * @param {string} program The text of its module.
 * @param {readonly string[]} external Files that are there already.
 */
export async function bundled(folder, program, external = []) {
  const own = await bundle(folder, program, ['graphql', ...external]);
  if (!own.imports.some(({ path, kind }) => path === 'graphql' && kind === 'import-statement'))
    return { own: own.bytes, graphql: 0 };
  const everything = await bundle(folder, program, external);
  return { own: own.bytes, graphql: Math.max(0, everything.bytes - own.bytes) };
}

async function bundle(folder, program, external) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: folder, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    alias: { 'holdfast/schema': join(root, 'dist', 'schema', 'index.js') },
    external,
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  return { bytes: gzipped(outputFiles[0].contents), imports: Object.values(metafile.outputs)[0].imports };
}
