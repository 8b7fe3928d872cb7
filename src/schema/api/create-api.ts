// Makes the API of a schema over a session.

import { OptionError } from '../../protocol/errors/option-error.js';
import { describe, refuseUnknownOptions } from '../../protocol/options.js';
import type { Session } from '../../session/session.js';
import type { ScalarCodecs } from '../scalars/codec.js';
import type { Schema } from '../schema.js';
import { readSchema } from '../sources/read-schema.js';
import type { Api } from './api.js';
import { SchemaApi } from './schema-api.js';

export interface ApiOptions {
  /**
   * Codecs by the names of scalars and enums, before those that a generated module brings. Documents that are given as text
   * are read for them once each, which needs the package `graphql`. Default: none.
   */
  readonly scalars?: ScalarCodecs | undefined;
  /**
   * Whether documents that are given to `execute`, `result`, `stream` and `subscribe` are checked against the schema before they
   * are sent, once each; needs the package `graphql`. Whatever the API builds itself is checked always. Default: false.
   */
  readonly checkDocuments?: boolean | undefined;
}

/**
 * The API of a schema over a session, at once. The session stays its owner's: who opened it closes it.
 *
 * @param schema Whatever `readSchema` takes: a generated schema, introspection JSON, a GraphQLSchema, a Schema.
 * @throws SchemaError for what is no schema; OptionError, for a codec that is for nothing in the schema, too.
 * @example
 * ```ts
 * const api = createApi(session, schema);
 * const books = await api.query.books({ author: 'Le Guin' }, { id: true, title: true, author: { name: true } });
 * ```
 */
export function createApi<Types>(session: Session, schema: Schema<Types>, options?: ApiOptions | undefined): Api<Types>;
/** The same for a schema that is known at run time only. */
export function createApi(session: Session, schema: object, options?: ApiOptions | undefined): Api;
// What each field takes and gives is known to types alone: at run time it is what the schema says.
export function createApi(session: Session, schema: object, options: ApiOptions = {}): unknown {
  refuseUnknownOptions('the options of createApi()', options, ['scalars', 'checkDocuments']);
  const { execute, subscribe } = Object(session) as Partial<Session>;
  if (typeof execute !== 'function' || typeof subscribe !== 'function') {
    throw new OptionError(
      'session',
      `createApi() needs a session first, as connect() gives it; it is ${describe(session)}.`,
    );
  }
  return new SchemaApi(session, readSchema(schema), options);
}
