// What a schema knows of itself and no source lists: the types of introspection and the fields that lead to them.
// GraphQL specification, September 2025, section 4.

import type {
  CompositeModel,
  EnumModel,
  FieldModel,
  InputModel,
  ObjectModel,
  SchemaModel,
  TypeModel,
} from '../model/model.js';
import { isComposite } from '../model/model.js';
import { readTypeRef } from '../model/type-ref.js';

const noArgs: ReadonlyMap<string, InputModel> = new Map();
/** Non-null as in the newest specification: what is declared so may stand for a nullable argument of an older server too. */
const deprecatedToo = inputs({ name: 'includeDeprecated', type: 'Boolean!', defaultValue: 'false' });

const types: ReadonlyMap<string, TypeModel> = new Map(
  [
    object('__Schema', 'description: String, types: [__Type!]!, queryType: __Type!, mutationType: __Type', [
      'subscriptionType: __Type, directives: [__Directive!]!',
    ]),
    object('__Type', 'kind: __TypeKind!, name: String, description: String, specifiedByURL: String, isOneOf: Boolean', [
      'interfaces: [__Type!], possibleTypes: [__Type!], ofType: __Type',
      'fields*: [__Field!], enumValues*: [__EnumValue!], inputFields*: [__InputValue!]',
    ]),
    object('__Field', 'name: String!, description: String, isDeprecated: Boolean!, deprecationReason: String', [
      'args*: [__InputValue!]!, type: __Type!',
    ]),
    object('__InputValue', 'name: String!, description: String, type: __Type!, defaultValue: String', [
      'isDeprecated: Boolean!, deprecationReason: String',
    ]),
    object('__EnumValue', 'name: String!, description: String, isDeprecated: Boolean!, deprecationReason: String'),
    object('__Directive', 'name: String!, description: String, isRepeatable: Boolean!', [
      'locations: [__DirectiveLocation!]!, args*: [__InputValue!]!',
    ]),
    enumeration('__TypeKind'),
    enumeration('__DirectiveLocation'),
  ].map((type) => [type.name, type]),
);

const typename = field('__typename', 'String!');
const rootFields: ReadonlyMap<string, FieldModel> = new Map([
  ['__schema', field('__schema', '__Schema!')],
  ['__type', field('__type', '__Type', inputs({ name: 'name', type: 'String!' }))],
]);

/** A type of the schema or of introspection. */
export function findType(model: SchemaModel, name: string): TypeModel | undefined {
  return model.types.get(name) ?? types.get(name);
}

/** A type that has fields to select. */
export function findComposite(model: SchemaModel, name: string): CompositeModel | undefined {
  const type = findType(model, name);
  return isComposite(type) ? type : undefined;
}

/** A field of a type, those among them that every type has and those that only the root of queries has. */
export function findField(model: SchemaModel, type: CompositeModel, name: string): FieldModel | undefined {
  if (name === '__typename') return typename;
  if (type.name === model.roots.query && rootFields.has(name)) return rootFields.get(name);
  return type.kind === 'union' ? undefined : type.fields.get(name);
}

/** The object types that a value of this type can be of. */
export function possibleTypes(type: CompositeModel): readonly string[] {
  return type.kind === 'object' ? [type.name] : type.possible;
}

/** `name: Type`, separated by commas; a star after a name: it takes `includeDeprecated`. */
function object(name: string, first: string, more: readonly string[] = []): ObjectModel {
  const fields = [first, ...more].join(', ').split(', ');
  const read = (text: string): [string, FieldModel] => {
    const [left = '', type = ''] = text.split(': ');
    const fieldName = left.replace('*', '');
    return [fieldName, field(fieldName, type, left.endsWith('*') ? deprecatedToo : noArgs)];
  };
  return { kind: 'object', name, description: undefined, interfaces: [], fields: new Map(fields.map(read)) };
}

function field(name: string, type: string, args: ReadonlyMap<string, InputModel> = noArgs): FieldModel {
  return { name, description: undefined, type: readTypeRef(type), args, deprecated: undefined };
}

function inputs(one: { name: string; type: string; defaultValue?: string }): ReadonlyMap<string, InputModel> {
  const { name, type, defaultValue } = one;
  const input = { name, description: undefined, type: readTypeRef(type), defaultValue, deprecated: undefined };
  return new Map([[name, input]]);
}

/** Its values are only ever read: nobody gives one. */
function enumeration(name: string): EnumModel {
  return { kind: 'enum', name, description: undefined, values: new Map() };
}
