// The roots of an API whose schema the compiler knows: functions of root fields that take exactly their arguments and a
// selection of their type, and answer with what was selected.

import type { OperationKind } from '../../protocol/result.js';
import type { CallResult } from '../../session/call.js';
import type { CallOptions, StreamOptions, SubscribeOptions } from '../../session/prepare.js';
import type { ResultStream } from '../../session/stream.js';
import type { StreamPatch, StreamSnapshot } from '../../session/stream-part.js';
import type { Subscription } from '../../session/subscription.js';
import type { Selection as AnySelection, CallRoot, RequestOptions, SubscriptionRoot } from '../api/api.js';
import type { ApiRequest } from '../api/api-request.js';
import type { Checked } from './checked.js';
import type { Presence, Selected, Value } from './result.js';
import type { ArgsOf, Composite, Inner, SchemaTypes } from './schema-types.js';
import type { Selection, ValueSelection } from './selection.js';

/** `api.query`, and `api.mutation` with the other kind. */
export type CallRootOf<Types, Kind extends 'query' | 'mutation'> = Types extends SchemaTypes
  ? Types[Kind] extends Composite
    ? TypedCallRoot<Types, Types[Kind]>
    : never
  : CallRoot;

/** `api.subscription`. */
export type SubscriptionRootOf<Types> = Types extends SchemaTypes
  ? Types['subscription'] extends Composite
    ? TypedSubscriptionRoot<Types, Types['subscription']>
    : never
  : SubscriptionRoot;

/** `api.request`: builds a request of any number of root fields and sends nothing. */
export type RequestBuilderOf<Types> = Types extends SchemaTypes ? TypedRequestBuilder<Types> : RequestBuilder;

type TypedCallRoot<Types extends SchemaTypes, T extends Composite> = SeveralCalls<Types, T> & {
  readonly [Field in keyof T as Field extends '__typename' ? never : Field]: TypedCallField<
    Types,
    T[Field],
    ArgsOf<Types, T, Field>
  >;
};

type TypedSubscriptionRoot<Types extends SchemaTypes, T extends Composite> = OneSubscription<Types, T> & {
  readonly [Field in keyof T as Field extends '__typename' ? never : Field]: TypedSubscriptionField<
    Types,
    T[Field],
    ArgsOf<Types, T, Field>
  >;
};

/** Runs several root fields in one request. */
type SeveralCalls<Types extends SchemaTypes, T extends Composite> = <const S extends Selection<Types, T>>(
  selection: S & Checked<Types, T, S>,
  options?: CallOptions | undefined,
) => Promise<Selected<Types, T, S>>;

type OneSubscription<Types extends SchemaTypes, T extends Composite> = <const S extends Selection<Types, T>>(
  selection: S & Checked<Types, T, S>,
  options?: SubscribeOptions | undefined,
) => Subscription<Selected<Types, T, S>>;

/**
 * What a root field is called with where its selection is the default one. The arguments may be left out where none is
 * required; nothing can come before them, so that a call means the same when the server adds an argument.
 */
type ArgsAlone<Args> = Record<never, never> extends Args ? [args?: Args | undefined] : [args: Args];

/** With a selection: no parameter of the kind that may be left out, since the compiler would see one member of a union then. */
type ArgsBefore<Args> = Record<never, never> extends Args ? Args | undefined : Args;

/**
 * The value of the field, or undefined where a directive may leave it out. A member of an object, since the compiler knows it then
 * in functions over selections as well.
 */
type Answer<Types extends SchemaTypes, V, S> = {
  readonly surely: Value<Types, V, S>;
  readonly perhaps: Value<Types, V, S> | undefined;
}[Presence<S>];

