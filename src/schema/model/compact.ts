// A schema as a generated module holds it: the definitions of its types in SDL, one text each, without descriptions. A type is
// read when it is asked for, without graphql-js. Only what `generate` writes is understood; GraphQL specification, section 3.

import { OptionError } from '../../protocol/errors/option-error.js';
import type { OperationKind } from '../../protocol/result.js';
import { SchemaError } from '../errors/schema-error.js';
import { checkCodecs } from '../scalars/check-codecs.js';
import type { ScalarCodecs } from '../scalars/codec.js';
import type { Schema } from '../schema.js';
import { whatItIs } from '../sources/check-schema.js';
import { graphqlSchemaOf } from '../sources/graphql-js/write.js';
import { builtInScalars } from './built-in-scalars.js';
import { DefinitionReader } from './definition-reader.js';
import { LazyMap } from './lazy-map.js';
import type { DirectiveModel, SchemaModel, TypeModel } from './model.js';

/** What `generate` writes into a module for the run time. Made by it alone; its form may change with any version. */
export interface CompactSchema {
  /** What the module was generated from. */
  readonly source: string;
  /** The definition of the schema, of each type and of each directive that a document may use. */
  readonly definitions: readonly string[];
  /** Those of the module that `generate` was told of, by the names of scalars and enums. */
  readonly codecs?: ScalarCodecs | undefined;
}

const builtIn: readonly string[] = [
  ...Array.from(builtInScalars, (name) => `scalar ${name}`),
  'directive @deprecated(reason:String="No longer supported")on FIELD_DEFINITION|ARGUMENT_DEFINITION|INPUT_FIELD_DEFINITION|ENUM_VALUE',
  'directive @include(if:Boolean!)on FIELD|FRAGMENT_SPREAD|INLINE_FRAGMENT',
  'directive @skip(if:Boolean!)on FIELD|FRAGMENT_SPREAD|INLINE_FRAGMENT',
];

/**
 * The schema of a generated module. Nothing is read until it is needed, and of the types only those that are asked for. What
 * first needs it throws an OptionError for a codec that does not fit the schema, and a SchemaError for a definition that is
 * damaged.
 *
 * @typeParam Types The `$Types` of the module.
 * @throws OptionError for what is no schema of a generated module.
 */
export function generatedSchema<Types>(compact: CompactSchema): Schema<Types> {
  checkCompact(compact);
  const { source, definitions, codecs } = compact;
  let model: SchemaModel | undefined;
  let graphql: ReturnType<Schema['graphql']> | undefined;
  const schema: Schema<Types> = {
    source,
    codecs,
    get model(): SchemaModel {
      if (model === undefined) {
        model = readDefinitions(definitions, source);
        if (codecs !== undefined) checkCodecs(model, codecs, 'codecs', 'every value');
      }
      return model;
    },
    placeOf: () => undefined,
    graphql: async () => {
      graphql ??= graphqlSchemaOf(schema.model, source);
      return graphql;
    },
  };
  return schema;
}

function checkCompact(compact: unknown): void {
  const { source, definitions } = Object(compact) as Partial<CompactSchema>;
  if (typeof source === 'string' && Array.isArray(definitions) && definitions.every(isText)) return;
  throw new OptionError(
    'schema',
    `generatedSchema() takes what "holdfast generate" writes into a module, an object with "source" and "definitions"; it is ${whatItIs(compact)}. For other schemas there are readSchema() and loadSchema().`,
  );
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

/**
 * The model that definitions in the form of a generated module stand for.
 *
 * @param source What they were generated from. A SchemaError says it, thrown where a damaged one is first read.
 */
export function readDefinitions(definitions: readonly string[], source: string): SchemaModel {
  const types = new Map<string, string>();
  const directives = new Map<string, string>();
  const implementers = new Map<string, string[]>();
  const roots: Record<OperationKind, string | undefined> = {
    query: undefined,
    mutation: undefined,
    subscription: undefined,
  };
  for (const text of [...builtIn, ...definitions]) {
    const { keyword, name, interfaces } = DefinitionReader.head(text);
    if (keyword === 'schema') readOne(text, source, (reader) => reader.roots(roots));
    else if (keyword === 'directive') directives.set(name, text);
    else types.set(name, text);
    if (keyword !== 'type') continue;
    for (const one of interfaces) implementers.set(one, [...(implementers.get(one) ?? []), name]);
  }
  return {
    description: undefined,
    roots,
    types: new LazyMap<TypeModel>(types, (text, name) =>
      readOne(text, source, (reader) => reader.type(implementers.get(name) ?? [])),
    ),
    directives: new LazyMap<DirectiveModel>(directives, (text) =>
      readOne(text, source, (reader) => reader.directive()),
    ),
  };
}

function readOne<Model>(text: string, source: string, read: (reader: DefinitionReader) => Model): Model {
  try {
    return read(new DefinitionReader(text));
  } catch (cause) {
    const { keyword, name } = DefinitionReader.head(text);
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `The generated definition of "${keyword} ${name}" cannot be read: ${why} Generate the module again.`;
    throw new SchemaError('unreadable', message, { source, cause });
  }
}
