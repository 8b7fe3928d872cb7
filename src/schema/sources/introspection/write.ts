// A model as introspection: what a server with this schema would answer to a query for everything, except for the types of
// introspection itself, which every reader knows. GraphQL specification, September 2025, section 4.2.

import { OptionError } from '../../../protocol/errors/option-error.js';
import type { JsonObject } from '../../../protocol/json.js';
import type {
  DirectiveModel,
  EnumValueModel,
  FieldModel,
  InputModel,
  SchemaModel,
  TypeModel,
} from '../../model/model.js';
import type { TypeRef } from '../../model/type-ref.js';
import { isSchema, whatItIs } from '../check-schema.js';

/** The answer to an introspection query, without its `data`. */
export interface Introspection extends JsonObject {
  readonly __schema: JsonObject;
}

/**
 * Introspection for the model of a schema, as a server would tell it: reading it again gives the same model.
 *
 * @throws OptionError for what is no model.
 * @example `introspectionOf(schema.model)`
 */
export function introspectionOf(model: SchemaModel): Introspection {
  checkModel(model);
  return introspectionWith(model, (input) => input);
}

function checkModel(model: unknown): void {
  const { types, directives, roots } = Object(model) as Partial<SchemaModel>;
  if (typeof types?.get === 'function' && typeof directives?.get === 'function' && typeof roots === 'object') return;
  const given = isSchema(model) ? 'a Schema, which has it as "model"' : whatItIs(model);
  throw new OptionError(
    'model',
    `introspectionOf() takes the model of a schema, as in introspectionOf(schema.model); it is ${given}.`,
  );
}

/** @param told What is told of an argument or a field of an input object. */
export function introspectionWith(
  { description, roots, types, directives }: SchemaModel,
  told: (input: InputModel) => InputModel,
): Introspection {
  const root = (name: string | undefined): JsonObject | null => (name === undefined ? null : { kind: 'OBJECT', name });
  const named = (name: string): JsonObject => ({ kind: kindOf(types, name), name, ofType: null });
  const ref = (type: TypeRef): JsonObject => {
    if (type.nonNull) return { kind: 'NON_NULL', name: null, ofType: ref({ ...type, nonNull: false }) };
    return type.list ? { kind: 'LIST', name: null, ofType: ref(type.of) } : named(type.name);
  };
  const input = (model: InputModel): JsonObject => {
    const { type, defaultValue, ...rest } = told(model);
    return {
      ...describedOf(rest),
      type: ref(type),
      defaultValue: defaultValue ?? null,
      ...deprecationOf(rest),
    };
  };
  const field = ({ type, args, ...rest }: FieldModel): JsonObject => ({
    ...describedOf(rest),
    args: Array.from(args.values(), input),
    type: ref(type),
    ...deprecationOf(rest),
  });
  const full = (type: TypeModel): JsonObject => ({
    kind: kinds[type.kind],
    ...describedOf(type),
    specifiedByURL: type.kind === 'scalar' ? (type.specifiedByURL ?? null) : null,
    isOneOf: type.kind === 'input' ? type.oneOf : null,
    fields: 'interfaces' in type ? Array.from(type.fields.values(), field) : null,
    inputFields: type.kind === 'input' ? Array.from(type.fields.values(), input) : null,
    interfaces: 'interfaces' in type ? type.interfaces.map(named) : null,
    enumValues: type.kind === 'enum' ? Array.from(type.values.values(), enumValue) : null,
    possibleTypes: 'possible' in type ? type.possible.map(named) : null,
  });
  const directive = ({ args, locations, repeatable, ...rest }: DirectiveModel): JsonObject => ({
    ...describedOf(rest),
    isRepeatable: repeatable,
    locations: [...locations],
    args: Array.from(args.values(), input),
  });
  return {
    __schema: {
      description: description ?? null,
      queryType: root(roots.query),
      mutationType: root(roots.mutation),
      subscriptionType: root(roots.subscription),
      types: Array.from(types.values(), full),
      directives: Array.from(directives.values(), directive),
    },
  };
}

const kinds: Readonly<Record<TypeModel['kind'], string>> = {
  scalar: 'SCALAR',
  enum: 'ENUM',
  object: 'OBJECT',
  interface: 'INTERFACE',
  union: 'UNION',
  input: 'INPUT_OBJECT',
};

function kindOf(types: SchemaModel['types'], name: string): string {
  return kinds[types.get(name)?.kind ?? 'scalar'];
}

function enumValue(value: EnumValueModel): JsonObject {
  return { ...describedOf(value), ...deprecationOf(value) };
}

function describedOf({ name, description }: Pick<TypeModel, 'name' | 'description'>): JsonObject {
  return { name, description: description ?? null };
}

function deprecationOf({ deprecated }: Pick<EnumValueModel, 'deprecated'>): JsonObject {
  return { isDeprecated: deprecated !== undefined, deprecationReason: deprecated ?? null };
}
