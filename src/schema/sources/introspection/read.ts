// Reads the answer to an introspection query, whoever asked it: with or without its wrappers, from old servers, which leave
// keys out, and new ones, which have more. GraphQL specification, September 2025, section 4.2.

import type { Delivery } from '../../../protocol/delivery.js';
import { isJsonObject, type JsonObject } from '../../../protocol/json.js';
import type { OperationKind } from '../../../protocol/result.js';
import { SchemaError } from '../../errors/schema-error.js';
import type {
  DirectiveModel,
  EnumValueModel,
  FieldModel,
  InputModel,
  SchemaModel,
  TypeModel,
} from '../../model/model.js';
import { readTypeRef, type TypeRef } from '../../model/type-ref.js';
import { isName } from '../../selection/names.js';
import { completeModel, type SchemaOrigin } from '../complete-model.js';

/** What introspection holds, out of `{ data: { __schema } }`, `{ __schema }` or as it is; undefined for anything else. */
export function schemaIn(value: unknown): JsonObject | undefined {
  if (!isJsonObject(value)) return undefined;
  const data = isJsonObject(value.data) ? value.data : value;
  const schema = data.__schema ?? data;
  return isJsonObject(schema) && Array.isArray(schema.types) ? schema : undefined;
}

/**
 * @param delivery `answered` where a server was asked for it.
 * @throws SchemaError for what is no introspection, or a damaged one.
 */
export function readIntrospection(value: unknown, source: string, delivery: Delivery = 'not-sent'): SchemaModel {
  const schema = schemaIn(value);
  if (schema === undefined) {
    const [said, ...others] = errorsIn(value);
    if (said !== undefined) throw answeredWithErrors(said, others.length, { source, delivery });
    throw new SchemaError(
      'unreadable',
      'This is no introspection: an object with "types" is needed, bare or as "__schema" or "data.__schema". Give the answer to an introspection query, or SDL.',
      { source, delivery },
    );
  }
  return new IntrospectionReader({ source, delivery }).read(schema);
}

/** What the errors of an answer say. */
function errorsIn(value: unknown): readonly string[] {
  const { errors } = Object(value) as { readonly errors?: unknown };
  if (!Array.isArray(errors)) return [];
  return errors.map((error) => textOf(Object(error).message) ?? 'an error without a message');
}

function answeredWithErrors(said: string, others: number, origin: SchemaOrigin): SchemaError {
  const more = others === 0 ? '' : ` (and ${others} more)`;
  const message = `This is an answer with errors and without a schema: ${said}${more}. Ask the server again with what it needs, such as credentials, or give SDL.`;
  return new SchemaError('unreadable', message, origin);
}

class IntrospectionReader {
  readonly #origin: SchemaOrigin;

  constructor(origin: SchemaOrigin) {
    this.#origin = origin;
  }

  read(schema: JsonObject): SchemaModel {
    const types = this.#named(schema.types, 'type', (type, name, where) => this.#type(type, name, where));
    for (const name of types.keys()) if (name.startsWith('__')) types.delete(name);
    this.#addPossibleTypes(types);
    const directives = this.#named(schema.directives, 'directive', (one, name, where) =>
      this.#directive(one, name, where),
    );
    const root = (kind: OperationKind): string | undefined => {
      const type = schema[`${kind}Type`];
      return isPresent(type) ? this.#nameOf(type, `the ${kind} type`) : undefined;
    };
    const roots = { query: root('query'), mutation: root('mutation'), subscription: root('subscription') };
    return completeModel({ description: textOf(schema.description), roots, types, directives }, this.#origin);
  }

  #type(type: JsonObject, name: string, where: string): TypeModel {
    const described = { name, description: textOf(type.description) };
    const names = (list: unknown, what: string): readonly string[] =>
      this.#list(list, `${where}, ${what}`).map((one) => this.#nameOf(one, `${where}, ${what}`));
    switch (type.kind) {
      case 'SCALAR':
        return { kind: 'scalar', ...described, specifiedByURL: textOf(type.specifiedByURL ?? type.specifiedByUrl) };
      case 'ENUM':
        return { kind: 'enum', ...described, values: this.#named(type.enumValues, 'value', enumValue, where) };
      case 'OBJECT':
        return {
          kind: 'object',
          ...described,
          fields: this.#fields(type.fields, where),
          interfaces: names(type.interfaces, 'interfaces'),
        };
      case 'INTERFACE':
        return {
          kind: 'interface',
          ...described,
          fields: this.#fields(type.fields, where),
          interfaces: names(type.interfaces, 'interfaces'),
          possible: names(type.possibleTypes, 'possible types'),
        };
      case 'UNION':
        return { kind: 'union', ...described, possible: names(type.possibleTypes, 'possible types') };
      case 'INPUT_OBJECT':
        return {
          kind: 'input',
          ...described,
          fields: this.#inputs(type.inputFields, 'field', where),
          oneOf: type.isOneOf === true,
        };
      default:
        throw this.#damaged(where, 'its kind is none that there is');
    }
  }

