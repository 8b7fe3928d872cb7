// Packages that cannot be development dependencies of the package itself: another TypeScript would take the place of ours in
// node_modules/.bin, another Node that of the one that runs everything, and some bring much that nobody needs here. Each has a
// folder with a lockfile in `tools`, and is installed once, into `.cache`.
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './command.js';

const sameText = (one, other) => existsSync(one) && readFileSync(one, 'utf8') === readFileSync(other, 'utf8');

/** The path of a program that one of the folders in `tools` installs. */
export function tool(name, program) {
  return installedTool(name, join('.bin', program));
}

/** The path of a file in the node_modules that one of the folders in `tools` installs. */
export async function installedTool(name, file) {
  const installing = installations.get(name) ?? install(name, file);
  installations.set(name, installing);
  return join(await installing, file);
}

/** By name: two checks may ask for one tool at the same time. */
const installations = new Map();

/** The node_modules of the tool, which has this file when it is complete. */
async function install(name, file) {
  const pinned = join(root, 'scripts', 'checks', 'tools', name);
  const folder = join(root, '.cache', 'tools', name);
  const modules = join(folder, 'node_modules');
  // npm removes what it replaces first, so a file that is there was installed whole, from the lockfile beside it.
  const isPinned = sameText(join(folder, 'package-lock.json'), join(pinned, 'package-lock.json'));
  if (isPinned && existsSync(join(modules, file))) return modules;
  mkdirSync(folder, { recursive: true });
  cpSync(pinned, folder, { recursive: true });
  const quiet = ['--loglevel=error', '--no-audit', '--no-fund'];
  await run('npm', ['ci', ...quiet], { cwd: folder, timeoutMs: 300_000 });
  return modules;
}
