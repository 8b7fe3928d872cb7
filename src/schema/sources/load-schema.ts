// A schema from anywhere: what kind of source a program gave, and the reader for it.

import { OptionError } from '../../protocol/errors/option-error.js';
import { describe } from '../../protocol/options.js';
import type { Schema } from '../schema.js';
import type { AskedSession } from './introspection/ask.js';
import { checkLoadOptions, type LoadSchemaOptions } from './load-options.js';
import { readSchema } from './read-schema.js';
import { schemaOfAddress, schemaOfSession } from './server.js';
import { readFile, readText } from './text.js';

/**
 * A schema, from whatever holds it:
 * - a text: an address where it begins with `http:` or `https:`; SDL (or introspection JSON) where it has a `{` or a line
 *   break; else the path of a file that holds one of them;
 * - a `URL`: an address or, with `file:`, a file;
 * - a live session, which is asked and stays open;
 * - introspection JSON, a GraphQLSchema, a Schema, as `readSchema` takes them.
 *
 * @throws SchemaError for what is no schema, or a server that does not tell it; MissingDependencyError for SDL where `graphql`
 * is not installed; OptionError; CancelledError where its signal ends the wait, DeadlineError, and SessionClosedError of a
 * session that the program closes. Whatever else kept a server from answering, as a ConnectError, is the `cause` of a
 * SchemaError, which takes its `retryable`, `delivery` and `attempts` from it.
 * @example
 * ```ts
 * const schema = await loadSchema('https://example.com/graphql', { cache: fileCache({ folder: '.cache/schemas' }) });
 * ```
 */
export async function loadSchema(source: string | URL | object, options: LoadSchemaOptions = {}): Promise<Schema> {
  checkLoadOptions(options);
  if (typeof source === 'string' || source instanceof URL) return schemaAt(source, options);
  if (isSession(source)) return schemaOfSession(source, options);
  if (typeof source === 'object' && source !== null) return readSchema(source, { source: options.source });
  throw new OptionError(
    'source',
    `loadSchema() takes SDL, a path, an address, a session, introspection JSON, a GraphQLSchema or a Schema, not ${describe(source)}.`,
  );
}

async function schemaAt(source: string | URL, options: LoadSchemaOptions): Promise<Schema> {
  const text = String(source).trim();
  const scheme = /^(https?|wss?|file):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'file') return readFile(new URL(text), options.source ?? text);
  if (scheme !== undefined) return schemaOfAddress(addressIn(text, scheme), options);
  if (source instanceof URL) {
    throw new OptionError(
      'source',
      `loadSchema() opens http:, https: and file: addresses, not ${describe(source.protocol)}.`,
    );
  }
  if (/[{\r\n]/.test(text) || text === '') return readText(source, options.source ?? 'the SDL text');
  return readFile(text, options.source ?? text);
}

function addressIn(text: string, scheme: string): URL {
  if (scheme.startsWith('ws')) {
    throw new OptionError(
      'source',
      'A schema is asked of an http: or https: address. Where the server speaks WebSocket only, give loadSchema() a session: await connect({ transport: webSocket(address) }).',
    );
  }
  try {
    return new URL(text);
  } catch {
    // The platform's own error repeats the whole text, which may hold credentials.
    throw new OptionError('source', 'The address is not a URL. An example: https://example.com/graphql');
  }
}

export function isSession(value: unknown): value is AskedSession {
  const { result, subscribe } = Object(value) as { readonly result?: unknown; readonly subscribe?: unknown };
  return typeof result === 'function' && typeof subscribe === 'function';
}
