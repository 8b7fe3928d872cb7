// `$Types`: what the compiler knows of a schema by GraphQL's names, from which the types of selections and results are computed.

import { isExecutable } from '../model/executable.js';
import {
  type CompositeModel,
  type DirectiveModel,
  type FieldModel,
  isComposite,
  type SchemaModel,
} from '../model/model.js';
import { namedTypeOf } from '../model/type-ref.js';
import { defaultNames } from '../selection/default-selection.js';
import { type TypeNames, union } from './names.js';
import { sorted, sortedNames } from './sorted.js';
import type { TypeTexts } from './type-texts.js';

export function typeMaps(model: SchemaModel, names: TypeNames, texts: TypeTexts): string {
  const composite = sorted(model.types.values()).filter((type) => isComposite(type));
  const roots = (['query', 'mutation', 'subscription'] as const).map((kind) => {
    const name = model.roots[kind];
    return `  readonly ${kind}: ${name === undefined ? 'undefined' : names(name)};`;
  });
  return [
    '/** What the compiler knows of the schema, for `Schema`, `ResultOf` and `SelectionOf`. */',
    'export interface $Types {',
    ...roots,
    '  readonly scalars: $Scalars;',
    '  /** What has fields, by the names that GraphQL knows. */',
    ...block(
      'types',
      composite.map(({ name }) => `    readonly ${name}: ${names(name)};`),
    ),
    '  /** By type and field, of the fields that have any. */',
    ...block(
      'args',
      composite.flatMap((type) => argsOf(type, texts)),
    ),
    '  /** What a default selection takes, by type: leaves, fields with leaves of their own, and for abstract types leaves of the possible ones. */',
    ...block(
      'defaults',
      composite.map((type) => `    readonly ${type.name}: { ${defaultsOf(model, type)} };`),
    ),
    '  /** The directives of documents and their arguments; a repeatable one takes a list too. */',
    ...block(
      'directives',
      sorted(model.directives.values())
        .filter(isExecutable)
        .map((directive) => `    readonly ${directive.name}: ${argumentsOfDirective(directive, texts)};`),
    ),
    '}',
  ].join('\n');
}

function block(name: string, lines: readonly string[]): readonly string[] {
  return [`  readonly ${name}: {`, ...lines, '  };'];
}

function fieldsOf(type: CompositeModel): ReadonlyMap<string, FieldModel> {
  return type.kind === 'union' ? new Map() : type.fields;
}

function argsOf(type: CompositeModel, texts: TypeTexts): readonly string[] {
  const fields = sorted(fieldsOf(type).values()).filter(({ args }) => args.size > 0);
  if (fields.length === 0) return [];
  const lines = fields.map(({ name, args }) => `      readonly ${name}: ${texts.members(args.values(), '      ')};`);
  return [`    readonly ${type.name}: {`, ...lines, '    };'];
}

function defaultsOf(model: SchemaModel, type: CompositeModel): string {
  const { names, on } = defaultNames(model, type.name);
  const isObject = (name: string): boolean => {
    const field = fieldsOf(type).get(name);
    return field !== undefined && isComposite(model.types.get(namedTypeOf(field.type)));
  };
  const objects = sortedNames(names.filter(isObject));
  const fragments = sortedNames(on.keys()).map((name) => `readonly ${name}: ${union(sortedNames(on.get(name) ?? []))}`);
  return [
    `readonly leaves: ${union(sortedNames(names.filter((name) => !isObject(name))))}`,
    ...(objects.length === 0 ? [] : [`readonly objects: ${union(objects)}`]),
    ...(fragments.length === 0 ? [] : [`readonly on: { ${fragments.join('; ')} }`]),
  ].join('; ');
}

function argumentsOfDirective({ args, repeatable }: DirectiveModel, texts: TypeTexts): string {
  const object = args.size === 0 ? '{ readonly [argument: string]: never }' : texts.inline(args.values());
  return repeatable ? `${object} | readonly ${object}[]` : object;
}
