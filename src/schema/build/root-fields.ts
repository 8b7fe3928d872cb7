// What is asked of an operation's root fields: a subscription has one, and an operation that nobody has named is named after
// its own. GraphQL specification, September 2025, section 5.2.4.1.

import { directivesIn, type Flattener } from './flatten.js';
import type { Problems } from './problems.js';
import type { ResolvedOperation } from './resolved.js';

/** So many fields are in a name that is made of them. */
const mostNamed = 3;

/** What is wrong with the root fields of a subscription goes into `problems`. */
export function checkRootFields(
  { kind, selection }: ResolvedOperation,
  flattener: Flattener,
  problems: Problems,
): void {
  if (kind !== 'subscription') return;
  const fields = [...flattener.flatten([selection]).values()].flatMap(([first]) => first ?? []);
  if (fields.length > 1) {
    const names = fields.map(({ name }) => name).join(', ');
    problems.add([kind], `A subscription has one root field, and this has ${fields.length}: ${names}.`);
  }
  for (const { name, path } of fields) {
    if (name.startsWith('__')) problems.add(path, `"${name}" cannot be the root field of a subscription.`);
  }
  for (const { name } of directivesIn(selection)) {
    if (name !== 'skip' && name !== 'include') continue;
    problems.add([kind, `@${name}`], `"@${name}" cannot stand on the root field of a subscription.`);
  }
}

/** `books`; `books_authors`; `books_and_4_more`. */
export function nameAfter({ selection }: ResolvedOperation, flattener: Flattener): string {
  const fields = [...flattener.flatten([selection]).values()].flatMap(([first]) => first?.name ?? []);
  const [first = '', ...others] = new Set(fields);
  if (others.length < mostNamed) return [first, ...others].join('_');
  return `${first}_and_${others.length}_more`;
}
