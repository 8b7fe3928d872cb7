// What the client costs a web page: a ratchet. A figure may not grow beyond its limit in `.size-limit.json`, which is what it
// was plus at most 3 %; the aim stands in its name.
import { join } from 'node:path';
import { root, run } from './command.js';

const kB = (bytes) => (bytes / 1_000).toFixed(1);

/** The sizes, each with its aim and its limit, and what limits should be where they have become too generous. */
export async function sizes() {
  const stdout = await run(join(root, 'node_modules', '.bin', 'size-limit'), ['--json']);
  return JSON.parse(stdout)
    .map(({ name, size, sizeLimit }) => {
      const tight = Math.floor((size * 1.03) / 100) * 100;
      const lower = sizeLimit > size * 1.03 ? ` (lower it to ${kB(tight)})` : '';
      return `${name} ${kB(size)} kB, limit ${kB(sizeLimit)}${lower}`;
    })
    .join('; ');
}
