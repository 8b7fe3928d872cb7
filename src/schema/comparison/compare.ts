// What a newer schema no longer allows of what an older one did: types, fields, arguments and values that are gone, or that are
// of another type. GraphQL specification, section 3 throughout; schema coordinates as in section 3.14.

import type { SourcePlace } from '../errors/schema-error.js';
import { builtInScalars } from '../model/built-in-scalars.js';
import { executableLocations, isExecutable } from '../model/executable.js';
import type {
  DirectiveModel,
  EnumModel,
  FieldModel,
  InputModel,
  InputObjectModel,
  SchemaModel,
  TypeModel,
} from '../model/model.js';
import { isRequired } from '../model/model.js';
import { printTypeRef, type TypeRef } from '../model/type-ref.js';
import type { Schema } from '../schema.js';
import { checkSchema } from '../sources/check-schema.js';

/** One thing that programs written for the older schema may use, and that the newer one does not allow. */
export interface Loss {
  /** `Book`, `Book.title`, `Query.books(first:)`, `Genre.FANTASY`, `@cost`, `@cost(weight:)`. */
  readonly coordinate: string;
  /** One sentence, which names it. */
  readonly message: string;
  /** Where in the source of the newer schema: of the thing itself, or of what it was part of. Undefined where that has no lines. */
  readonly place: SourcePlace | undefined;
}

type Report = (coordinate: string, message: string, placed?: string) => void;

/**
 * What was lost from one schema to another, in the order of the older. What was only added is no loss, nor is a result that can
 * no longer be null, nor an argument that may now be.
 *
 * @throws OptionError for what is no Schema.
 */
export function compareSchemas(before: Schema, after: Schema): readonly Loss[] {
  checkSchema('before', 'compareSchemas', before);
  checkSchema('after', 'compareSchemas', after);
  const losses: Loss[] = [];
  const report: Report = (coordinate, message, placed = coordinate) => {
    losses.push({ coordinate, message, place: after.placeOf(placed) });
  };
  compareRoots(before.model, after.model, report);
  for (const type of before.model.types.values()) {
    if (!builtInScalars.has(type.name)) compareTypes(type, after.model.types.get(type.name), report);
  }
  for (const directive of before.model.directives.values()) {
    if (!isExecutable(directive)) continue;
    compareDirectives(directive, after.model.directives.get(directive.name), report);
  }
  return losses;
}

function compareRoots(before: SchemaModel, after: SchemaModel, report: Report): void {
  for (const kind of ['query', 'mutation', 'subscription'] as const) {
    const name = before.roots[kind];
    if (name === undefined || name === after.roots[kind]) continue;
    const now = after.roots[kind];
    report(name, now === undefined ? `There is no ${kind} type.` : `The ${kind} type was ${name} and is ${now}.`);
  }
}

function compareTypes(before: TypeModel, after: TypeModel | undefined, report: Report): void {
  const { name, kind } = before;
  if (after === undefined) report(name, `Type ${name} is gone.`);
  else if (kind === 'enum' && after.kind === kind) compareValues(before, after, report);
  else if (kind === 'input' && after.kind === kind) compareInputObjects(before, after, report);
  else if (kind === 'object' && after.kind === kind) compareFields(before, after, report);
  else if (kind === 'union' && after.kind === kind) comparePossible(before, after, report);
  else if (kind === 'interface' && after.kind === kind) {
    comparePossible(before, after, report);
    compareFields(before, after, report);
  } else if (kind !== after.kind) report(name, `${name} was ${words[kind]} and is ${words[after.kind]}.`);
}

const words: Readonly<Record<TypeModel['kind'], string>> = {
  scalar: 'a scalar',
  enum: 'an enum',
  object: 'an object type',
  interface: 'an interface',
  union: 'a union',
  input: 'an input object',
};

function compareValues({ name, values }: EnumModel, after: EnumModel, report: Report): void {
  for (const value of values.keys()) {
    if (!after.values.has(value)) report(`${name}.${value}`, `Value ${value} of ${name} is gone.`, name);
  }
}

function compareInputObjects({ name, fields, oneOf }: InputObjectModel, after: InputObjectModel, report: Report): void {
  if (after.oneOf && !oneOf) report(name, `${name} takes exactly one field.`);
  compareInputs(fields, after.fields, (field) => [`${name}.${field}`, name], report);
}

function comparePossible(
  { name, possible }: { readonly name: string; readonly possible: readonly string[] },
  after: { readonly possible: readonly string[] },
  report: Report,
): void {
  for (const one of possible) {
    if (!after.possible.includes(one)) report(name, `${one} is no longer one of ${name}.`);
  }
}

function compareFields(
  { name, fields }: { readonly name: string; readonly fields: ReadonlyMap<string, FieldModel> },
  after: { readonly fields: ReadonlyMap<string, FieldModel> },
  report: Report,
): void {
  for (const field of fields.values()) {
    const coordinate = `${name}.${field.name}`;
    const now = after.fields.get(field.name);
    if (now === undefined) {
      report(coordinate, `Field ${coordinate} is gone.`, name);
      continue;
    }
    if (!fits(now.type, field.type)) report(coordinate, changed(coordinate, field.type, now.type));
    compareInputs(field.args, now.args, (arg) => [`${coordinate}(${arg}:)`, coordinate], report);
  }
}

function compareDirectives(before: DirectiveModel, after: DirectiveModel | undefined, report: Report): void {
  const name = `@${before.name}`;
  if (after === undefined) {
    report(name, `Directive ${name} is gone.`);
    return;
  }
  for (const location of executableLocations) {
    if (before.locations.includes(location) && !after.locations.includes(location))
      report(name, `${name} is no longer allowed on ${location}.`);
  }
  if (before.repeatable && !after.repeatable) report(name, `${name} can no longer be repeated.`);
  compareInputs(before.args, after.args, (arg) => [`${name}(${arg}:)`, name], report);
}

/** @param coordinates Of one of them, and of what it belongs to. */
function compareInputs(
  before: ReadonlyMap<string, InputModel>,
  after: ReadonlyMap<string, InputModel>,
  coordinates: (name: string) => readonly [string, string],
  report: Report,
): void {
  for (const input of before.values()) {
    const [coordinate, whole] = coordinates(input.name);
    const now = after.get(input.name);
    if (now === undefined) report(coordinate, `${coordinate} is gone.`, whole);
    else if (isRequired(now) && !isRequired(input)) report(coordinate, `${coordinate} is now required.`);
    else if (!fits(input.type, now.type)) report(coordinate, changed(coordinate, input.type, now.type));
  }
  for (const now of after.values()) {
    if (before.has(now.name) || !isRequired(now)) continue;
    const [coordinate] = coordinates(now.name);
    report(coordinate, `${coordinate} is new and required.`);
  }
}

/** Whether every value of `given` is one of `wanted`. */
function fits(given: TypeRef, wanted: TypeRef): boolean {
  if (wanted.nonNull && !given.nonNull) return false;
  if (given.list && wanted.list) return fits(given.of, wanted.of);
  return !given.list && !wanted.list && given.name === wanted.name;
}

function changed(coordinate: string, before: TypeRef, after: TypeRef): string {
  return `${coordinate} was ${printTypeRef(before)} and is ${printTypeRef(after)}.`;
}
