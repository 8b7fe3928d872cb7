// Random answers, split into parts at random in both formats: put together they are the same whole, and nothing that was
// handed out on the way has changed. And random nonsense, which is a fault or nothing, and never an exception.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ResultPath } from '../../src/protocol/incremental/part.js';
import { IncrementalAnswer } from '../../src/protocol/incremental.js';
import type { JsonObject, JsonValue } from '../../src/protocol/json.js';
import type { Result } from '../../src/protocol/result.js';
import { frozen } from './support/frozen.js';

/** One `@defer` or `@stream`. */
interface Piece {
  readonly path: ResultPath;
  readonly data?: JsonObject;
  /** The items, in the groups in which they come, from `index` on. */
  readonly groups?: readonly (readonly JsonValue[])[];
  readonly index?: number;
}

interface Split {
  readonly data: JsonObject;
  /** A piece that belongs to what another one brings stands behind it. */
  readonly pieces: readonly Piece[];
}

const name = fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'constructor', 'length', '0');
const { tree } = fc.letrec<{ tree: JsonObject; value: JsonValue }>((tie) => ({
  tree: fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<JsonValue[]>(1, 'text', null, true),
    tie('tree'),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
}));

/** Decides by coins which fields and items come later. */
function split(root: JsonObject, coin: () => boolean): Split {
  const pieces: Piece[] = [];
  const object = (value: JsonObject, path: ResultPath): JsonObject => {
    const now: [string, JsonValue | undefined][] = [];
    const later: [string, JsonValue | undefined][] = [];
    for (const [key, child] of Object.entries(value)) (coin() ? now : later).push([key, child]);
    const initial = Object.fromEntries(now.map(([key, child]) => [key, any(child, [...path, key])]));
    if (later.length > 0) {
      const at = pieces.length;
      const data = Object.fromEntries(later.map(([key, child]) => [key, any(child, [...path, key])]));
      // What is deferred within it comes after it.
      pieces.splice(at, 0, { path, data });
    }
    return initial;
  };
  const list = (value: readonly JsonValue[], path: ResultPath): readonly JsonValue[] => {
    const index = value.findIndex(() => !coin());
    if (index === -1) return value.map((item, at) => any(item, [...path, at]));
    const initial = value.slice(0, index).map((item, at) => any(item, [...path, at]));
    const at = pieces.length;
    const groups: JsonValue[][] = [[]];
    for (const [offset, item] of value.slice(index).entries()) {
      if (coin()) groups.push([]);
      groups.at(-1)?.push(any(item, [...path, index + offset]));
    }
    pieces.splice(at, 0, { path, groups, index });
    return initial;
  };
  const any = <T extends JsonValue | undefined>(value: T, path: ResultPath): T => {
    if (Array.isArray(value)) return list(value, path) as T;
    return (typeof value === 'object' && value !== null ? object(value as JsonObject, path) : value) as T;
  };
  return { data: object(root, []), pieces };
}

interface Entry {
  readonly [name: string]: unknown;
}

/** Entries in parts of random sizes, one of them with the first part, and the end where `endsWithLast` or after it. */
function inParts(first: Entry, entries: readonly Entry[], coin: () => boolean): Entry[] {
  const parts: { incremental: Entry[] }[] = [];
  for (const entry of entries) {
    const part = parts.at(-1);
    if (part === undefined || coin()) parts.push({ incremental: [entry] });
    else part.incremental.push(entry);
  }
  const all: Entry[] = [first, ...parts];
  if (coin()) all.push({});
  return all.map((part, index) => ({ ...part, hasNext: index < all.length - 1 }));
}

function byPath({ data, pieces }: Split, coin: () => boolean): Entry[] {
  const entries = pieces.flatMap((piece): Entry[] => {
    const { path } = piece;
    // Another way to say the same: from further up, where no list is in between.
    const above = piece.data !== undefined && typeof path.at(-1) === 'string' && coin();
    if (above) return [{ path: path.slice(0, -1), data: Object.fromEntries([[path.at(-1), piece.data]]) }];
    if (piece.data !== undefined) return [{ path, data: piece.data, label: 'L' }];
    let index = piece.index ?? 0;
    return (piece.groups ?? []).map((items) => {
      const entry = { path: [...path, index], items };
      index += items.length;
      return entry;
    });
  });
  if (!coin()) return inParts({ data }, entries, coin);
  return [{ data }, ...entries].map((entry, index) => ({ ...entry, hasNext: index < entries.length }));
}

