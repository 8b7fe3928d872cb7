// The TypeScript module of a schema: its types, and what the run time has to know of it.

import { OptionError } from '../../protocol/errors/option-error.js';
import { describe, refuseUnknownOptions } from '../../protocol/options.js';
import { builtInScalars } from '../model/built-in-scalars.js';
import type { Schema } from '../schema.js';
import { checkSchema } from '../sources/check-schema.js';
import { declarationsOf } from './declarations.js';
import { definitionsOf } from './definitions.js';
import { documentation } from './documentation.js';
import { fingerprint } from './fingerprint.js';
import { quoted, typeNames } from './names.js';
import { checkScalars } from './scalar-options.js';
import { sorted } from './sorted.js';
import { typeMaps } from './type-maps.js';
import { TypeTexts } from './type-texts.js';

export interface GenerateOptions {
  /**
   * What programs have for custom scalars, as TypeScript writes it: `{ DateTime: 'string' }`. The module can name only what is
   * global. Default: the type of the scalar's codec, where `codecs` has one; else `unknown`, and `Upload` for a scalar of that name.
   */
  readonly scalars?: Readonly<Record<string, string>> | undefined;
  /**
   * A module with an export `scalars`, codecs by the names of scalars, as the generated module is to import it:
   * `./scalars.js`. Types are taken from the codecs, and the generated `schema` carries them for `createApi`. Default: none.
   */
  readonly codecs?: string | undefined;
  /** What the module says that it was made from. Default: the schema's `source`. */
  readonly source?: string | undefined;
}

/**
 * A TypeScript module for a schema: an interface for each type, which descriptions are the documentation of, and `schema` for
 * `createApi`, with which arguments and selections are checked by the compiler. The same schema gives the same text, whatever it
 * was read from: everything is sorted by name.
 *
 * @throws OptionError for scalars that the schema does not have.
 * @example `await writeFile('src/api.ts', generate(await loadSchema('schema.graphql')))`
 */
export function generate(schema: Schema, options: GenerateOptions = {}): string {
  checkSchema('schema', 'generate', schema);
  refuseUnknownOptions('the options of generate()', options, ['scalars', 'codecs', 'source']);
  const { scalars = {}, codecs, source = schema.source } = options;
  for (const [option, value] of Object.entries({ codecs, source })) {
    if (value === undefined || (typeof value === 'string' && value !== '')) continue;
    throw new OptionError(option, `Option "${option}" must be a text that is not empty; it is ${describe(value)}.`);
  }
  const { model } = schema;
  const names = typeNames(model);
  checkScalars(scalars, model, names);
  const texts = new TypeTexts(model, names);
  const parts = [
    scalarTypes(schema, scalars, codecs),
    ...declarationsOf(model, names, texts),
    typeMaps(model, names, texts),
    constant(schema, source, codecs),
  ];
  const body = `${parts.join('\n\n')}\n`;
  return `${banner(source, body)}\n${imports(body, codecs)}\n\n${body}`;
}

function banner(source: string, body: string): string {
  return `// Made by \`holdfast generate\` from ${source.replace(/\s+/g, ' ')}. What is changed here is lost: change the schema and generate again.
// Fingerprint: ${fingerprint(body)}
/* eslint-disable */
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// biome-ignore-all assist: generated
`;
}

/** Renamed, so that a type of the schema may have any of these names; only what is used, since compilers may refuse the rest. */
function imports(body: string, codecs: string | undefined): string {
  const all = [
    ['$abstract', 'type abstract'],
    ['$generatedSchema', 'generatedSchema'],
    ['$ScalarType', 'type ScalarType'],
    ['$Schema', 'type Schema'],
    ['$Upload', 'type Upload'],
  ] as const;
  const used = all.filter(([local]) => body.includes(local)).map(([local, name]) => `${name} as ${local}`);
  const lines = [`import { ${used.join(', ')} } from 'holdfast/schema';`];
  if (codecs !== undefined) lines.push(`import { scalars as $scalars } from ${quoted(codecs)};`);
  return lines.join('\n');
}

function scalarTypes({ model }: Schema, scalars: Readonly<Record<string, string>>, codecs: string | undefined): string {
  const typeOf = (name: string): string => {
    const said = Object.hasOwn(scalars, name) ? scalars[name] : undefined;
    if (said !== undefined) return said;
    const otherwise = name === 'Upload' ? '$Upload' : undefined;
    if (codecs === undefined) return otherwise ?? 'unknown';
    return `$ScalarType<typeof $scalars, '${name}'${otherwise === undefined ? '' : `, ${otherwise}`}>`;
  };
  const lines = sorted(model.types.values())
    .filter(({ kind, name }) => kind === 'scalar' && !builtInScalars.has(name))
    .flatMap((scalar) => [...documentation(scalar, '  '), `  readonly ${scalar.name}: ${typeOf(scalar.name)};`]);
  return [
    "/** What the program works with for each scalar of the schema's own. */",
    'export interface $Scalars {',
    ...lines,
    '}',
  ].join('\n');
}

function constant({ model }: Schema, source: string, codecs: string | undefined): string {
  return [
    '/** The schema: for `createApi` and wherever a schema is taken. */',
    'export const schema: $Schema<$Types> = $generatedSchema<$Types>({',
    `  source: ${quoted(source)},`,
    ...(codecs === undefined ? [] : ['  codecs: $scalars,']),
    '  definitions: [',
    ...definitionsOf(model).map((definition) => `    ${quoted(definition)},`),
    '  ],',
    '});',
  ].join('\n');
}
