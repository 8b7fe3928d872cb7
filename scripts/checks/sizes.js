// What the client costs a web page. A figure may not grow beyond its limit in `.size-limit.json`; the aim stands in its name.
import { join } from 'node:path';
import { root, run } from './command.js';

const kB = (bytes) => (bytes / 1_000).toFixed(1);

/** The sizes, each with its limit and aim. */
export async function sizes() {
  const stdout = await run(join(root, 'node_modules', '.bin', 'size-limit'), ['--json']);
  return JSON.parse(stdout)
    .map(({ name, size, sizeLimit }) => `${name} ${kB(size)} kB, limit ${kB(sizeLimit)}`)
    .join('; ');
}
