// Reads a GraphQLSchema by what it looks like: without graphql-js, so that the schema may come from any copy of it.

import type {
  DirectiveModel,
  EnumValueModel,
  FieldModel,
  InputModel,
  SchemaModel,
  TypeModel,
} from '../../model/model.js';
import { readTypeRef } from '../../model/type-ref.js';
import { completeModel } from '../complete-model.js';
import { defaultValueOf } from './default-value.js';
import type { DirectiveLike, EnumValueLike, FieldLike, InputLike, SchemaLike, TypeLike } from './like.js';

/** @throws SchemaError where it has no query type. */
export function readGraphQLSchema(schema: SchemaLike, source: string): SchemaModel {
  const types = new Map<string, TypeModel>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!type.name.startsWith('__')) types.set(type.name, readType(type, schema));
  }
  const roots = {
    query: schema.getQueryType()?.name,
    mutation: schema.getMutationType()?.name,
    subscription: schema.getSubscriptionType()?.name,
  };
  const directives = byName(schema.getDirectives(), readDirective);
  return completeModel({ description: schema.description || undefined, roots, types, directives }, { source });
}

function readType(type: TypeLike, schema: SchemaLike): TypeModel {
  const described = describedOf(type);
  const fields = Object.values(type.getFields?.() ?? {});
  const interfaces = (type.getInterfaces?.() ?? []).map(({ name }) => name);
  switch (type[Symbol.toStringTag]) {
    case 'GraphQLObjectType':
      return { kind: 'object', ...described, fields: byName(fields, readField), interfaces };
    case 'GraphQLInterfaceType': {
      const possible = schema.getPossibleTypes(type).map(({ name }) => name);
      return { kind: 'interface', ...described, fields: byName(fields, readField), interfaces, possible };
    }
    case 'GraphQLUnionType':
      return { kind: 'union', ...described, possible: (type.getTypes?.() ?? []).map(({ name }) => name) };
    case 'GraphQLEnumType':
      return { kind: 'enum', ...described, values: byName(type.getValues?.() ?? [], readEnumValue) };
    case 'GraphQLInputObjectType':
      return { kind: 'input', ...described, fields: byName(fields, readInput), oneOf: type.isOneOf === true };
    default:
      return { kind: 'scalar', ...described, specifiedByURL: type.specifiedByURL ?? undefined };
  }
}

function readField(field: FieldLike): FieldModel {
  return {
    ...describedOf(field),
    type: readTypeRef(String(field.type)),
    args: byName(field.args ?? [], readInput),
    deprecated: deprecationOf(field),
  };
}

function readInput(input: InputLike): InputModel {
  return {
    ...describedOf(input),
    type: readTypeRef(String(input.type)),
    defaultValue: defaultValueOf(input),
    deprecated: deprecationOf(input),
  };
}

function readEnumValue(value: EnumValueLike): EnumValueModel {
  return { ...describedOf(value), deprecated: deprecationOf(value) };
}

function readDirective(directive: DirectiveLike): DirectiveModel {
  return {
    ...describedOf(directive),
    args: byName(directive.args, readInput),
    locations: [...directive.locations],
    repeatable: directive.isRepeatable === true,
  };
}

function deprecationOf({ deprecationReason: reason }: Pick<EnumValueLike, 'deprecationReason'>): string | undefined {
  return reason === undefined || reason === null ? undefined : reason || 'No longer supported';
}

function describedOf({ name, description }: Pick<TypeLike, 'name' | 'description'>): {
  readonly name: string;
  readonly description: string | undefined;
} {
  return { name, description: description || undefined };
}

function byName<Like extends { readonly name: string }, Model>(
  list: readonly Like[],
  read: (one: Like) => Model,
): Map<string, Model> {
  return new Map(list.map((one) => [one.name, read(one)]));
}
