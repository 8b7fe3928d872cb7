// Where the packages are that a page is made of.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(import.meta.dirname, '..', '..');

/** The folder of the package whose package.json is at this address, as `import.meta.resolve` gives it. */
export function folderOf(manifest) {
  return dirname(fileURLToPath(manifest));
}
