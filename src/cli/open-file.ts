// Paths that are names for what a process has open already, as /dev/stdout, which may be a file in the end. Who opened that
// file goes on with it, it may hold more already, and may have no name any more: it can be written to, and not be replaced.

import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';

const descriptors = /^\/proc\/.+\/fd$/;
const devices = /^\/dev(?:\/fd)?$/;

/**
 * What to write to where a path that leads somewhere, or a link on its way, is such a name. Opened once more, a file is written
 * from a place of its own: of those that are ours it is the number, to write where it stands. Undefined: a path as any other.
 */
export async function openFileAt(path: string): Promise<string | number | undefined> {
  const folder = await realpath(dirname(path));
  if (folder === `/proc/${process.pid}/fd`) return Number(basename(path));
  if (descriptors.test(folder)) return path;
  const named = await readlink(path).catch(() => undefined);
  const target = named === undefined ? undefined : await openFileAt(resolve(folder, named));
  return target ?? (devices.test(folder) ? path : undefined);
}