function byId({ data, pieces }: Split, coin: () => boolean): Entry[] {
  const first: Entry[] = [];
  const parts: { pending: Entry[]; incremental: Entry[]; completed: Entry[] }[] = [];
  for (const [index, piece] of pieces.entries()) {
    const id = String(index);
    // Announced at some place on the way, and the rest of the way said with each entry.
    const cut = coin() ? piece.path.length : Math.floor(piece.path.length / 2);
    const sub = cut === piece.path.length ? undefined : { subPath: piece.path.slice(cut) };
    const pending = { id, path: piece.path.slice(0, cut) };
    const incremental =
      piece.data === undefined
        ? (piece.groups ?? []).map((items) => ({ id, items, ...sub }))
        : [{ id, data: piece.data, ...sub }];
    const early = coin();
    if (early) first.push(pending);
    const part = parts.at(-1);
    const announced = early ? [] : [pending];
    if (part === undefined || coin()) parts.push({ pending: announced, incremental, completed: [{ id }] });
    else {
      part.pending.push(...announced);
      part.incremental.push(...incremental);
      part.completed.push({ id });
    }
  }
  const all: Entry[] = [{ data, pending: first }, ...parts];
  return all.map((part, index) => ({ ...part, hasNext: index < all.length - 1 }));
}

const coins = fc.infiniteStream(fc.boolean()).map((stream) => () => stream.next().value === true);

test.each([
  ['that name a path', byPath],
  ['that name what was announced', byId],
])('A tree in parts %s is the same tree, and no snapshot on the way changes', (_, format) => {
  fc.assert(
    fc.property(tree, coins, (root, coin) => {
      const parts = format(split(root, coin), coin).map((part) => frozen(JSON.parse(JSON.stringify(part)) as Result));
      const answer = new IncrementalAnswer();
      const seen: { readonly snapshot: Result; readonly text: string }[] = [];
      for (const part of parts) {
        expect(answer.add(part)).toBeUndefined();
        if (!coin()) continue;
        const snapshot = frozen(answer.snapshot());
        seen.push({ snapshot, text: JSON.stringify(snapshot) });
      }
      expect(sorted(answer.snapshot().data)).toBe(sorted(root));
      for (const { snapshot, text } of seen) expect(JSON.stringify(snapshot)).toBe(text);
    }),
    { numRuns: 2_000 },
  );
});

test('Whatever comes as a part is taken or a fault, and nothing outside the answer changes', () => {
  const steps = fc.array(fc.oneof(name, fc.constantFrom(0, 1, -1, 0.5)), { maxLength: 3 });
  const anything = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
  const mostly = (right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 6, arbitrary: right }, anything);
  const entry = fc.record(
    {
      id: mostly(fc.constantFrom('0', '1')),
      path: mostly(steps),
      subPath: mostly(steps),
      data: mostly(tree),
      items: mostly(fc.array(tree, { maxLength: 2 })),
      errors: mostly(fc.constant([{ message: 'no' }])),
      extensions: mostly(tree),
    },
    { requiredKeys: [] },
  );
  const entries = mostly(fc.array(mostly(entry), { maxLength: 3 }));
  const part = fc.record(
    {
      data: mostly(tree),
      path: mostly(steps),
      items: anything,
      errors: mostly(fc.constant([{ message: 'no' }])),
      extensions: mostly(tree),
      pending: entries,
      incremental: entries,
      completed: entries,
      hasNext: mostly(fc.boolean()),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(tree, fc.array(part, { maxLength: 4 }), (data, parts) => {
      const pending = ['0', '1'].map((id, index) => ({ id, path: Object.keys(data).slice(0, index) }));
      const answer = new IncrementalAnswer();
      for (const given of [{ data, pending, hasNext: true }, ...parts]) {
        const fault: unknown = answer.add(frozen(JSON.parse(JSON.stringify(given)) as Result));
        if (fault !== undefined) {
          expect(fault).toEqual(expect.any(String));
          break;
        }
        frozen(answer.snapshot());
      }
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(ownNames);
    }),
    { numRuns: 3_000 },
  );
});

const ownNames = Object.getOwnPropertyNames(Object.prototype).length;

/** The order of fields is that of their arrival, which says nothing. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, child: unknown) =>
    typeof child === 'object' && child !== null && !Array.isArray(child)
      ? Object.fromEntries(Object.entries(child).sort(([one], [other]) => (one < other ? -1 : 1)))
      : child,
  );
}
