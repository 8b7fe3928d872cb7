// An interceptor that checks calls against a schema before they are sent: by default that of their own server, which it asks
// for it once.

import { OptionError } from '../protocol/errors/option-error.js';
import { describe, refuseUnknownOptions } from '../protocol/options.js';
import type { Interceptor, InterceptorSession, Start } from '../session/interceptors.js';
import type { RequestFault } from './documents/request-fault.js';
import { type CheckSettings, SessionCheck } from './documents/session-check.js';
import type { SchemaCache } from './sources/cache/schema-cache.js';
import { checkLoadOptions } from './sources/load-options.js';
import { isSession } from './sources/load-schema.js';
import { readSchema } from './sources/read-schema.js';

type Handle = ReturnType<Start>;

export interface WithSchemaOptions {
  /**
   * The schema to check with, or whatever `loadSchema` makes one of. Default: the server of the session is asked for it, once,
   * when the session is ready for the first time.
   */
  readonly schema?: string | URL | object | undefined;
  /**
   * Whether calls wait until the schema is there, within their own deadlines. If it cannot be had, they go on unchecked.
   * Default false: until it is there, calls pass unchecked.
   */
  readonly schemaFirst?: boolean | undefined;
  /** Keeps what the server answers, `memoryCache()` or `fileCache({ folder })`; needs a `cacheKey`. Default: none. */
  readonly cache?: SchemaCache | undefined;
  /** What the cache keeps it under, such as the address of the server. Default: the address that `schema` is. */
  readonly cacheKey?: string | undefined;
  /**
   * Told once when calls cannot be checked, until they can be again: the server does not tell its schema, `graphql` is not
   * installed. Take the interceptor out of the session, or give it a `schema`, where that will not change. Default: a warning
   * on the console.
   */
  readonly onError?: ((error: Error) => void) | undefined;
}

const known: readonly (keyof WithSchemaOptions)[] = ['schema', 'schemaFirst', 'cache', 'cacheKey', 'onError'];

/**
 * An interceptor that checks documents and variables against a schema before they are sent: each document once. A call that
 * the schema does not allow fails with a ValidationError (or a DocumentError, where the document does not parse) and never
 * reaches the server. Needs the package `graphql`. Put it before interceptors that take the text of documents away, such as
 * `trustedDocuments`; what is sent without its text passes unchecked.
 *
 * The schema comes out of an ordinary query of the session, under its retry rules; the session lives on without it where that
 * fails, and it is asked for again later, at most once a minute. A server may change: a call that does not fit a schema older
 * than a minute is checked against a new one, before it is refused.
 *
 * @throws OptionError; SchemaError for a `schema` that is introspection or an object, and no schema.
 * @example
 * ```ts
 * const session = createSession({ transport, interceptors: { call: [withSchema()] } });
 * await session.execute('{ book { titel } }'); // ValidationError: Cannot query field "titel" ... Did you mean "title"?
 * ```
 */
export function withSchema(options: WithSchemaOptions = {}): Interceptor {
  const settings = resolve(options);
  const checks = new WeakMap<InterceptorSession, SessionCheck>();
  return (next, session) => {
    // Over several ways to a server there is an interceptor for each: they share what is known of the schema.
    const check = checks.get(session) ?? new SessionCheck(session, settings);
    checks.set(session, check);
    return (request, sink) => {
      const checked = check.of(request);
      if (checked === undefined) return next(request, sink);
      return whenChecked(checked, (fault) => {
        if (fault === undefined) return next(request, sink);
        sink.error({ code: 'invalid-operation', phase: 'prepare', message: fault.message, cause: fault });
        return undefined;
      });
    };
  };
}

/** Unless it is cancelled before. */
function whenChecked(
  checked: Promise<RequestFault | undefined>,
  goOn: (fault: RequestFault | undefined) => Handle | undefined,
): Handle {
  let passedOn: Handle | undefined;
  let cancelled = false;
  void checked.then((fault) => {
    if (!cancelled) passedOn = goOn(fault);
  });
  return {
    cancel: () => {
      cancelled = true;
      passedOn?.cancel();
    },
    get flow() {
      return passedOn?.flow;
    },
  };
}

function resolve(options: WithSchemaOptions): CheckSettings {
  refuseUnknownOptions('the options of withSchema()', options, known);
  const { schema, schemaFirst = false, cache, cacheKey, onError } = options;
  if (typeof schemaFirst !== 'boolean') {
    throw new OptionError('schemaFirst', `Option "schemaFirst" must be true or false; it is ${describe(schemaFirst)}.`);
  }
  if (schema === undefined && cache !== undefined && cacheKey === undefined) {
    throw new OptionError(
      'cacheKey',
      'A session does not say which server it is for: give "cacheKey", such as the address of the server.',
    );
  }
  checkLoadOptions({ cache, cacheKey, onError });
  return { schema: schemaOf(schema), schemaFirst, cache, cacheKey, onError };
}

/** What is in memory is read now. */
function schemaOf(given: WithSchemaOptions['schema']): CheckSettings['schema'] {
  if (given === undefined) return undefined;
  return typeof given === 'string' || given instanceof URL || isSession(given) ? { from: given } : readSchema(given);
}
