// How a program's own values travel: a codec for each scalar or enum by its name.

import { describe } from '../../protocol/options.js';

/**
 * Writes values of one scalar or enum into variables and reads them out of answers. Never asked about `null`, nor about the
 * lists around a value. It answers at once, never with a promise, and never with `null` or `undefined` for a value. What it
 * throws ends the operation with a ScalarError that names the path.
 *
 * @typeParam Value What the program works with.
 * @typeParam Wire What travels: JSON.
 * @example
 * ```ts
 * const url: ScalarCodec<URL, string> = { encode: (value) => value.href, decode: (wire) => new URL(wire) };
 * ```
 */
export interface ScalarCodec<Value = unknown, Wire = unknown> {
  encode(value: Value): Wire;
  decode(wire: Wire): Value;
}

/** What a program works with where a codec is in use: `CodecValue<typeof dateTime>` is `Date`. */
export type CodecValue<Codec> = Codec extends { decode(wire: never): infer Value } ? Value : never;

/** By the name of the scalar or enum. */
// biome-ignore lint/suspicious/noExplicitAny: a table of codecs of any values; each is called only with what its scalar carries.
export type ScalarCodecs = Readonly<Record<string, ScalarCodec<any, any>>>;

/** Undefined: it has none. A scalar may be called `constructor`. */
export function codecOf(codecs: ScalarCodecs, name: string): ScalarCodec | undefined {
  return Object.hasOwn(codecs, name) ? codecs[name] : undefined;
}

/** What somebody's code threw, as the end of a sentence. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error && thrown.message !== '' ? thrown.message : `${describe(thrown)} was thrown.`;
}
