// The program's own values for those of an enum.

import { OptionError } from '../../protocol/errors/option-error.js';
import { describe } from '../../protocol/options.js';
import { suggestionsFor } from '../../protocol/suggestions.js';
import type { ScalarCodec } from './codec.js';

/** A codec for one enum; which names it knows is checked against the schema. Made by `enumValues`. */
export class EnumCodec<Values extends Readonly<Record<string, unknown>> = Readonly<Record<string, unknown>>>
  implements ScalarCodec<Values[keyof Values], string>
{
  /** Each value under the name that the schema has for it. */
  readonly values: Values;
  readonly #names = new Map<unknown, string>();

  constructor(values: Values) {
    this.values = values;
    for (const [name, value] of Object.entries(values)) {
      const other = this.#names.get(value);
      if (other !== undefined || value === null || value === undefined) throw badValue(name, other, value);
      this.#names.set(value, name);
    }
  }

  encode(value: Values[keyof Values]): string {
    const name = this.#names.get(value);
    if (name === undefined)
      throw new TypeError(`${describe(value)} is none of the values that enumValues() was given.`);
    return name;
  }

  decode(name: string): Values[keyof Values] {
    if (Object.hasOwn(this.values, name)) return this.values[name] as Values[keyof Values];
    const [near] = suggestionsFor(String(name), Object.keys(this.values));
    const hint = near === undefined ? '' : ` The nearest is "${near}".`;
    throw new TypeError(
      `enumValues() was given no value for ${describe(name)}, which the server may have learned since.${hint}`,
    );
  }
}

/**
 * A codec for an enum whose values a program has values of its own for: of any kind, each its own name's alone, compared as
 * Map compares keys, not null or undefined. Where the codec is put to use, an OptionError names what the enum of the schema
 * does not have; in a generated module, what has no value here too, since module and codecs are made for one another.
 *
 * A value that has none here, as one that the server has learned since, is a ScalarError in the answer that holds it.
 *
 * @throws OptionError where one value stands under two names, or is null or undefined.
 * @example
 * ```ts
 * const api = createApi(session, schema, { scalars: { Color: enumValues({ RED: 0xff0000, GREEN: 0x00ff00 }) } });
 * ```
 */
export function enumValues<const Values extends Readonly<Record<string, unknown>>>(values: Values): EnumCodec<Values> {
  if (typeof values !== 'object' || values === null) {
    throw new OptionError('values', `enumValues() takes an object of values by name, not ${describe(values)}.`);
  }
  return new EnumCodec({ ...values });
}

function badValue(name: string, other: string | undefined, value: unknown): OptionError {
  const why = other === undefined ? `is ${value}, which no codec is asked about` : `is that of "${other}" too`;
  return new OptionError(
    `values.${name}`,
    `The value of "${name}" ${why}: give each name of the enum a value of its own.`,
  );
}
