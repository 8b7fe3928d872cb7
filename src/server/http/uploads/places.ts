// Where the files belong among the variables: GraphQL multipart request specification (jaydenseric), section "Multipart form
// field structure", the field `map`. Only what the client has put into `operations` itself, and as `null`, can become a file.

import { isJsonObject } from '../../../protocol/json.js';
import { describe } from '../../../protocol/options.js';
import { badForm, quote, tooMuch, type UploadFault } from './upload-fault.js';
import type { UploadedFile } from './uploaded-file.js';

/** Puts one file into its places. */
type Put = (file: UploadedFile) => void;

/** By the names of the form's parts. */
export type Places = ReadonlyMap<string, Put>;

type Holder = Record<string, unknown>;

/** Stands where a file is going to be: a place is given once. */
const taken = Symbol('taken');

export function readPlaces(operations: unknown, map: unknown, maxFiles: number): Places | UploadFault {
  if (!isJsonObject(map)) return badForm(`The field "map" must be one JSON object, not ${describe(map)}.`);
  const files = Object.entries(map);
  if (files.length > maxFiles) return tooManyFiles(maxFiles);
  const places = new Map<string, Put>();
  for (const [name, paths] of files) {
    if (!isListOfTexts(paths)) {
      return badForm(`The field "map" must give the file ${quote(name)} a list of paths, as in ["variables.file"].`);
    }
    const puts: Put[] = [];
    for (const path of paths) {
      const put = find(operations, path);
      if (typeof put === 'string') return badForm(put);
      puts.push(put);
    }
    places.set(name, (file) => {
      for (const put of puts) put(file);
    });
  }
  return places;
}

export function tooManyFiles(maxFiles: number): UploadFault {
  return tooMuch(
    `One request may hold ${maxFiles} files: send fewer, or raise the server's option "uploads.maxFiles".`,
  );
}

/** The place that a path leads to, or why it leads to none. */
function find(operations: unknown, path: string): Put | string {
  const steps = path.split('.');
  const within = Array.isArray(operations) ? steps.slice(1) : steps;
  if (within[0] !== 'variables' || within.length === 1) {
    const example = Array.isArray(operations) ? '0.variables.file' : 'variables.file';
    return `The path ${quote(path)} of the field "map" must lead to a variable, as in "${example}".`;
  }
  const last = steps.at(-1) ?? '';
  let holder: unknown = operations;
  for (const step of steps.slice(0, -1)) holder = own(holder, step);
  if (own(holder, last) !== null) {
    return `The path ${quote(path)} of the field "map" must lead to a null in "operations", and no other path to the same.`;
  }
  const place = holder as Holder;
  place[last] = taken;
  return (file) => {
    place[last] = file;
  };
}

/** Nothing that an object or a list has by nature is a part of what was sent. */
function own(holder: unknown, step: string): unknown {
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, step)) return undefined;
  return (holder as Holder)[step];
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
}
