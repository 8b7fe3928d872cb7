// The schemas that commands are given: a path, an address with headers, or the SDL itself.

import { dirname, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { GraphQLError } from 'graphql';
import { loadSchema, type Schema, SchemaError } from '../schema/index.js';
import type { Interceptor } from '../session/interceptors.js';
import type { Failure } from '../transport/contract.js';
import type { CommandLine } from './command.js';
import { CommandError, UsageError } from './exit-codes.js';
import { plural } from './words.js';

export type SchemaSource =
  | AddressSource
  | { readonly kind: 'file'; readonly path: string }
  /** SDL or introspection JSON, as it is. */
  | { readonly kind: 'text'; readonly text: string };

export interface AddressSource {
  readonly kind: 'address';
  readonly address: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** What errors and modules call a schema that was given as text. */
const textName = 'the SDL text';

/** Of what is wrong with a schema at most so much is told. */
const mostTold = 20;

/** Throws a UsageError for headers that are none, and for headers of what is no address. */
export function readSource(text: string, line: CommandLine): SchemaSource {
  if (text.trim() === '') throw new UsageError('a schema is an address or the path of a file; it is empty');
  const headers = readHeaders(line.all('header'));
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(text)) return { kind: 'address', address: addressIn(text), headers };
  if (line.has('header')) throw new UsageError('--header is for addresses, not for files');
  return isSchemaText(text) ? { kind: 'text', text } : { kind: 'file', path: text };
}

/** Only what no path looks like: a definition with its braces, or introspection. */
function isSchemaText(text: string): boolean {
  const definition =
    /^(?:#|"|(?:schema|scalar|type|interface|union|enum|input|directive|extend)(?=[\s{@])|\{\s*"(?:data|__schema)")/;
  return text.includes('{') && definition.test(text.trim());
}

/** Throws what `loadSchema` throws, and a CommandError where several things are wrong with the schema, which tells them all. */
export async function load(source: SchemaSource, signal?: AbortSignal): Promise<Schema> {
  try {
    if (source.kind === 'address') return await ask(source, signal);
    if (source.kind === 'file') return await read(source.path);
    return await loadSchema(source.text, { source: textName });
  } catch (error) {
    const isUnreadable = error instanceof SchemaError && error.code === 'unreadable';
    if (isUnreadable && error.cause instanceof AggregateError) throw allOf(error, error.cause);
    throw error;
  }
}

async function read(path: string): Promise<Schema> {
  try {
    return await loadSchema(pathToFileURL(resolve(path)), { source: path });
  } catch (error) {
    // As in `localhost:4000/graphql`, which is an address only to people.
    if (Object(Object(error).cause).code !== 'ENOENT') throw error;
    throw new CommandError(3, `${path}: there is no such file. An address begins with http:// or https://.`);
  }
}

/** A line for each, as `validate` prints them. */
function allOf({ source }: SchemaError, { errors }: AggregateError): CommandError {
  const lines = errors.slice(0, mostTold).map(({ message, locations }: GraphQLError) => {
    const [place] = locations ?? [];
    return `  ${source}${place === undefined ? '' : `:${place.line}:${place.column}`} ${message}`;
  });
  if (errors.length > mostTold) lines.push(`  and ${errors.length - mostTold} more`);
  return new CommandError(3, `${source} has ${plural(errors.length, 'problem')}:\n${lines.join('\n')}`);
}

/**
 * Throws a CommandError as soon as the server cannot be reached: whoever stands before a terminal has mistyped the address, and
 * does not want to wait for it.
 */
async function ask({ address, headers }: AddressSource, signal?: AbortSignal): Promise<Schema> {
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
    const place = placeOf(address);
    throw new CommandError(4, failure.message.includes(place) ? failure.message : `${place}: ${failure.message}`);
  }
}

/** What a module in `file` says that it was made from: the same wherever the command is run, and nothing secret. */
export function sourceFor(source: SchemaSource, file: string): string {
  if (source.kind === 'address') return placeOf(source.address);
  if (source.kind === 'text') return textName;
  const path = relative(dirname(resolve(file)), resolve(source.path)) || '.';
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
