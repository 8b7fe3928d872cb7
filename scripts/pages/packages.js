// Where the packages are that a page is made of.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(import.meta.dirname, '..', '..');

/** The folder of a package that allows its package.json to be imported. */
export function folderOf(name) {
  return dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`)));
}
