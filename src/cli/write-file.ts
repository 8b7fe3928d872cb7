// Writes what a command made, so that whoever reads the file sees the old text or the new one, never half of it, and touches it
// only where it changes: watchers and build tools go by that. Links stay links, and what is no file (a device, a pipe, what
// somebody has open, as /dev/stdout) is written to as it is: it can be neither compared nor replaced.

import { randomBytes } from 'node:crypto';
import { constants, writeFile as writeOpen } from 'node:fs';
import { mkdir, readFile, readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { CommandError } from './exit-codes.js';
import { openFileAt } from './open-file.js';
import { faultOf } from './words.js';

/** What a path leads to, through links. */
type Target =
  | { readonly kind: 'file'; readonly path: string; readonly mode: number }
  | { readonly kind: 'nothing'; readonly path: string }
  /** A number: a file that this process has open under it. */
  | { readonly kind: 'stream'; readonly to: string | number };

/** The text in a file; undefined where there is no file. Throws a CommandError where it cannot be read. */
export async function readIfThere(path: string): Promise<string | undefined> {
  return textIn(path, await targetOf(path));
}

/**
 * - `written`: the file holds the text now, and did not before; missing folders were made;
 * - `unchanged`: it held the text already, and was not touched;
 * - `sent`: it is no file, and the text was written to it.
 */
export type WriteResult = 'written' | 'unchanged' | 'sent';

/** Throws a CommandError where it cannot be written. */
export async function writeIfChanged(path: string, text: string): Promise<WriteResult> {
  const target = await targetOf(path);
  if (target.kind === 'stream') {
    await send(path, target.to, text);
    return 'sent';
  }
  if ((await textIn(path, target)) === text) return 'unchanged';
  const beside = `${target.path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(target.path), { recursive: true });
    // A file that is replaced stays as readable as it was.
    await writeFile(beside, text, { mode: target.kind === 'file' ? target.mode : 0o666 });
    await rename(beside, target.path);
    return 'written';
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw unwritable(path, error);
  }
}

async function targetOf(path: string): Promise<Target> {
  if (path.endsWith('/') || path.endsWith(sep)) throw isFolder(path);
  try {
    const info = await stat(path);
    if (info.isDirectory()) throw isFolder(path);
    const to = info.isFile() ? await openFileAt(path) : path;
    return to === undefined ? { kind: 'file', path: await realpath(path), mode: info.mode } : { kind: 'stream', to };
  } catch (error) {
    if (error instanceof CommandError) throw error;
    if (Object(error).code === 'ENOENT') return { kind: 'nothing', path: await endOf(path) };
    throw unreadable(path, error);
  }
}

/** Where nothing is yet: the path itself or, where it is a link, what the link names. A ring of links is no ENOENT. */
async function endOf(path: string): Promise<string> {
  const named = await readlink(path).catch(() => undefined);
  return named === undefined ? path : endOf(resolve(await realpath(dirname(path)), named));
}

async function textIn(path: string, target: Target): Promise<string | undefined> {
  if (target.kind !== 'file') return undefined;
  try {
    return await readFile(target.path, 'utf8');
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function send(path: string, to: string | number, text: string): Promise<void> {
  try {
    if (typeof to === 'number') await promisify(writeOpen)(to, text);
    else await writeFile(to, text, { flag: constants.O_WRONLY | constants.O_APPEND });
  } catch (error) {
    // As with stdout: that nobody reads the rest is no failure.
    if (Object(error).code !== 'EPIPE') throw unwritable(path, error);
  }
}

function isFolder(path: string): CommandError {
  return new CommandError(3, `${path} is a folder; the name of a file is needed.`);
}

function unreadable(path: string, error: unknown): CommandError {
  return new CommandError(3, `${path} cannot be read: ${faultOf(error)}`);
}

function unwritable(path: string, error: unknown): CommandError {
  return new CommandError(3, `${path} cannot be written: ${faultOf(error)}`);
}