  #fields(list: unknown, of: string): ReadonlyMap<string, FieldModel> {
    return this.#named(
      list,
      'field',
      (field, name, where) => ({
        name,
        description: textOf(field.description),
        type: this.#ref(field.type, where),
        args: this.#inputs(field.args, 'argument', where),
        deprecated: deprecationOf(field),
      }),
      of,
    );
  }

  #inputs(list: unknown, what: string, of: string): ReadonlyMap<string, InputModel> {
    return this.#named(
      list,
      what,
      (input, name, where) => ({
        name,
        description: textOf(input.description),
        type: this.#ref(input.type, where),
        defaultValue: textOf(input.defaultValue),
        deprecated: deprecationOf(input),
      }),
      of,
    );
  }

  #directive(directive: JsonObject, name: string, where: string): DirectiveModel {
    const locations = this.#list(directive.locations, `${where}, locations`);
    if (!locations.every(isName)) throw this.#damaged(`${where}, locations`, 'one of them is no name');
    return {
      name,
      description: textOf(directive.description),
      args: this.#inputs(directive.args, 'argument', where),
      locations: locations.length > 0 ? locations : earlyLocationsOf(directive),
      repeatable: directive.isRepeatable === true,
    };
  }

  #ref(value: unknown, where: string): TypeRef {
    return readTypeRef(this.#refText(value, where));
  }

  #refText(value: unknown, where: string): string {
    if (!isJsonObject(value)) {
      throw this.#damaged(where, 'its type is cut off, as by a query that asks for too few "ofType"');
    }
    const { kind, ofType } = value;
    if (kind === 'LIST') return `[${this.#refText(ofType, where)}]`;
    if (kind !== 'NON_NULL') return this.#nameOf(value, `${where}, its type`);
    const inner = this.#refText(ofType, where);
    if (inner.endsWith('!')) throw this.#damaged(where, 'its type is non-null twice');
    return `${inner}!`;
  }

  /** What a list holds, by name. A list that is missing is empty: servers leave out what a kind of type has not. */
  #named<Model>(
    list: unknown,
    what: string,
    read: (entry: JsonObject, name: string, where: string) => Model,
    of?: string,
  ): Map<string, Model> {
    const before = of === undefined ? '' : `${of}, `;
    const models = new Map<string, Model>();
    for (const entry of this.#list(list, `${before}${what}s`)) {
      const name = this.#nameOf(entry, `${before}${what === 'argument' ? 'an' : 'a'} ${what}`);
      models.set(name, read(Object(entry), name, `${before}${what} "${name}"`));
    }
    return models;
  }

  #list(list: unknown, where: string): readonly unknown[] {
    if (!isPresent(list)) return [];
    if (Array.isArray(list)) return list;
    throw this.#damaged(where, 'it is no list');
  }

  /** Names go into documents: nothing else may be among them. */
  #nameOf(value: unknown, where: string): string {
    const { name } = Object(value) as { readonly name?: unknown };
    if (isName(name)) return name;
    throw this.#damaged(where, 'it has no name, or one that is not allowed in GraphQL');
  }

  /** Those that name none: the objects that implement it say so themselves. */
  #addPossibleTypes(types: Map<string, TypeModel>): void {
    for (const type of types.values()) {
      if (type.kind !== 'interface' || type.possible.length > 0) continue;
      const possible = [...types.values()].filter((one) => one.kind === 'object' && one.interfaces.includes(type.name));
      types.set(type.name, { ...type, possible: possible.map(({ name }) => name) });
    }
  }

  #damaged(where: string, what: string): SchemaError {
    const message = `The introspection is damaged at ${where}: ${what}. Ask the server again.`;
    return new SchemaError('unreadable', message, this.#origin);
  }
}

function enumValue(value: JsonObject, name: string): EnumValueModel {
  return { name, description: textOf(value.description), deprecated: deprecationOf(value) };
}

function deprecationOf({ isDeprecated, deprecationReason }: JsonObject): string | undefined {
  if (isDeprecated === false) return undefined;
  const reason = textOf(deprecationReason);
  return isDeprecated === true ? (reason ?? 'No longer supported') : reason;
}

/** Servers from before the specification of October 2016 have three flags instead. */
function earlyLocationsOf({ onOperation, onFragment, onField }: JsonObject): readonly string[] {
  return [
    ...(onOperation === true ? ['QUERY', 'MUTATION', 'SUBSCRIPTION'] : []),
    ...(onField === true ? ['FIELD'] : []),
    ...(onFragment === true ? ['FRAGMENT_DEFINITION', 'FRAGMENT_SPREAD', 'INLINE_FRAGMENT'] : []),
  ];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}
