// Types for programs that write functions over selections, and keep what requests answer with.

import type { ApiRequest } from '../api/api-request.js';
import type { Checked } from './checked.js';
import type { Selected } from './result.js';
import type { Composite, SchemaTypes, TypeNamed } from './schema-types.js';
import type { Selection } from './selection.js';

/**
 * What running a built request gives.
 *
 * @example `type Books = ResultOf<typeof request>`
 */
export type ResultOf<Request extends ApiRequest> = Request extends ApiRequest<infer Result> ? Result : never;

/**
 * The selections of a type of the schema.
 *
 * @typeParam Types The `$Types` of a generated module.
 * @typeParam Name The type's name in GraphQL.
 * @example `const card = { id: true, author: ['name'] } as const satisfies SelectionOf<$Types, 'Book'>;`
 */
export type SelectionOf<Types extends SchemaTypes, Name extends keyof Types['types']> = Selection<
  Types,
  TypeNamed<Types, Name>
>;

/**
 * A selection that a function is given, as long as it names only what there is.
 *
 * @example
 * ```ts
 * function load<const S extends SelectionOf<$Types, 'Book'>>(selection: CheckedSelection<$Types, 'Book', S>) {
 *   return api.query.books<S>({}, selection);
 * }
 * ```
 */
export type CheckedSelection<Types extends SchemaTypes, Name extends keyof Types['types'], S> = S &
  Checked<Types, TypeNamed<Types, Name>, S>;

/**
 * What a selection of a type selects.
 *
 * @example `type Card = Selected<$Types, 'Book', typeof card>`
 */
export type SelectedOf<Types extends SchemaTypes, Name extends keyof Types['types'], S> = Selected<
  Types,
  Extract<TypeNamed<Types, Name>, Composite>,
  S
>;
