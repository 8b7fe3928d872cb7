// Whether the codecs that a program gives are ones, and for scalars and enums of the schema.

import { OptionError } from '../../protocol/errors/option-error.js';
import { describe } from '../../protocol/options.js';
import { suggestionsFor } from '../../protocol/suggestions.js';
import { checkMembers } from '../members.js';
import type { EnumModel, SchemaModel } from '../model/model.js';
import type { ScalarCodecs } from './codec.js';
import { EnumCodec } from './enum-values.js';

/**
 * Throws an OptionError for the first codec that is none, or whose name is of no scalar or enum.
 *
 * @param option What the program gave them as.
 * @param enums Which values of an enum `enumValues()` has to know. A server may learn more any day, and what was compiled
 * before goes on: only a schema that was compiled with the codecs has no others.
 */
export function checkCodecs(
  model: SchemaModel,
  codecs: ScalarCodecs,
  option = 'scalars',
  enums: 'every value' | 'some values' = 'some values',
): void {
  checkMembers(option, codecs);
  for (const [name, codec] of Object.entries(codecs)) {
    const path = `${option}.${name}`;
    if (!isCodec(codec)) {
      throw new OptionError(
        path,
        `Option "${path}" must be a codec, an object with the functions "encode" and "decode"; it is ${describe(codec)}.`,
      );
    }
    const type = model.types.get(name);
    if (type?.kind !== 'scalar' && type?.kind !== 'enum') throw new OptionError(path, noSuchName(model, name));
    if (!(codec instanceof EnumCodec)) continue;
    if (type.kind === 'enum') checkNames(path, type, codec, enums === 'every value');
    else throw new OptionError(path, `Option "${path}" is made by enumValues(), and ${name} is a scalar.`);
  }
}

function isCodec(value: unknown): boolean {
  const { encode, decode } = Object(value);
  return typeof encode === 'function' && typeof decode === 'function';
}

const kinds = {
  object: 'an object type',
  interface: 'an interface',
  union: 'a union',
  input: 'an input type',
} as const;

function noSuchName(model: SchemaModel, name: string): string {
  const type = model.types.get(name);
  if (type !== undefined && type.kind !== 'scalar' && type.kind !== 'enum') {
    return `There is a codec for "${name}", which is ${kinds[type.kind]}: only scalars and enums have codecs.`;
  }
  const known = [...model.types.values()].filter(({ kind }) => kind === 'scalar' || kind === 'enum');
  const near = suggestionsFor(
    name,
    known.map((one) => one.name),
  );
  const hint = near.length === 0 ? '' : ` Did you mean ${near.map((one) => `"${one}"`).join(' or ')}?`;
  return `There is a codec for "${name}", and the schema has no scalar or enum of that name.${hint}`;
}

function checkNames(path: string, { name, values }: EnumModel, codec: EnumCodec, all: boolean): void {
  const missing = [...values.keys()].filter((one) => !Object.hasOwn(codec.values, one));
  const faults = Object.keys(codec.values)
    .filter((one) => !values.has(one))
    .map((one) => {
      const [near] = suggestionsFor(one, missing);
      return `"${one}" is no value of it${near === undefined ? '' : ` (did you mean "${near}"?)`}`;
    });
  if (all && missing.length > 0) faults.push(`it has no value for ${missing.map((one) => `"${one}"`).join(', ')}`);
  if (faults.length === 0) return;
  throw new OptionError(path, `The enumValues() for ${name} does not fit the enum: ${faults.join('; ')}.`);
}
