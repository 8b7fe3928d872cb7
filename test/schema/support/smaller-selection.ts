// Drawn selections with less in them than one has: what is left of a random selection when a test has failed. What stands in
// several places, as a named fragment does, stays the same in all of them.

import type { DrawnDirective, DrawnField, DrawnFragment, DrawnSelection } from './drawn.js';

/** Each with one thing less, the outermost first. */
export function* smallerSelections(root: DrawnSelection): Generator<() => DrawnSelection> {
  for (const selection of selectionsIn(root)) {
    for (const less of lessOf(selection)) yield () => replaced(root, selection, less);
  }
}

/** Level by level, each once. */
function selectionsIn(root: DrawnSelection): ReadonlySet<DrawnSelection> {
  const found = new Set([root]);
  for (const { fields, fragments } of found) {
    for (const { selection } of [...fields, ...fragments]) {
      if (selection !== undefined && selection !== 'default') found.add(selection);
    }
  }
  return found;
}

function* lessOf(selection: DrawnSelection): Generator<DrawnSelection> {
  const { fields, fragments } = selection;
  if (fields.length + fragments.length > 1) {
    for (const field of fields) yield { ...selection, fields: without(fields, field) };
    for (const fragment of fragments) yield { ...selection, fragments: without(fragments, fragment) };
  }
  for (const field of fields) {
    for (const less of lessOfField(field)) yield { ...selection, fields: replaced(fields, field, less) };
  }
  for (const fragment of fragments) {
    for (const less of lessOfFragment(fragment)) yield { ...selection, fragments: replaced(fragments, fragment, less) };
  }
}

function* lessOfField(field: DrawnField): Generator<DrawnField> {
  const { alias, args, directives, selection } = field;
  if (selection !== undefined && selection !== 'default') yield { ...field, selection: 'default' };
  if (alias !== undefined) yield { ...field, alias: undefined };
  for (const one of args) yield { ...field, args: without(args, one) };
  for (const less of lessOfDirectives(directives)) yield { ...field, directives: less };
}

function* lessOfFragment(fragment: DrawnFragment): Generator<DrawnFragment> {
  for (const directives of lessOfDirectives(fragment.directives)) yield { ...fragment, directives };
}

export function* lessOfDirectives(directives: readonly DrawnDirective[]): Generator<readonly DrawnDirective[]> {
  for (const one of directives) yield without(directives, one);
  for (const one of directives) {
    for (const argument of one.args) yield replaced(directives, one, { ...one, args: without(one.args, argument) });
  }
}

function without<T>(list: readonly T[], one: T): readonly T[] {
  return list.filter((item) => item !== one);
}

/** The same wherever the one stands, of which nothing is left as it was; everything else is shared. */
function replaced<T>(whole: T, one: unknown, other: unknown, done = new Map<unknown, unknown>([[one, other]])): T {
  if (typeof whole !== 'object' || whole === null) return whole;
  if (!done.has(whole)) {
    const entries = Object.entries(whole).map(([name, value]) => [name, replaced(value, one, other, done)] as const);
    const isSame = entries.every(([name, value]) => Reflect.get(whole, name) === value);
    const copy = Array.isArray(whole) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
    done.set(whole, isSame ? whole : copy);
  }
  return done.get(whole) as T;
}
