// Texts and files that hold a schema: SDL or introspection JSON, told apart by their contents.

import { OptionError } from '../../protocol/errors/option-error.js';
import { SchemaError, type SourcePlace } from '../errors/schema-error.js';
import type { Schema } from '../schema.js';
import { readIntrospection } from './introspection/read.js';
import { LoadedSchema } from './loaded-schema.js';
import { readSdl } from './sdl.js';

/** @throws SchemaError for what is neither SDL nor introspection; MissingDependencyError for SDL without `graphql`. */
export async function readText(text: string, source: string): Promise<Schema> {
  const trimmed = text.trim();
  if (trimmed === '') {
    throw new SchemaError(
      'unreadable',
      'It is empty. Give SDL, as in "type Query { hello: String }", or introspection JSON.',
      {
        source,
      },
    );
  }
  // SDL begins with neither; it may begin with the text of a description.
  if (!trimmed.startsWith('{') && !trimmed.startsWith('[')) return readSdl(text, source);
  return new LoadedSchema({ model: readIntrospection(parseJson(text, trimmed, source), source), source });
}

/** @throws SchemaError; OptionError where there are no files. */
export async function readFile(path: string | URL, source: string): Promise<Schema> {
  return readText(await contentsOf(path, source), source);
}

function parseJson(text: string, trimmed: string, source: string): unknown {
  try {
    return JSON.parse(trimmed);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const position = /position (\d+)/.exec(why)?.[1];
    const place = position === undefined ? undefined : placeAt(text, text.indexOf(trimmed) + Number(position));
    throw new SchemaError(
      'unreadable',
      `It begins like JSON and is none: ${why}. Give introspection JSON, or SDL, as in "type Query { hello: String }".`,
      { source, place, cause },
    );
  }
}

function placeAt(text: string, position: number): SourcePlace {
  const lines = text.slice(0, position).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

interface FileSystem {
  readFile(path: string | URL, encoding: 'utf8'): Promise<string>;
}

interface Platform {
  readonly process?: { getBuiltinModule?(id: string): unknown } | undefined;
}

async function contentsOf(path: string | URL, source: string): Promise<string> {
  const files = (globalThis as Platform).process?.getBuiltinModule?.('node:fs/promises') as FileSystem | undefined;
  if (files === undefined) {
    throw new OptionError(
      'source',
      `"${source}" is taken for the path of a file, and there are no files here. Give SDL, introspection JSON, a session or an address that begins with http: or https:.`,
    );
  }
  try {
    return await files.readFile(path, 'utf8');
  } catch (cause) {
    const isFolder = Object(cause).code === 'EISDIR';
    const why = isFolder ? 'it is a folder' : cause instanceof Error ? cause.message : String(cause);
    throw new SchemaError(
      'unreadable',
      `The file cannot be read: ${why}. Give the path of a file that holds SDL or introspection JSON, the SDL itself, or an address.`,
      { source, cause },
    );
  }
}
