// One part of an answer that comes in parts (`@defer`, `@stream`), out of either format into one shape: entries that name what
// was announced as `pending` (GraphQL specification, incremental delivery), and entries that name a `path`, as servers sent
// them before. Told apart by what they hold. Whatever a server sends, nothing here throws; a fault is a clause for a person.

import { readErrorList } from '../dialects/read-answer.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import { describe } from '../options.js';
import type { GraphQLError, Result } from '../result.js';

/** Where in an answer: field names and list indexes from the root. */
export type ResultPath = readonly (string | number)[];

/** What one `@defer` or `@stream` adds to the answer. With neither `data` nor `items` it failed, and `errors` say why. */
export interface ResultPatch {
  /** The object that `data` belongs to, or the list that `items` belong to. */
  readonly path: ResultPath;
  /** The `label` argument of the directive. */
  readonly label: string | undefined;
  /** Fields for the object, which may have some of them: objects within are merged, everything else gives way. */
  readonly data: JsonObject | undefined;
  /** The next items of the list. */
  readonly items: readonly JsonValue[] | undefined;
  /** Where the server says it: the index of the first of them, which is how many items the list has by then. */
  readonly index: number | undefined;
  readonly errors: readonly GraphQLError[] | undefined;
  readonly extensions: JsonObject | undefined;
}

/** One part, whatever the format. */
export interface Part {
  /** Of the first part: what the patches of the later ones belong to. */
  readonly data: unknown;
  readonly errors: readonly GraphQLError[] | undefined;
  readonly extensions: JsonObject | undefined;
  readonly patches: readonly ResultPatch[];
  readonly hasNext: boolean;
}

type Place = Pick<ResultPatch, 'path' | 'label' | 'index'>;
type Raw = Result & { readonly [name: string]: unknown };

/** Reads the parts of one answer, in order. Remembers what is pending, and no data. */
export class PartReader {
  readonly #pending = new Map<string, Place>();
  #begun = false;

  /** A string is what is wrong with it. */
  read(result: Result): Part | string {
    const { data, errors, extensions, path, items, incremental, pending, completed } = result as Raw;
    const hasNext = result.hasNext === true;
    const first = !this.#begun;
    this.#begun = true;
    // The oldest form of all has one entry in each part, in the place of the part.
    const isEntry = isGiven(path) || isGiven(items) || (!first && isGiven(data));
    const patches: ResultPatch[] = [];
    const fault =
      this.#announce(pending) ??
      (isEntry ? this.#take([result as unknown as JsonObject], patches) : undefined) ??
      this.#take(incremental, patches) ??
      this.#complete(completed, patches);
    if (fault !== undefined) return fault;
    if (!hasNext && this.#pending.size > 0) return 'it is the last one, although something is still pending';
    if (isEntry) return { data: undefined, errors: undefined, extensions: undefined, patches, hasNext };
    const own = { errors: errorsOf(errors), extensions: objectOf(extensions) };
    return { data: first ? data : undefined, ...own, patches, hasNext };
  }

  #announce(given: unknown): string | undefined {
    const entries = entriesOf(given);
    if (entries === undefined) return notAList('pending');
    for (const { id, path, label } of entries) {
      if (typeof id !== 'string' || !isPath(path)) return 'an entry of "pending" lacks its id or its path';
      if (this.#pending.has(id)) return `"pending" announces the id ${describe(id)} twice`;
      this.#pending.set(id, { path, label: textOf(label), index: undefined });
    }
    return undefined;
  }

  #take(given: unknown, patches: ResultPatch[]): string | undefined {
    const entries = entriesOf(given);
    if (entries === undefined) return notAList('incremental');
    for (const entry of entries) {
      const { data, items, errors, extensions } = entry;
      const place = isGiven(entry.id) ? this.#announced(entry) : byPath(entry);
      if (typeof place === 'string') return place;
      if (isGiven(data) && !isJsonObject(data)) return `"data" must be an object, not ${describe(data)}`;
      if (isGiven(items) && !isList(items)) return `"items" must be a list, not ${describe(items)}`;
      patches.push({
        ...place,
        data: data ?? undefined,
        items: items ?? undefined,
        errors: errorsOf(errors),
        extensions: objectOf(extensions),
      });
    }
    return undefined;
  }

  #complete(given: unknown, patches: ResultPatch[]): string | undefined {
    const entries = entriesOf(given);
    if (entries === undefined) return notAList('completed');
    for (const { id, errors } of entries) {
      const place = this.#pending.get(String(id));
      if (place === undefined) return unknownId(id);
      this.#pending.delete(String(id));
      const failed = errorsOf(errors);
      if (failed === undefined) continue;
      patches.push({ ...place, data: undefined, items: undefined, errors: failed, extensions: undefined });
    }
    return undefined;
  }

  #announced({ id, subPath }: JsonObject): Place | string {
    const place = this.#pending.get(String(id));
    if (place === undefined) return unknownId(id);
    if (!isGiven(subPath)) return place;
    return isPath(subPath) ? { ...place, path: [...place.path, ...subPath] } : `"subPath" is no path`;
  }
}

function byPath({ path, label, items }: JsonObject): Place | string {
  if (!isPath(path)) return 'an entry holds neither an id nor a path';
  const place = { path, label: textOf(label), index: undefined };
  if (!isList(items)) return place;
  // Here the path of items is the path of the first of them.
  const index = path.at(-1);
  return typeof index === 'number'
    ? { ...place, path: path.slice(0, -1), index }
    : 'the path of items ends in no index';
}

/** What may be left out is also left out as null. */
function isGiven<T>(value: T): value is Exclude<T, null | undefined> {
  return value !== undefined && value !== null;
}

function isList(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isPath(value: unknown): value is ResultPath {
  return (
    isList(value) && value.every((step) => typeof step === 'string' || (Number.isInteger(step) && Number(step) >= 0))
  );
}

/** Undefined where it is no list of objects. */
function entriesOf(value: unknown): readonly JsonObject[] | undefined {
  if (!isGiven(value)) return [];
  return isList(value) && value.every(isJsonObject) ? value : undefined;
}

function errorsOf(value: unknown): readonly GraphQLError[] | undefined {
  return isList(value) ? readErrorList(value) : undefined;
}

function objectOf(value: unknown): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function notAList(name: string): string {
  return `"${name}" must be a list of objects`;
}

function unknownId(id: unknown): string {
  return `the id ${describe(id)} is not pending`;
}
