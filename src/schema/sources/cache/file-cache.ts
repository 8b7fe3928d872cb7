// A cache of schemas in a folder: one file for each server, replaced as a whole, so that no reader ever sees half of one.

import { OptionError } from '../../../protocol/errors/option-error.js';
import { isJsonObject } from '../../../protocol/json.js';
import { checkNumberOption, describe, refuseUnknownOptions } from '../../../protocol/options.js';
import { sha256 } from '../../../protocol/sha256.js';
import { defaultMaxAgeMs, type SchemaCache, type SchemaCacheEntry } from './schema-cache.js';

export interface FileCacheOptions {
  /** Where the files are, made when the first one is written. Several programs may share it. */
  readonly folder: string | URL;
  /** How old a schema may be before it is refreshed behind its use, ms. Default: an hour. `Infinity`: never. */
  readonly maxAgeMs?: number | undefined;
}

/** What is used of `node:fs/promises`. */
interface FileSystem {
  mkdir(path: string, options: { readonly recursive: true }): Promise<unknown>;
  readFile(path: string, encoding: 'utf8'): Promise<string>;
  writeFile(path: string, text: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { readonly force: true }): Promise<void>;
}

interface NodePath {
  join(...parts: readonly string[]): string;
}

interface NodeUrl {
  fileURLToPath(url: URL): string;
}

interface Platform {
  readonly process?: { getBuiltinModule?(id: string): unknown } | undefined;
}

/**
 * Keeps schemas in files, so that a program that starts again has its schema at once. A damaged file is ignored and replaced.
 *
 * @throws OptionError, also where there are no files, as in a browser.
 * @example `await loadSchema('https://example.com/graphql', { cache: fileCache({ folder: '.cache/schemas' }) })`
 */
export function fileCache(options: FileCacheOptions): SchemaCache {
  refuseUnknownOptions('the options of fileCache()', options, ['folder', 'maxAgeMs']);
  checkNumberOption('maxAgeMs', options.maxAgeMs, 0);
  const files = builtin<FileSystem>('node:fs/promises');
  const { join } = builtin<NodePath>('node:path');
  const folder = folderOf(options.folder);
  const pathOf = async (key: string): Promise<string> => join(folder, await fileNameOf(key));
  return {
    maxAgeMs: options.maxAgeMs ?? defaultMaxAgeMs,
    async get(key) {
      const text = await contentsOf(files, await pathOf(key));
      return text === undefined ? undefined : readEntry(text, key);
    },
    async set(key, { fetchedAt, hash, introspection }) {
      const path = await pathOf(key);
      const temporary = `${path}.${globalThis.crypto.randomUUID()}.tmp`;
      await files.mkdir(folder, { recursive: true });
      try {
        await files.writeFile(temporary, JSON.stringify({ key, fetchedAt, hash, introspection }));
        await files.rename(temporary, path);
      } catch (error) {
        await files.rm(temporary, { force: true });
        throw error;
      }
    },
  };
}

function builtin<Module>(name: string): Module {
  const found = (globalThis as Platform).process?.getBuiltinModule?.(name);
  if (found !== undefined) return found as Module;
  throw new OptionError('cache', 'fileCache() needs a file system, which there is none of here. Use memoryCache().');
}

function folderOf(folder: unknown): string {
  if (folder instanceof URL) return builtin<NodeUrl>('node:url').fileURLToPath(folder);
  if (typeof folder === 'string' && folder !== '') return folder;
  throw new OptionError('folder', `Option "folder" must be the path of a folder; it is ${describe(folder)}.`);
}

/** So that a person finds it, and no two keys share it: the letters of the key, and its hash. */
async function fileNameOf(key: string): Promise<string> {
  const letters = key.replace(/^\w+:\/\//, '').replaceAll(/[^a-zA-Z0-9.]+/g, '-');
  return `${letters.slice(0, 60)}-${(await sha256(key)).slice(0, 16)}.json`;
}

/** Undefined where there is no such file. */
async function contentsOf(files: FileSystem, path: string): Promise<string | undefined> {
  try {
    return await files.readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Undefined for what is cut off, or of another server. Whether it fits its hash is asked by whoever uses it. */
function readEntry(text: string, key: string): SchemaCacheEntry | undefined {
  try {
    const entry: unknown = JSON.parse(text);
    return isJsonObject(entry) && entry.key === key ? (entry as unknown as SchemaCacheEntry) : undefined;
  } catch {
    return undefined;
  }
}