/** A root field of queries or mutations. */
export interface TypedCallField<Types extends SchemaTypes, V, Args> {
  /**
   * Runs the field and answers with its value. In `options`, `operationName` is the name that the operation is given.
   *
   * @param args Its arguments; `{}` for none.
   * @param selection What to select of its value. Default: its scalars and enums, and those of the objects in it.
   * @throws ValidationError and ScalarError before anything is sent; GraphQLResultError, whose `data` is the partial data as the
   * server sent it; ScalarError for an answer that cannot be decoded; whatever `session.execute` throws.
   */
  <const S extends ValueSelection<Types, V>>(
    args: ArgsBefore<Args>,
    selection: S & Checked<Types, Inner<V>, S>,
    options?: CallOptions | undefined,
  ): Promise<Answer<Types, V, S>>;
  (...args: ArgsAlone<Args>): Promise<Answer<Types, V, true>>;
  /** Builds the request and sends nothing. @throws ValidationError and ScalarError at once. */
  request<const S extends ValueSelection<Types, V>>(
    args: ArgsBefore<Args>,
    selection: S & Checked<Types, Inner<V>, S>,
    options?: RequestOptions | undefined,
  ): ApiRequest<Answer<Types, V, S>>;
  request(...args: ArgsAlone<Args>): ApiRequest<Answer<Types, V, true>>;
  /** The same with everything the server answered: GraphQL errors do not throw here. */
  result<const S extends ValueSelection<Types, V>>(
    args: ArgsBefore<Args>,
    selection: S & Checked<Types, Inner<V>, S>,
    options?: CallOptions | undefined,
  ): Promise<CallResult<Answer<Types, V, S>>>;
  result(...args: ArgsAlone<Args>): Promise<CallResult<Answer<Types, V, true>>>;
  /** The same in parts, for `@defer` and `@stream`. @throws ValidationError and ScalarError at once. */
  stream<const S extends ValueSelection<Types, V>, As extends 'snapshot' | 'patch' = 'snapshot'>(
    args: ArgsBefore<Args>,
    selection: S & Checked<Types, Inner<V>, S>,
    options?: StreamOptions<As> | undefined,
  ): ResultStream<PartAs<As, Answer<Types, V, S>>>;
  stream(...args: ArgsAlone<Args>): ResultStream<StreamSnapshot<Answer<Types, V, true>>>;
  /** What the schema says of it. */
  readonly description: string | undefined;
}

type PartAs<As, T> = As extends 'patch' ? StreamPatch<T> : StreamSnapshot<T>;

/** A root field of subscriptions. */
export interface TypedSubscriptionField<Types extends SchemaTypes, V, Args> {
  /**
   * Starts the subscription and answers with its events, whose data is the value of the field.
   *
   * @param args Its arguments; `{}` for none.
   * @param selection What to select of its value. Default: its scalars and enums, and those of the objects in it.
   * @throws ValidationError, ScalarError and OptionError at once; everything else out of the iterator.
   */
  <const S extends ValueSelection<Types, V>>(
    args: ArgsBefore<Args>,
    selection: S & Checked<Types, Inner<V>, S>,
    options?: SubscribeOptions | undefined,
  ): Subscription<Answer<Types, V, S>>;
  (...args: ArgsAlone<Args>): Subscription<Answer<Types, V, true>>;
  /** Builds the request and sends nothing. @throws ValidationError and ScalarError at once. */
  request<const S extends ValueSelection<Types, V>>(
    args: ArgsBefore<Args>,
    selection: S & Checked<Types, Inner<V>, S>,
    options?: RequestOptions | undefined,
  ): ApiRequest<Answer<Types, V, S>>;
  request(...args: ArgsAlone<Args>): ApiRequest<Answer<Types, V, true>>;
  /** What the schema says of it. */
  readonly description: string | undefined;
}

type TypedRequestBuilder<Types extends SchemaTypes> = <
  Kind extends RootKinds<Types>,
  const S extends Selection<Types, RootType<Types, Kind>>,
>(
  kind: Kind,
  selection: S & Checked<Types, RootType<Types, Kind>, S>,
  options?: RequestOptions | undefined,
) => ApiRequest<Selected<Types, RootType<Types, Kind>, S>>;

type RequestBuilder = <T = unknown>(
  kind: OperationKind,
  selection: AnySelection,
  options?: RequestOptions | undefined,
) => ApiRequest<T>;

type RootKinds<Types extends SchemaTypes> = {
  [Kind in OperationKind]: Types[Kind] extends Composite ? Kind : never;
}[OperationKind];

type RootType<Types extends SchemaTypes, Kind extends OperationKind> = Extract<Types[Kind], Composite>;
