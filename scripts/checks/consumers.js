// The package as a consumer gets it: the packed tarball is installed beside a program of `test/consumers`, in a folder that has
// nothing else, and the program is compiled with the oldest and the newest TypeScript that consumers use, and run.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from './command.js';
import { tool } from './tools.js';

/** Calls `use` with a folder in which the tarball and `packages` are installed beside the consumer of that name. */
export async function installed(name, tarball, packages, use) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-consumer-'));
  try {
    cpSync(join(root, 'test', 'consumers', name), folder, { recursive: true });
    const quiet = ['--no-save', '--prefer-offline', '--loglevel=error', '--no-audit', '--no-fund'];
    await run('npm', ['install', ...quiet, tarball, ...packages], { cwd: folder });
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The oldest TypeScript that consumers use, and the newest. */
export const compilers = async () => [await tool('typescript-5.6', 'tsc'), join(root, 'node_modules', '.bin', 'tsc')];

/** A program on Node beside that graphql: client, server and tools. Without the types of the DOM, and with them. */
export function nodeConsumer(tarball, graphql) {
  return installed('node', tarball, [`graphql@${graphql}`], async (cwd) => {
    for (const compiler of await compilers()) {
      await run(compiler, ['-p', 'tsconfig.bundler.json', '--noEmit'], { cwd });
      await run(compiler, ['-p', 'tsconfig.json', '--outDir', 'compiled'], { cwd });
      await run(process.execPath, ['compiled/program.js'], { cwd, timeoutMs: 60_000 });
    }
    return `a program beside graphql ${graphql} compiles with TypeScript 5.6 and 7, and runs`;
  });
}

/** A program for browsers: the client, without the types of Node. */
export function browserConsumer(tarball) {
  return installed('browser', tarball, [], async (cwd) => {
    for (const compiler of await compilers()) await run(compiler, ['-p', 'tsconfig.json', '--noEmit'], { cwd });
    return 'a program for browsers compiles with TypeScript 5.6 and 7';
  });
}
