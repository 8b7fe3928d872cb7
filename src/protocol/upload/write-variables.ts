// Variables as JSON, with `null` in place of each file and the places of the files beside them. GraphQL multipart request
// specification (jaydenseric), section "Multipart form field structure".

import { OptionError } from '../errors/option-error.js';
import type { JsonCodec } from '../json.js';
import { type JsonText, writeWith } from '../json-text.js';
import { Upload, type UploadField, uploadsWritten } from '../upload.js';
import { isBlob, isBytes, isOneShot } from './source.js';

export interface WrittenVariables {
  readonly variables: JsonText | undefined;
  /** One for each file, however often it stands there. */
  readonly uploads: readonly UploadField[] | undefined;
}

type Members = Readonly<Record<string, unknown>>;

/** As the second argument of JSON.stringify. */
type Replacer = (this: Members, key: string, value: unknown) => unknown;

const option = 'variables';

/**
 * Throws an OptionError for what cannot be written as JSON, for bytes and streams that are no upload, and for an upload that
 * belongs to another call already.
 */
export function writeVariables(given: object | undefined, codec: JsonCodec = JSON): WrittenVariables {
  if (given === undefined) return { variables: undefined, uploads: undefined };
  const before = uploadsWritten();
  let variables: JsonText;
  try {
    variables = writeWith(option, given, codec);
  } catch {
    // A stream may hold what JSON cannot: then that is the better answer.
    return withoutFiles(given, codec);
  }
  // What a file looks like is known of JSON's own text only.
  const suspicious = codec !== JSON || looksLikeFiles(variables.text);
  if (uploadsWritten() > before || (suspicious && mayHoldFiles(given))) return withoutFiles(given, codec);
  return { variables, uploads: undefined };
}

/**
 * Ordinary variables are not searched for files: their text shows whether that is worth the time. A Blob and a web stream are
 * written as an empty object, bytes by index, a Buffer and a stream of Node by members of their own.
 */
function looksLikeFiles(text: string): boolean {
  return (
    text.includes('{}', 1) ||
    text.includes('{"0":') ||
    text.includes('Buffer","data":[') ||
    text.includes('_readableState":')
  );
}

/** Whether there is anything but plain values, lists and objects: only then it is worth following each step of JSON.stringify. */
function mayHoldFiles(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(mayHoldFiles);
  if (!isPlain(value) || isOneShot(value)) return true;
  for (const name in value) if (mayHoldFiles(value[name])) return true;
  return false;
}

/** Whether it is written member by member. */
function isPlain(value: object): value is Members {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return typeof (value as Members).toJSON !== 'function';
}

interface Place {
  readonly path: string;
  /** A name on the way there that a path of the specification cannot hold. */
  readonly unfit: string | undefined;
}

/** Follows JSON.stringify through the variables, so that what is found is what is written, `toJSON` and all. */
function withoutFiles(given: object, codec: JsonCodec): WrittenVariables {
  const places = new Map<unknown, Place>();
  const fields = new Map<object, UploadField & { readonly paths: string[] }>();
  const replacer: Replacer = function (this, key, written) {
    const place = within(places.get(this), key);
    if (typeof written === 'bigint' && codec === JSON) {
      throw new TypeError(
        `${place.path} is a bigint. Write it with a codec such as bigInt, or give the session losslessJson() as "json", both of holdfast/schema.`,
      );
    }
    const file = fileOf(this[key], written, place.path);
    if (file === undefined) {
      // What stands in several places is written in each, one after the other.
      places.set(written, place);
      return written;
    }
    if (place.unfit !== undefined) throw unfitName(place.unfit);
    const field = fields.get(file);
    if (field === undefined) {
      // A Blob is a source as it is: who never calls upload() need not load what that checks.
      const made = file instanceof Upload ? file : new Upload(file, {});
      made.check(place.path);
      fields.set(file, { paths: [place.path], upload: made });
    } else {
      field.paths.push(place.path);
    }
    return null;
  };
  const variables = writeWith(option, given, codec, (value) =>
    codec === JSON ? JSON.stringify(value, replacer) : codec.stringify(replaced({ '': value }, '', replacer)),
  );
  return { variables, uploads: fields.size === 0 ? undefined : [...fields.values()] };
}

/** What a codec without a replacer is to write. What is more than lists and plain objects is left to the codec. */
function replaced(holder: Members, key: string, replacer: Replacer): unknown {
  const value = replacer.call(holder, key, holder[key]);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((_, index) => replaced(value as never, String(index), replacer));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.keys(value).map((name) => [name, replaced(value, name, replacer)]));
}

function within(holder: Place | undefined, key: string): Place {
  if (holder === undefined) return { path: option, unfit: undefined };
  const unfit = holder.unfit ?? (key === '' || key.includes('.') ? key : undefined);
  return { path: `${holder.path}.${key}`, unfit };
}

/** `given` before its `toJSON`, `written` after it. */
function fileOf(given: unknown, written: unknown, path: string): Upload | Blob | undefined {
  if (given instanceof Upload) return given;
  if (isBlob(written)) return written;
  if (isBytes(given) || isOneShot(written) || written instanceof ArrayBuffer) {
    const what = isOneShot(written) ? 'a stream' : 'bytes';
    throw new OptionError(
      path,
      `The value at ${path} is ${what}, which JSON cannot hold: send it as a file, with upload(value) in its place.`,
    );
  }
  return undefined;
}

function unfitName(name: string): OptionError {
  return new OptionError(
    option,
    `A file stands under the name ${JSON.stringify(name)}, and the paths of the multipart request specification are names joined with dots: give it a name that is not empty and has no dot.`,
  );
}
