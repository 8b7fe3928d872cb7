// A schema as a generated module holds it: the definitions of its types in SDL, one text each, without descriptions. A type is
// read when it is asked for, without graphql-js. Only what `generate` writes is understood; GraphQL specification, section 3.

import type { OperationKind } from '../../protocol/result.js';
import { checkCodecs } from '../scalars/check-codecs.js';
import type { ScalarCodecs } from '../scalars/codec.js';
import type { Schema } from '../schema.js';
import { loadGraphQL } from '../sources/graphql-js/load.js';
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
 * first needs it throws an OptionError for a codec whose scalar the schema does not have.
 *
 * @typeParam Types The `$Types` of the module.
 */
export function generatedSchema<Types>({ source, definitions, codecs }: CompactSchema): Schema<Types> {
  let model: SchemaModel | undefined;
  return {
    source,
    codecs,
    get model(): SchemaModel {
      if (model === undefined) {
        model = readDefinitions(definitions);
        if (codecs !== undefined) checkCodecs(model, codecs, 'codecs');
      }
      return model;
    },
    placeOf: () => undefined,
    graphql: async () => {
      const { buildSchema } = await loadGraphQL('A GraphQLSchema');
      return buildSchema(definitions.join('\n'), { assumeValid: true });
    },
  };
}

/** The model that definitions in the form of a generated module stand for. */
export function readDefinitions(definitions: readonly string[]): SchemaModel {
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
    if (keyword === 'schema') new DefinitionReader(text).roots(roots);
    else if (keyword === 'directive') directives.set(name, text);
    else types.set(name, text);
    if (keyword !== 'type') continue;
    for (const one of interfaces) implementers.set(one, [...(implementers.get(one) ?? []), name]);
  }
  return {
    description: undefined,
    roots,
    types: new LazyMap<TypeModel>(types, (text, name) => new DefinitionReader(text).type(implementers.get(name) ?? [])),
    directives: new LazyMap<DirectiveModel>(directives, (text) => new DefinitionReader(text).directive()),
  };
}
