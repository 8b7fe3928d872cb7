// Runs once before all tests: those that start programs as a user would need the package built from the sources they test.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export function setup(): void {
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, '..', 'scripts', 'run.js'), 'build'], {
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error('The build failed; its output is above.');
}
