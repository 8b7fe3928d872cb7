// The one order of everything in a generated module: by name, in code units, so that it is the same wherever it is written and
// whatever order a server tells its types in.

export function sorted<Named extends { readonly name: string }>(named: Iterable<Named>): readonly Named[] {
  return [...named].sort((one, other) => (one.name < other.name ? -1 : 1));
}
