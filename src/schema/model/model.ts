// What the schema-driven API knows of a schema: names, types and arguments, without graphql-js. SDL, introspection, a
// GraphQLSchema and generated modules are all read into this; whatever builds, checks or decodes asks nothing else.
// GraphQL specification, September 2025, section 3.

import type { OperationKind } from '../../protocol/result.js';
import type { TypeRef } from './type-ref.js';

export interface SchemaModel {
  readonly description: string | undefined;
  /** The names of the root types. Undefined: the schema has none of that kind. */
  readonly roots: Readonly<Record<OperationKind, string | undefined>>;
  /** The built-in scalars among them, the types of introspection not. */
  readonly types: ReadonlyMap<string, TypeModel>;
  /** `include`, `skip` and `deprecated` among them, whether the source names them or not. */
  readonly directives: ReadonlyMap<string, DirectiveModel>;
}

export type TypeModel = ScalarModel | EnumModel | ObjectModel | InterfaceModel | UnionModel | InputObjectModel;

interface Described {
  readonly name: string;
  readonly description: string | undefined;
}

export interface ScalarModel extends Described {
  readonly kind: 'scalar';
  readonly specifiedByURL: string | undefined;
}

export interface EnumModel extends Described {
  readonly kind: 'enum';
  readonly values: ReadonlyMap<string, EnumValueModel>;
}

export interface EnumValueModel extends Described {
  /** Why; undefined: it is not deprecated. */
  readonly deprecated: string | undefined;
}

export interface ObjectModel extends Described {
  readonly kind: 'object';
  readonly fields: ReadonlyMap<string, FieldModel>;
  readonly interfaces: readonly string[];
}

export interface InterfaceModel extends Described {
  readonly kind: 'interface';
  readonly fields: ReadonlyMap<string, FieldModel>;
  readonly interfaces: readonly string[];
  /** The object types that implement it. */
  readonly possible: readonly string[];
}

export interface UnionModel extends Described {
  readonly kind: 'union';
  readonly possible: readonly string[];
}

export interface InputObjectModel extends Described {
  readonly kind: 'input';
  readonly fields: ReadonlyMap<string, InputModel>;
  /** Exactly one field is to be given (`@oneOf`). */
  readonly oneOf: boolean;
}

export interface FieldModel extends Described {
  readonly type: TypeRef;
  readonly args: ReadonlyMap<string, InputModel>;
  readonly deprecated: string | undefined;
}

/** An argument, or a field of an input object. */
export interface InputModel extends Described {
  readonly type: TypeRef;
  /** As GraphQL text, `10` or `{ by: NAME }`. */
  readonly defaultValue: string | undefined;
  readonly deprecated: string | undefined;
}

export interface DirectiveModel extends Described {
  readonly args: ReadonlyMap<string, InputModel>;
  /** As in the specification: `FIELD`, `INLINE_FRAGMENT`, ... */
  readonly locations: readonly string[];
  readonly repeatable: boolean;
}

/** Types that have fields to select. */
export type CompositeModel = ObjectModel | InterfaceModel | UnionModel;

export function isComposite(type: TypeModel | undefined): type is CompositeModel {
  return type?.kind === 'object' || type?.kind === 'interface' || type?.kind === 'union';
}

/** It must be given: not null and without a default. */
export function isRequired({ type, defaultValue }: InputModel): boolean {
  return type.nonNull && defaultValue === undefined;
}
