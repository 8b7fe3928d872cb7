// The ten tasks run: every contender asks the same server, and has to come to the same results.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import WebSocket from 'ws';
import { root } from '../../scripts/checks/command.js';
import { serveLibrary } from './server.js';
import { tasks } from './tasks.js';

// Node 20 has none; graphql-ws wants one.
globalThis.WebSocket ??= WebSocket;

/**
 * Runs the `tasks.ts` in each folder.
 *
 * @param {Record<string, string>} folders By contender.
 * @returns For each contender the tasks that it has.
 * @throws AssertionError where one comes to another result than the first.
 */
export async function sameAnswers(folders) {
  const library = await serveLibrary();
  try {
    const all = {};
    for (const [name, folder] of Object.entries(folders)) all[name] = await answers(folder, library);
    const [first, ...others] = Object.values(all);
    for (const other of others) {
      for (const [task, result] of Object.entries(other)) assert.deepEqual(result, first[task], task);
    }
    return Object.fromEntries(Object.entries(all).map(([name, results]) => [name, Object.keys(results)]));
  } finally {
    await library.close();
  }
}

async function answers(folder, library) {
  const program = await load(folder);
  const client = program.open(library.url);
  const connected = await client;
  const results = {};
  for (const task of Object.keys(tasks)) {
    if (program[task] === undefined) continue;
    if (task === 'unknownField') results[task] = await refused(program[task], library);
    else if (task === 'conditional')
      results[task] = [await program[task](connected, true), await program[task](connected, false)];
    else results[task] = await program[task](connected, library.url);
  }
  await connected.close?.();
  // Some put symbols and null prototypes into what they answer with.
  return JSON.parse(JSON.stringify(results));
}

/** What is right is asked and answered; what is wrong never reaches the server. */
async function refused(unknownField, { url, asked }) {
  const right = await unknownField(url, ['title', 'genre']);
  const before = asked();
  await assert.rejects(unknownField(url, ['title', 'titel']), /titel.*Did you mean "title"/);
  assert.equal(asked(), before);
  return right;
}

async function load(folder) {
  const outfile = join(folder, 'tasks.js');
  await build({
    entryPoints: [join(folder, 'tasks.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { 'holdfast/schema': join(root, 'dist', 'schema', 'index.js') },
    external: [join(root, 'dist', '*')],
    logLevel: 'error',
  });
  return import(pathToFileURL(outfile).href);
}
