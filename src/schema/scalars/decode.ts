// Answers with the program's own values in them: what a document selects is compiled once into the places of scalars and
// enums that have a codec, and only the ways there are gone. GraphQL specification, September 2025, section 7.1 (Response
// Format).

import type { ResultPatch } from '../../protocol/incremental/part.js';
import { describe } from '../../protocol/options.js';
import { ScalarError } from '../errors/scalar-error.js';
import type { SchemaModel } from '../model/model.js';
import { namedTypeOf, type TypeRef } from '../model/type-ref.js';
import { codecOf, reasonOf, type ScalarCodec, type ScalarCodecs } from './codec.js';
import type { ResultShape, ShapeField } from './result-shape.js';

/**
 * Reads the answers to one document. What it is given it does not change: of objects and lists, those around a decoded value
 * are copied, everything else is shared. What is not there, yet or at all, is left so; null stays null.
 */
export interface Decoder {
  /**
   * The `data` of an answer, of an event, or of an answer in parts as far as it has come.
   *
   * @throws ScalarError where a codec threw, or the data has another form than the document.
   */
  decode(data: unknown): unknown;
  /**
   * What one part adds to an answer that comes in parts.
   *
   * @throws ScalarError as `decode`.
   */
  decodePatch(patch: ResultPatch): ResultPatch;
}

/** Undefined where the document selects nothing that has a codec: its answers are as they should be. */
export function decoderFor(model: SchemaModel, codecs: ScalarCodecs, shape: ResultShape): Decoder | undefined {
  const root = new Compiler(model, codecs).object(shape);
  if (root === undefined) return undefined;
  return {
    decode: (data) => read(root, data, []),
    decodePatch: (patch) => readPatch(root, patch),
  };
}

/** A place in an answer with something to decode in it or below it. */
type Place = LeafPlace | ListPlace | ObjectPlace;

interface LeafPlace {
  readonly kind: 'leaf';
  readonly name: string;
  readonly codec: ScalarCodec;
}

interface ListPlace {
  readonly kind: 'list';
  readonly of: Place;
}

interface ObjectPlace {
  readonly kind: 'object';
  readonly fields: ReadonlyMap<string, Place>;
}

class Compiler {
  readonly #model: SchemaModel;
  readonly #codecs: ScalarCodecs;
  /** The same selection may stand in many places. */
  readonly #known = new Map<ResultShape, ObjectPlace | undefined>();

  constructor(model: SchemaModel, codecs: ScalarCodecs) {
    this.#model = model;
    this.#codecs = codecs;
  }

  object(shape: ResultShape): ObjectPlace | undefined {
    if (!this.#known.has(shape)) this.#known.set(shape, this.#compile(shape));
    return this.#known.get(shape);
  }

  #compile(shape: ResultShape): ObjectPlace | undefined {
    const fields = new Map<string, Place>();
    for (const [name, field] of shape) {
      const place = this.#field(field);
      if (place !== undefined) fields.set(name, place);
    }
    return fields.size === 0 ? undefined : { kind: 'object', fields };
  }

  #field({ type, shape }: ShapeField): Place | undefined {
    const inside = shape === undefined ? this.#leaf(namedTypeOf(type)) : this.object(shape);
    return inside && inLists(type, inside);
  }

  #leaf(name: string): LeafPlace | undefined {
    const kind = this.#model.types.get(name)?.kind;
    const codec = kind === 'scalar' || kind === 'enum' ? codecOf(this.#codecs, name) : undefined;
    return codec && { kind: 'leaf', name, codec };
  }
}

function inLists(type: TypeRef, inside: Place): Place {
  return type.list ? { kind: 'list', of: inLists(type.of, inside) } : inside;
}

type Path = (string | number)[];

/** `path` is where the value is. */
function read(place: Place, value: unknown, path: Path): unknown {
  if (value === null || value === undefined) return value;
  switch (place.kind) {
    case 'leaf':
      return readLeaf(place, value, path);
    case 'list':
      return Array.isArray(value) ? readList(place, value, path) : misshapen(formOf(place), value, path);
    case 'object':
      return isRecord(value) ? readObject(place, value, path) : misshapen(formOf(place), value, path);
  }
}

function readLeaf({ name, codec }: LeafPlace, value: unknown, path: Path): unknown {
  try {
    return codec.decode(value);
  } catch (cause) {
    throw new ScalarError('decoding', name, [...path], reasonOf(cause), cause);
  }
}

/** `first` is the index of the first one. */
function readList({ of }: ListPlace, list: readonly unknown[], path: Path, first = 0): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index += 1) {
    const value = list[index];
    path.push(first + index);
    const decoded = read(of, value, path);
    path.pop();
    if (decoded === value) continue;
    copy ??= [...list];
    copy[index] = decoded;
  }
  return copy ?? list;
}

function readObject({ fields }: ObjectPlace, object: Members, path: Path): Members {
  let copy: Record<string, unknown> | undefined;
  for (const [name, place] of fields) {
    // A field may have the name of what every object inherits.
    if (!Object.hasOwn(object, name)) continue;
    const value = object[name];
    path.push(name);
    const decoded = read(place, value, path);
    path.pop();
    if (decoded === value) continue;
    copy ??= { ...object };
    copy[name] = decoded;
  }
  return copy ?? object;
}

function readPatch(root: ObjectPlace, patch: ResultPatch): ResultPatch {
  const place = placeAt(root, patch.path);
  if (place === undefined) return patch;
  const { data, items, index } = patch;
  const path = [...patch.path];
  if (data !== undefined) {
    if (place.kind !== 'object') return misshapen(formOf(place), data, path);
    return { ...patch, data: readObject(place, data, path) as typeof data };
  }
  if (items === undefined) return patch;
  if (place.kind !== 'list') return misshapen(formOf(place), items, path);
  return { ...patch, items: readList(place, items, path, index) as typeof items };
}

/** Undefined: nothing there or below has a codec. */
function placeAt(root: ObjectPlace, path: ResultPatch['path']): Place | undefined {
  let place: Place | undefined = root;
  for (const [depth, step] of path.entries()) {
    if (place === undefined) return undefined;
    if (place.kind === 'list' && typeof step === 'number') place = place.of;
    else if (place.kind === 'object' && typeof step === 'string') place = place.fields.get(step);
    else return misshapen(formOf(place), typeof step === 'number' ? [] : {}, path.slice(0, depth));
  }
  return place;
}

function formOf({ kind }: Place): string {
  return kind === 'leaf' ? 'a scalar' : kind === 'list' ? 'a list' : 'an object';
}

type Members = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function misshapen(due: string, value: unknown, path: Path): never {
  throw new ScalarError('decoding', undefined, [...path], `${due} is due, and it is ${describe(value)}.`);
}
