// Files of the built package, for tests that start it as a user does: in processes of its own, out of `dist`.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const dist = new URL('../../dist/', import.meta.url);

/** The path of a built file, as in `cli/main.js`. Throws where the package was not built. */
export function builtFile(path: string): string {
  const file = fileURLToPath(new URL(path, dist));
  if (existsSync(file)) return file;
  throw new Error(`${file} is not there: this test runs the built package. Run "npm run build" first, or "npm test".`);
}
