// The types of a schema as declarations of TypeScript: an interface for each type with fields and each input object, a union of
// texts for each enum. GraphQL specification, sections 3.6 to 3.10.

import { builtInScalars } from '../model/built-in-scalars.js';
import type { EnumModel, FieldModel, InputModel, InputObjectModel, SchemaModel, TypeModel } from '../model/model.js';
import { documentation } from './documentation.js';
import { type TypeNames, union } from './names.js';
import { sorted, sortedNames } from './sorted.js';
import type { TypeTexts } from './type-texts.js';

/** Each a whole text of several lines. */
export function declarationsOf(model: SchemaModel, names: TypeNames, texts: TypeTexts): readonly string[] {
  return sorted(model.types.values())
    .filter(({ kind, name }) => kind !== 'scalar' && !builtInScalars.has(name))
    .map((type) => [...documentation(type, ''), ...declaration(type, names(type.name), texts)].join('\n'));
}

function declaration(type: TypeModel, name: string, texts: TypeTexts): readonly string[] {
  switch (type.kind) {
    case 'enum':
      return enumType(type, name);
    case 'input':
      return type.oneOf ? oneOf(type, name, texts) : inputObject(type, name, texts);
    case 'object':
      return members(name, [typename([type.name]), ...fields(type.fields, texts)]);
    case 'interface':
      return members(name, [mark(type.name), typename(type.possible), ...fields(type.fields, texts)]);
    case 'union':
      return members(name, [mark(type.name), typename(type.possible)]);
    default:
      return [];
  }
}

function members(name: string, lines: readonly string[]): readonly string[] {
  return [`export interface ${name} {`, ...lines, '}'];
}

function mark(name: string): string {
  return `  readonly [$abstract]?: '${name}';`;
}

function typename(possible: readonly string[]): string {
  return `  readonly __typename: ${union(sortedNames(possible))};`;
}

function fields(models: ReadonlyMap<string, FieldModel>, texts: TypeTexts): readonly string[] {
  return sorted(models.values()).flatMap((field) => [
    ...documentation(field, '  '),
    `  readonly ${field.name}: ${texts.result(field.type)};`,
  ]);
}

function enumType({ values }: EnumModel, name: string): readonly string[] {
  const lines = sorted(values.values()).flatMap((value) => [...documentation(value, '  '), `  | '${value.name}'`]);
  return [`export type ${name} =`, ...lines.slice(0, -1), `${lines.at(-1)};`];
}

function inputObject({ fields }: InputObjectModel, name: string, texts: TypeTexts): readonly string[] {
  const lines = sorted(fields.values()).flatMap((field) => [
    ...documentation(field, '  '),
    `  ${texts.member(field)};`,
  ]);
  return members(name, lines);
}

/** One of as many objects, each with one field and without the others. */
function oneOf({ fields }: InputObjectModel, name: string, texts: TypeTexts): readonly string[] {
  const all = sorted(fields.values());
  const lines = all.flatMap((field) => choice(field, all, texts));
  return [`export type ${name} =`, ...lines.slice(0, -1), `${lines.at(-1)};`];
}

function choice(field: InputModel, all: readonly InputModel[], texts: TypeTexts): readonly string[] {
  const own = `readonly ${field.name}: ${texts.input(field.type)}`;
  const others = all.filter((other) => other !== field).map(({ name }) => `readonly ${name}?: undefined`);
  const described = documentation(field, '      ');
  if (described.length === 0) return [`  | { ${[own, ...others].join('; ')} }`];
  return ['  | {', ...described, ...[own, ...others].map((line) => `      ${line};`), '    }'];
}
