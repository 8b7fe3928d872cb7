// Schemas with less in them than a schema has, as SDL, valid ones: what is left of a random schema when a test has failed.

import { type ASTNode, buildSchema, type DocumentNode, parse, print, validateSchema, visit } from 'graphql';
import type { Smaller } from './drawn-by.js';

/** Each without one type and everything that refers to it, or without one part of a definition. */
export function smallerSchemas(sdl: string): readonly Smaller<string>[] {
  const document = parse(sdl, { noLocation: true });
  const names = document.definitions.flatMap(typeName);
  let parts = 0;
  visit(document, {
    enter(node, key) {
      if (isWhole(node)) return false;
      if (isPart(node, key)) parts += 1;
      return undefined;
    },
  });
  return [
    ...names.map((name) => () => valid(withoutTypes(document, new Set([name])))),
    ...Array.from({ length: parts }, (_, index) => () => valid(withoutPart(document, index))),
  ];
}

function valid(document: DocumentNode): string | undefined {
  const sdl = print(document);
  try {
    return validateSchema(buildSchema(sdl)).length === 0 ? sdl : undefined;
  } catch {
    return undefined;
  }
}

/** A type of which nothing is left goes as well. */
function withoutTypes(document: DocumentNode, names: ReadonlySet<string>): DocumentNode {
  const isGone = (node: { readonly type: ASTNode }) =>
    names.has(print(node.type).replaceAll(/[[\]!]/g, '')) ? null : undefined;
  const left: DocumentNode = visit(document, {
    FieldDefinition: isGone,
    InputValueDefinition: isGone,
    OperationTypeDefinition: isGone,
    NamedType: (node, key) => (typeof key === 'number' && names.has(node.name.value) ? null : undefined),
  });
  const definitions = left.definitions.filter((definition) => !typeName(definition).some((name) => names.has(name)));
  const empty = definitions.filter(isEmpty).flatMap(typeName);
  const whole = { ...left, definitions };
  return empty.length === 0 ? whole : withoutTypes(whole, new Set([...names, ...empty]));
}

function withoutPart(document: DocumentNode, index: number): DocumentNode {
  let before = 0;
  return visit(document, {
    enter(node, key) {
      if (isWhole(node)) return false;
      if (!isPart(node, key)) return undefined;
      before += 1;
      return before === index + 1 ? null : undefined;
    },
  });
}

/** What every schema that has them defines alike, and clients know without being told. */
function isWhole(node: ASTNode): boolean {
  return node.kind === 'DirectiveDefinition' && ['defer', 'stream'].includes(node.name.value);
}

/** What a definition can be without. */
function isPart(node: ASTNode, key: string | number | undefined): boolean {
  switch (node.kind) {
    case 'NamedType':
    case 'DirectiveDefinition':
    case 'FieldDefinition':
    case 'InputValueDefinition':
    case 'EnumValueDefinition':
    case 'OperationTypeDefinition':
    case 'Directive':
      return typeof key === 'number';
    default:
      return key === 'defaultValue';
  }
}

function typeName(definition: DocumentNode['definitions'][number]): readonly string[] {
  const isType = definition.kind.endsWith('TypeDefinition');
  return isType && 'name' in definition && definition.name !== undefined ? [definition.name.value] : [];
}

function isEmpty(definition: object): boolean {
  return ['fields', 'types', 'values'].some((name) => {
    const parts: unknown = Reflect.get(definition, name);
    return Array.isArray(parts) && parts.length === 0;
  });
}
