// The schemas that commands are given: a path or an address, and headers for the address.

import { dirname, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadSchema, type Schema } from '../schema/index.js';
import type { Interceptor } from '../session/interceptors.js';
import type { Failure } from '../transport/contract.js';
import type { CommandLine } from './command.js';
import { CommandError, UsageError } from './exit-codes.js';

export interface SchemaSource {
  /** Undefined: it is a file. */
  readonly address: URL | undefined;
  /** As given. */
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Throws a UsageError for headers that are none, and for headers of a file. */
export function readSource(text: string, line: CommandLine): SchemaSource {
  if (text.trim() === '') throw new UsageError('a schema is an address or the path of a file; it is empty');
  const address = /^[a-z][a-z\d+.-]+:\/\//i.test(text) ? addressIn(text) : undefined;
  const headers = readHeaders(line.all('header'));
  if (address === undefined && line.has('header')) throw new UsageError('--header is for addresses, not for files');
  return { address, text, headers };
}

/**
 * Throws what `loadSchema` throws, and a CommandError as soon as the server cannot be reached: whoever stands before a terminal
 * has mistyped the address, and does not want to wait for it.
 */
export async function load({ address, text, headers }: SchemaSource, signal?: AbortSignal): Promise<Schema> {
  if (address === undefined) return loadSchema(pathToFileURL(resolve(text)), { source: text });
  const failed = new AbortController();
  let failure: Failure | undefined;
  const failAtOnce: Interceptor = (next) => (request, sink) => {
    const error = (first: Failure): void => {
      failure = first;
      failed.abort();
      sink.error(first);
    };
    return next(request, { ...sink, error });
  };
  const either = signal === undefined ? failed.signal : AbortSignal.any([failed.signal, signal]);
  try {
    return await loadSchema(address, { headers, signal: either, session: { interceptors: { attempt: [failAtOnce] } } });
  } catch (error) {
    if (failure === undefined) throw error;
    throw new CommandError(4, `${placeOf(address)}: ${failure.message}`);
  }
}

/** What a module in `file` says that it was made from: the same wherever the command is run, and nothing secret. */
export function sourceFor({ address, text }: SchemaSource, file: string): string {
  if (address !== undefined) return placeOf(address);
  const path = relative(dirname(resolve(file)), resolve(text)) || '.';
  return path.split(sep).join('/');
}

/** Without what may be secret. */
function placeOf({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`;
}

function addressIn(text: string): URL {
  if (!/^https?:/i.test(text)) throw new UsageError('an address begins with http: or https:');
  // What the platform says of an address repeats it, and it may hold credentials.
  if (!URL.canParse(text)) throw new UsageError('the address is not a URL. An example: https://example.com/graphql');
  return new URL(text);
}

function readHeaders(given: readonly string[]): Readonly<Record<string, string>> {
  const headers: [string, string][] = [];
  for (const text of given) {
    const [, name, value] = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*:\s*([^\0\n\r]*?)\s*$/.exec(text) ?? [];
    // What is wrong may hold a secret, and is not repeated.
    if (name === undefined || value === undefined) throw new UsageError("--header is 'name: value'");
    headers.push([name, value]);
  }
  return Object.fromEntries(headers);
}
