// Streams as bytes, and every way to cut them into chunks.

import fc from 'fast-check';

const utf8 = new TextEncoder();

export function bytesOf(...pieces: readonly (string | Uint8Array)[]): Uint8Array {
  const all = pieces.map((piece) => (typeof piece === 'string' ? utf8.encode(piece) : piece));
  const whole = new Uint8Array(all.reduce((length, { length: more }) => length + more, 0));
  let at = 0;
  for (const piece of all) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** The same bytes in chunks that end at these places. The memory of each is overwritten when the next one is asked for. */
export function* cut(bytes: Uint8Array, cuts: readonly number[]): Generator<Uint8Array> {
  let from = 0;
  for (const at of [...cuts.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)) {
    const chunk = bytes.slice(from, at);
    yield chunk;
    chunk.fill(0x0a);
    from = at;
  }
}

export function oneByteEach(bytes: Uint8Array): Generator<Uint8Array> {
  return cut(bytes, [...bytes.keys()]);
}

/** What a reader tells in all. */
export function tell<T>(reader: { push(chunk: Uint8Array): readonly T[] }, chunks: Iterable<Uint8Array>): T[] {
  const items: T[] = [];
  for (const chunk of chunks) items.push(...reader.push(chunk));
  return items;
}

export const anyCuts: fc.Arbitrary<number[]> = fc.array(fc.nat(), { maxLength: 12 });

export const anyLineEnd: fc.Arbitrary<string> = fc.constantFrom('\n', '\r\n');

const anyCharacter = fc
  .integer({ min: 0, max: 0x10ffff - 0x800 })
  .map((index) => String.fromCodePoint(index < 0xd800 ? index : index + 0x800));

const awkward = fc.constantFrom(
  '€',
  '😀',
  '\ufeff',
  '\0',
  ':',
  ' ',
  '-',
  '--',
  '\r',
  '\n',
  '\r\n',
  'data',
  'x',
  '"',
  '\\',
  ';',
  '{}',
);

/** Anything that has a form in UTF-8, astral characters and line ends among it. */
export const anyText: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 3, arbitrary: awkward }, anyCharacter), { maxLength: 12 })
  .map((pieces) => pieces.join(''));

export function repeat<T>(times: number, value: T): T[] {
  return Array.from({ length: times }, () => value);
}
