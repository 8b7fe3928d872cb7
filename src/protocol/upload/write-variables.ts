// Variables as JSON, with `null` in place of each file and the places of the files beside them. GraphQL multipart request
// specification (jaydenseric), section "Multipart form field structure".

import { OptionError } from '../errors/option-error.js';
import { type JsonText, type Replacer, writeWith } from '../json-text.js';
import { Upload, type UploadField, upload, uploadsWritten } from '../upload.js';
import { isBlob, isBytes, isOneShot } from './source.js';

export interface WrittenVariables {
  readonly variables: JsonText | undefined;
  /** One for each file, however often it stands there. */
  readonly uploads: readonly UploadField[] | undefined;
}

const option = 'variables';

/**
 * Throws an OptionError for what cannot be written as JSON, for bytes and streams that are no upload, and for an upload that
 * belongs to another call already.
 */
export function writeVariables(given: object | undefined): WrittenVariables {
  if (given === undefined) return { variables: undefined, uploads: undefined };
  const before = uploadsWritten();
  let variables: JsonText;
  try {
    variables = writeWith(option, given);
  } catch {
    // A stream may hold what JSON cannot: then that is the better answer.
    return withoutFiles(given);
  }
  if (uploadsWritten() > before || (looksLikeFiles(variables.text) && mayHoldFiles(given))) return withoutFiles(given);
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
  const prototype: unknown = Object.getPrototypeOf(value);
  if ((prototype !== Object.prototype && prototype !== null) || isOneShot(value)) return true;
  const members = value as Readonly<Record<string, unknown>>;
  if (typeof members.toJSON === 'function') return true;
  for (const name in members) if (mayHoldFiles(members[name])) return true;
  return false;
}

interface Place {
  readonly path: string;
  /** A name on the way there that a path of the specification cannot hold. */
  readonly unfit: string | undefined;
}

/** Follows JSON.stringify through the variables, so that what is found is what is written, `toJSON` and all. */
function withoutFiles(given: object): WrittenVariables {
  const places = new Map<unknown, Place>();
  const fields = new Map<object, UploadField & { readonly paths: string[] }>();
  const replacer: Replacer = function (this, key, written) {
    const place = within(places.get(this), key);
    const file = fileOf(this[key], written, place.path);
    if (file === undefined) {
      // What stands in several places is written in each, one after the other.
      places.set(written, place);
      return written;
    }
    if (place.unfit !== undefined) throw unfitName(place.unfit);
    const field = fields.get(file);
    if (field === undefined) {
      const made = file instanceof Upload ? file : upload(file);
      made.check(place.path);
      fields.set(file, { paths: [place.path], upload: made });
    } else {
      field.paths.push(place.path);
    }
    return null;
  };
  const variables = writeWith(option, given, replacer);
  return { variables, uploads: fields.size === 0 ? undefined : [...fields.values()] };
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
