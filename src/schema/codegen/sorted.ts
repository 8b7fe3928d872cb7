// The one order of everything in a generated module: by name, whatever the case, so that it is the same wherever it is written
// and whatever order a server tells its types in.

export function sorted<Named extends { readonly name: string }>(named: Iterable<Named>): readonly Named[] {
  return [...named].sort((one, other) => byName(one.name, other.name));
}

export function sortedNames(names: Iterable<string>): readonly string[] {
  return [...names].sort(byName);
}

function byName(one: string, other: string): number {
  const [first, second] = [one.toLowerCase(), other.toLowerCase()];
  if (first !== second) return first < second ? -1 : 1;
  return one < other ? -1 : 1;
}
