// The definitions that a generated module holds for the run time: SDL in its shortest form, without descriptions, sorted by
// name, so that they are the same whatever a schema was read from. `model/definition-reader.ts` reads them.
// GraphQL specification, section 3.

import { builtInScalars } from '../model/built-in-scalars.js';
import { shortestValue } from '../model/default-text.js';
import { executableLocations, isExecutable } from '../model/executable.js';
import type { DirectiveModel, FieldModel, InputModel, SchemaModel, TypeModel } from '../model/model.js';
import { printTypeRef } from '../model/type-ref.js';
import { sorted, sortedNames } from './sorted.js';

const builtInDirectives: readonly string[] = ['include', 'skip'];

/** The schema's own first, then its directives, then its types. */
export function definitionsOf(model: SchemaModel): readonly string[] {
  const { query, mutation, subscription } = model.roots;
  const roots = Object.entries({ query, mutation, subscription }).flatMap(([kind, name]) => {
    return name === undefined ? [] : [`${kind}:${name}`];
  });
  return [
    `schema{${roots.join(' ')}}`,
    ...sorted(model.directives.values()).filter(isWritten).map(directive),
    ...sorted(model.types.values())
      .filter(({ name }) => !builtInScalars.has(name))
      .map(type),
  ];
}

function isWritten(directive: DirectiveModel): boolean {
  return !builtInDirectives.includes(directive.name) && isExecutable(directive);
}

function directive({ name, args, repeatable, locations }: DirectiveModel): string {
  const places = executableLocations.filter((location) => locations.includes(location));
  const head = args.size === 0 ? `@${name} ` : `@${name}${inputs(args, '(', ')')}`;
  return `directive ${head}${repeatable ? 'repeatable ' : ''}on ${places.join('|')}`;
}

function type(model: TypeModel): string {
  switch (model.kind) {
    case 'scalar':
      return `scalar ${model.name}`;
    case 'enum': {
      const values = sorted(model.values.values()).map((value) => `${value.name}${deprecation(value)}`);
      return `enum ${model.name}{${values.join(' ')}}`;
    }
    case 'union':
      return `union ${model.name}=${sortedNames(model.possible).join('|')}`;
    case 'input':
      return `input ${model.name}${model.oneOf ? ' @oneOf' : ''}${inputs(model.fields, '{', '}')}`;
    default: {
      const keyword = model.kind === 'object' ? 'type' : 'interface';
      const implemented = sortedNames(model.interfaces).join('&');
      const fields = sorted(model.fields.values()).map(field);
      return `${keyword} ${model.name}${implemented && ` implements ${implemented}`}{${fields.join(' ')}}`;
    }
  }
}

function field(model: FieldModel): string {
  return `${model.name}${inputs(model.args, '(', ')')}:${printTypeRef(model.type)}${deprecation(model)}`;
}

function inputs(models: ReadonlyMap<string, InputModel>, open: string, close: string): string {
  if (models.size === 0) return '';
  return `${open}${sorted(models.values()).map(input).join(' ')}${close}`;
}

function input(model: InputModel): string {
  const value = model.defaultValue === undefined ? '' : `=${defaultText(model.defaultValue)}`;
  return `${model.name}:${printTypeRef(model.type)}${value}${deprecation(model)}`;
}

function deprecation({ deprecated }: { readonly deprecated: string | undefined }): string {
  return deprecated === undefined ? '' : ' @deprecated';
}

/** The same whichever source wrote it. What is no value of GraphQL is kept too: that there is a default is what counts. */
function defaultText(value: string): string {
  return shortestValue(value) ?? `?${JSON.stringify(value)}`;
}
