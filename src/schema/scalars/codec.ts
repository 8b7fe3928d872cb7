// How a program's own values travel: a codec for each custom scalar (or enum) by its name.

/**
 * Writes values of one scalar or enum into variables and reads them out of answers. Never asked about `null`, nor about the
 * lists around a value. What it throws ends the operation with a ScalarError that names the path.
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

/** By the name of the scalar or enum. */
// biome-ignore lint/suspicious/noExplicitAny: a table of codecs of any values; each is called only with what its scalar carries.
export type ScalarCodecs = Readonly<Record<string, ScalarCodec<any, any>>>;
