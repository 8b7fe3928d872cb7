// What a GraphQLSchema looks like from outside, in graphql-js 16 and 17 alike, whichever copy of it made the schema: what is
// read of it, and nothing else.

export interface SchemaLike {
  readonly description?: string | null | undefined;
  getQueryType(): TypeLike | null | undefined;
  getMutationType(): TypeLike | null | undefined;
  getSubscriptionType(): TypeLike | null | undefined;
  getTypeMap(): Readonly<Record<string, TypeLike>>;
  getDirectives(): readonly DirectiveLike[];
  getPossibleTypes(type: TypeLike): readonly TypeLike[];
}

interface DescribedLike {
  readonly name: string;
  readonly description?: string | null | undefined;
}

/** Each kind of type has some of these; a list or non-null type only `ofType`. As text it is what SDL says. */
export interface TypeLike extends DescribedLike {
  readonly [Symbol.toStringTag]?: string;
  readonly ofType?: TypeLike | undefined;
  readonly specifiedByURL?: string | null | undefined;
  readonly isOneOf?: boolean | undefined;
  getFields?(): Readonly<Record<string, FieldLike>>;
  getInterfaces?(): readonly TypeLike[];
  getTypes?(): readonly TypeLike[];
  getValues?(): readonly EnumValueLike[];
  serialize?(value: unknown): unknown;
}

interface DeprecatedLike extends DescribedLike {
  readonly deprecationReason?: string | null | undefined;
}

export interface EnumValueLike extends DeprecatedLike {
  readonly value?: unknown;
}

/** An argument, or a field of an input object. */
export interface InputLike extends DeprecatedLike {
  readonly type: TypeLike;
  /** What the program works with; in 17 the old way to say it. */
  readonly defaultValue?: unknown;
  /** In 17: what travels. */
  readonly default?: { readonly value?: unknown; readonly literal?: unknown } | undefined;
}

export interface FieldLike extends InputLike {
  readonly args?: readonly InputLike[] | undefined;
}

export interface DirectiveLike extends DescribedLike {
  readonly args: readonly InputLike[];
  readonly locations: readonly string[];
  readonly isRepeatable?: boolean | undefined;
}

export function isSchemaLike(value: unknown): value is SchemaLike {
  const methods = ['getQueryType', 'getTypeMap', 'getDirectives', 'getPossibleTypes'];
  return (
    typeof value === 'object' &&
    value !== null &&
    methods.every((name) => typeof Reflect.get(value, name) === 'function')
  );
}
