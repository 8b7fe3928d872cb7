// What every reader of a schema does last: adds what a source may leave out, and refuses a schema that refers to what it does
// not hold. GraphQL specification, September 2025, sections 3.3 (root operation types), 3.5 and 3.13.

import { SchemaError, type SchemaErrorOptions, type SourcePlace } from '../errors/schema-error.js';
import type { DirectiveModel, InputModel, SchemaModel, TypeModel } from '../model/model.js';
import { namedTypeOf, readTypeRef, type TypeRef } from '../model/type-ref.js';

/** A model in which references may lead nowhere yet. */
export interface ReadParts extends Omit<SchemaModel, 'types' | 'directives'> {
  readonly types: Map<string, TypeModel>;
  readonly directives: Map<string, DirectiveModel>;
}

/** Where a schema came from, for errors. */
export type SchemaOrigin = Pick<SchemaErrorOptions, 'source' | 'delivery'>;

/** The model, whole. @throws SchemaError where it has no query type, or refers to a type that it does not define. */
export function completeModel({ description, roots, types, directives }: ReadParts, origin: SchemaOrigin): SchemaModel {
  for (const directive of specified) if (!directives.has(directive.name)) directives.set(directive.name, directive);
  // Scalars that nothing in the schema refers to are not part of it, except for the two that introspection itself uses.
  for (const name of ['String', 'Boolean']) if (!types.has(name)) types.set(name, builtIn(name));
  for (const [where, name] of referencesIn(types, directives)) {
    if (types.has(name)) continue;
    if (!builtInNames.has(name)) {
      throw new SchemaError(
        'unreadable',
        `${where} refers to the type "${name}", which the schema does not define. Define it, or correct the name.`,
        origin,
      );
    }
    types.set(name, builtIn(name));
  }
  checkRoots(roots, types, origin);
  return { description, roots, types, directives };
}

/** @param place What is missing stands nowhere: where the roots would be named. */
export function noQueryType(origin: SchemaOrigin, place: SourcePlace | undefined): SchemaError {
  const message =
    'The schema has no query type, which every schema needs. Define "type Query", or name another in "schema { query: ... }".';
  return new SchemaError('no-query-type', message, { ...origin, place });
}

function checkRoots(roots: SchemaModel['roots'], types: ReadonlyMap<string, TypeModel>, origin: SchemaOrigin): void {
  if (roots.query === undefined) {
    throw noQueryType(origin, undefined);
  }
  for (const [kind, name] of Object.entries(roots)) {
    if (name === undefined || types.get(name)?.kind === 'object') continue;
    throw new SchemaError(
      kind === 'query' ? 'no-query-type' : 'unreadable',
      `The ${kind} type is said to be "${name}", and the schema defines no object type of that name. Define it, or name another.`,
      origin,
    );
  }
}

/** The coordinate of each reference, and the name that is referred to. */
function* referencesIn(
  types: ReadonlyMap<string, TypeModel>,
  directives: ReadonlyMap<string, DirectiveModel>,
): Generator<readonly [where: string, name: string]> {
  for (const type of [...types.values()]) {
    if (type.kind === 'object' || type.kind === 'interface') {
      for (const field of type.fields.values()) {
        yield [`${type.name}.${field.name}`, namedTypeOf(field.type)];
        yield* argumentsOf(`${type.name}.${field.name}`, field.args);
      }
      for (const name of type.interfaces) yield [type.name, name];
    }
    if (type.kind === 'interface' || type.kind === 'union') for (const name of type.possible) yield [type.name, name];
    if (type.kind === 'input') {
      for (const field of type.fields.values()) yield [`${type.name}.${field.name}`, namedTypeOf(field.type)];
    }
  }
  for (const { name, args } of directives.values()) yield* argumentsOf(`@${name}`, args);
}

function* argumentsOf(
  where: string,
  args: ReadonlyMap<string, InputModel>,
): Generator<readonly [where: string, name: string]> {
  for (const { name, type } of args.values()) yield [`${where}(${name}:)`, namedTypeOf(type)];
}

const builtInNames: ReadonlySet<string> = new Set(['Int', 'Float', 'String', 'Boolean', 'ID']);

function builtIn(name: string): TypeModel {
  return { kind: 'scalar', name, description: undefined, specifiedByURL: undefined };
}

const condition = argument('if', readTypeRef('Boolean!'));
const selections = ['FIELD', 'FRAGMENT_SPREAD', 'INLINE_FRAGMENT'];

/** The directives that every server knows, as the specification has them: not every server tells of them. */
const specified: readonly DirectiveModel[] = [
  directive('include', selections, condition),
  directive('skip', selections, condition),
  directive(
    'deprecated',
    ['FIELD_DEFINITION', 'ARGUMENT_DEFINITION', 'INPUT_FIELD_DEFINITION', 'ENUM_VALUE'],
    argument('reason', readTypeRef('String'), '"No longer supported"'),
  ),
  directive('specifiedBy', ['SCALAR'], argument('url', readTypeRef('String!'))),
  directive('oneOf', ['INPUT_OBJECT']),
];

function directive(name: string, locations: readonly string[], ...args: readonly InputModel[]): DirectiveModel {
  const byName = new Map(args.map((one) => [one.name, one]));
  return { name, description: undefined, args: byName, locations, repeatable: false };
}

function argument(name: string, type: TypeRef, defaultValue?: string): InputModel {
  return { name, description: undefined, type, defaultValue, deprecated: undefined };
}
