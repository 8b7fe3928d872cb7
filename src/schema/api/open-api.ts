// A session, the schema of its server and the API over both, in one call.

import { connect, type SessionOptions } from '../../connect.js';
import { OptionError } from '../../protocol/errors/option-error.js';
import { refuseUnknownOptions } from '../../protocol/options.js';
import type { Schema } from '../schema.js';
import type { SchemaCache } from '../sources/cache/schema-cache.js';
import type { LoadSchemaOptions } from '../sources/load-options.js';
import { loadSchema } from '../sources/load-schema.js';
import type { OpenedApi } from './api.js';
import type { ApiOptions } from './create-api.js';
import { OpenedSchemaApi } from './schema-api.js';

export interface OpenApiOptions extends ApiOptions {
  /** The schema, or where it is: whatever `loadSchema` takes. Default: the server is asked for it. */
  readonly schema?: string | URL | object | undefined;
  /** Keeps the schema that the server tells, `memoryCache()` or `fileCache({ folder })`. Default: none. */
  readonly cache?: SchemaCache | undefined;
  /** What the cache keeps it under. Default: the address; needed where the session is opened with a transport. */
  readonly cacheKey?: string | undefined;
  /** How long connecting may take, and then each question for the schema, ms. Default 30,000. */
  readonly deadlineMs?: number | undefined;
  /** Aborting it ends the opening. */
  readonly signal?: AbortSignal | undefined;
}

const options: readonly string[] = ['scalars', 'checkDocuments', 'schema', 'cache', 'cacheKey', 'deadlineMs', 'signal'];

/** What people give for the whole of it, and a session takes. */
const ofSession: readonly string[] = [
  'headers',
  'credentials',
  'retry',
  'liveness',
  'buffer',
  'interceptors',
  'maxInFlight',
  'maxWaiting',
  'limits',
  'json',
  'transport',
] satisfies readonly (keyof SessionOptions | 'headers')[];

/**
 * Opens a session, reads its schema and makes the API. Its `close` closes the session. When it rejects, nothing stays open.
 *
 * @param server The server's address, or the options of a session: `{ transport: address, credentials: { headers } }`.
 * @throws ConnectError when the session was not ready in time; SchemaError for a schema that cannot be had; OptionError.
 * @example
 * ```ts
 * await using api = await openApi('https://example.com/graphql');
 * const books = await api.query.books({ author: 'Le Guin' });
 * ```
 */
export function openApi<Types>(
  server: string | URL | SessionOptions,
  options: OpenApiOptions & { readonly schema: Schema<Types> },
): Promise<OpenedApi<Types>>;
/** The same for a schema that is known at run time only, as one that the server tells. */
export function openApi(
  server: string | URL | SessionOptions,
  options?: OpenApiOptions | undefined,
): Promise<OpenedApi>;
// Its type as that of createApi().
export async function openApi(server: string | URL | SessionOptions, given: OpenApiOptions = {}): Promise<unknown> {
  refuseSessionOptions(given);
  refuseUnknownOptions('the options of openApi()', given, options);
  const { schema, deadlineMs, signal } = given;
  // Read before anything is opened: a wrong one costs no connection.
  const known = schema === undefined ? undefined : await loadSchema(schema, { deadlineMs, signal });
  const session = await connect(server, { deadlineMs, signal });
  try {
    return new OpenedSchemaApi(session, known ?? (await loadSchema(session, askOptions(server, given))), given);
  } catch (error) {
    await session.close({ graceMs: 0 });
    throw error;
  }
}

function refuseSessionOptions(given: OpenApiOptions): void {
  const name = Object.keys(Object(given)).find((one) => ofSession.includes(one));
  if (name === undefined) return;
  const written = name === 'headers' ? 'credentials: { headers }' : name === 'transport' ? '...' : `${name}: ...`;
  const message = `"${name}" is an option of the session, which is the first parameter: openApi({ transport: address, ${written} }).`;
  throw new OptionError(name, message);
}

function askOptions(
  server: string | URL | SessionOptions,
  { cache, cacheKey, deadlineMs, signal }: OpenApiOptions,
): LoadSchemaOptions {
  const address = addressOf(server);
  if (address === undefined) return { cache, cacheKey, deadlineMs, signal };
  // Errors name it without what may be secret in it.
  const source = `${address.protocol}//${address.host}${address.pathname}`;
  return { source, cache, cacheKey: cacheKey ?? address.href, deadlineMs, signal };
}

/** Undefined where the server is reached by a transport. */
function addressOf(server: string | URL | SessionOptions): URL | undefined {
  const address = typeof server === 'string' || server instanceof URL ? server : server.transport;
  return typeof address === 'string' || address instanceof URL ? new URL(address) : undefined;
}
