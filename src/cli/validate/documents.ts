// The documents that a user names: files as they are, folders with every document below them.

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from '../exit-codes.js';
import { faultOf } from '../words.js';

export interface DocumentFile {
  /** As the user would name it. */
  readonly path: string;
  readonly text: string;
}

/** Throws a CommandError for what cannot be read, and for a folder without documents. */
export async function readDocuments(paths: readonly string[]): Promise<readonly DocumentFile[]> {
  const found = new Map<string, DocumentFile>();
  for (const path of paths) {
    const info = await readable(path, () => stat(path));
    const files = info.isDirectory() ? await readable(path, () => filesBelow(path)) : [path];
    if (files.length === 0) throw new CommandError(3, `${path} has no .graphql or .gql files.`);
    for (const file of files) {
      const text = await readable(file, () => readFile(file, 'utf8'));
      if (!found.has(file)) found.set(file, { path: file, text });
    }
  }
  return [...found.values()];
}

/** Without those of packages, and of folders that are hidden. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.(graphql|gql)$/.test(entry.name));
  const folders = entries.filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'));
  const below = await Promise.all(
    folders.filter((entry) => entry.isDirectory()).map(({ name }) => filesBelow(join(folder, name))),
  );
  return [...files.map(({ name }) => join(folder, name)), ...below.flat()].sort();
}

async function readable<Result>(path: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (Object(error).code === 'ENOENT' && /[*?{]/.test(path)) {
      const meant = 'Patterns are read by the shell: write it without quotation marks, or name the folder.';
      throw new CommandError(3, `${path}: there is no such file. ${meant}`);
    }
    throw new CommandError(3, `${path} cannot be read: ${faultOf(error)}`);
  }
}
