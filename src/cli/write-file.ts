// Writes what a command made, so that whoever reads the file sees the old text or the new one, never half of it, and touches it
// only where it changes: watchers and build tools go by that.

import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CommandError } from './exit-codes.js';
import { messageOf } from './words.js';

/** The text in a file; undefined where there is no file. Throws a CommandError where it cannot be read. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = Object(error);
    if (code === 'ENOENT') return undefined;
    if (code === 'EISDIR') throw new CommandError(3, `${path} is a folder; the name of a file is needed.`);
    throw new CommandError(3, `${path} cannot be read: ${messageOf(error)}`);
  }
}

/**
 * Whether the file was written: not where it holds that text already. Missing folders are made. Throws a CommandError where it
 * cannot be written.
 */
export async function writeIfChanged(path: string, text: string): Promise<boolean> {
  if ((await readIfThere(path)) === text) return false;
  const beside = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(beside, text, { mode: await modeOf(path) });
    await rename(beside, path);
    return true;
  } catch (error) {
    await rm(beside, { force: true });
    throw new CommandError(3, `${path} cannot be written: ${messageOf(error)}`);
  }
}

/** A file that is replaced stays as readable as it was. */
async function modeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).mode;
  } catch {
    return 0o666;
  }
}
