// Finds what decides: out of samples of a pure function, each with the facts it was asked with and what it answered, the
// shortest list of conditions that tells the answers apart. A function that decides by something else than the facts is found.

export interface Sample {
  /** In words, as they may stand in a table. */
  readonly facts: Readonly<Record<string, string>>;
  readonly answer: string;
}

export interface Rule {
  /** All of them hold. Empty: always. */
  readonly conditions: readonly string[];
  readonly answer: string;
}

/** `order`: the names of the facts, the one to ask for first in front. */
export function rulesOf(samples: readonly Sample[], order: readonly string[]): readonly Rule[] {
  const answers = new Set(samples.map(({ answer }) => answer));
  if (answers.size === 1) return [{ conditions: [], answer: [...answers].join() }];
  const fact = order.find((name) => decides(name, samples));
  if (fact === undefined) throw new Error(`None of the facts decides between: ${[...answers].join(' | ')}`);
  // Values that lead to the same are one condition.
  const branches = new Map<string, { readonly values: string[]; readonly rules: readonly Rule[] }>();
  for (const [value, group] of grouped(samples, ({ facts }) => facts[fact] ?? '')) {
    const rules = rulesOf(group, order);
    const key = JSON.stringify(rules);
    const branch = branches.get(key) ?? { values: [], rules };
    branch.values.push(value);
    branches.set(key, branch);
  }
  return [...branches.values()].flatMap(({ values, rules }) =>
    rules.map(({ conditions, answer }) => ({ conditions: [values.join(' or '), ...conditions], answer })),
  );
}

/** Whether two samples that differ in nothing else have different answers. */
function decides(name: string, samples: readonly Sample[]): boolean {
  const alike = grouped(samples, ({ facts }) => JSON.stringify({ ...facts, [name]: undefined }));
  return [...alike.values()].some(
    (group) =>
      new Set(group.map(({ facts }) => facts[name])).size > 1 && new Set(group.map(({ answer }) => answer)).size > 1,
  );
}

export function grouped<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
