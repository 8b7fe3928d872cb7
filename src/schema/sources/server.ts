// Schemas of servers: over a session of the program, or one that is opened to ask and closed again; with a cache or without.

import { connect } from '../../connect.js';
import { HoldfastError } from '../../protocol/errors/holdfast-error.js';
import { OptionError } from '../../protocol/errors/option-error.js';
import { CancelledError } from '../../session/errors/cancelled-error.js';
import { SchemaError } from '../errors/schema-error.js';
import type { SchemaModel } from '../model/model.js';
import type { Schema } from '../schema.js';
import { modelThroughCache } from './cache/through-cache.js';
import { type AskedSession, type AskOptions, askForSchema, failed } from './introspection/ask.js';
import { readIntrospection } from './introspection/read.js';
import type { Introspection } from './introspection/write.js';
import type { LoadSchemaOptions } from './load-options.js';
import { LoadedSchema } from './loaded-schema.js';

/** The session stays open. */
export async function schemaOfSession(session: AskedSession, options: LoadSchemaOptions): Promise<Schema> {
  const { source = 'the server of the session', cache, cacheKey } = options;
  if (cache !== undefined && cacheKey === undefined) {
    throw new OptionError(
      'cacheKey',
      'A session does not say which server it is for: give "cacheKey", such as the address of the server, for the cache to keep the schema under.',
    );
  }
  return loaded(source, cacheKey ?? '', options, (asking) => askForSchema(session, source, asking));
}

export async function schemaOfAddress(address: URL, options: LoadSchemaOptions): Promise<Schema> {
  const place = `${address.protocol}//${address.host}${address.pathname}`;
  const { source = place, cacheKey = address.href } = options;
  return loaded(source, cacheKey, options, async (asking) => {
    const session = await opened(address, source, options, asking);
    try {
      return await askForSchema(session, source, asking);
    } finally {
      await session.close({ graceMs: 0 });
    }
  });
}

async function opened(
  address: URL,
  source: string,
  { headers, session }: LoadSchemaOptions,
  asking: AskOptions,
): ReturnType<typeof connect> {
  const credentials = headers === undefined ? session?.credentials : { headers };
  try {
    return await connect({ ...session, credentials, transport: address }, asking);
  } catch (cause) {
    throw failed(source, cause);
  }
}

async function loaded(
  source: string,
  key: string,
  options: LoadSchemaOptions,
  ask: (asking: AskOptions) => Promise<Introspection>,
): Promise<Schema> {
  const { cache, signal, deadlineMs = 30_000, now = Date.now } = options;
  if (cache === undefined) {
    const model = readIntrospection(await ask({ signal, deadlineMs }), source, 'answered');
    return new LoadedSchema({ model, source });
  }
  const report = (what: string, cause: unknown): void => reportBehind(source, what, cause, options.onError);
  // Others may wait for the same answer: a signal ends the wait of one, not the question.
  const fetch = (): Promise<Introspection> => ask({ deadlineMs });
  const model = modelThroughCache({ cache, key, source, now, fetch, report });
  return new LoadedSchema({ model: await unlessAborted(model, source, signal), source });
}

function unlessAborted(
  model: Promise<SchemaModel>,
  source: string,
  signal: AbortSignal | undefined,
): Promise<SchemaModel> {
  if (signal === undefined) return model;
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      // Whether the question was sent is known to those who still wait.
      reject(new CancelledError(`Loading the schema of ${source}`, signal.reason, 'unknown', 0));
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    model.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** What was warned about: once for each server and kind. */
const warned = new Set<string>();

function reportBehind(source: string, what: string, cause: unknown, onError: LoadSchemaOptions['onError']): void {
  const error = cause instanceof SchemaError ? cause : cacheFailure(source, what, cause);
  if (onError === undefined) {
    const kind = `${source}: ${what}`;
    // What went wrong with the cache itself says that already.
    if (!warned.has(kind)) console.warn(`holdfast: ${cause === error ? `${what}. ` : ''}${error.message}`);
    warned.add(kind);
    return;
  }
  try {
    onError(error);
  } catch (thrown) {
    console.error('holdfast: the option "onError" of loadSchema() threw.', thrown);
  }
}

function cacheFailure(source: string, what: string, cause: unknown): HoldfastError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new HoldfastError(`${source}: ${what}, and its server is asked each time until that is mended: ${why}`, {
    code: 'schema-cache',
    phase: 'prepare',
    cause,
  });
}
