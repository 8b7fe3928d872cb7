// The rules for documents as one would first write them: every fragment is put in its place, and then it is counted. Work without
// bound, and no answer where fragments spread themselves: only for small documents.

export interface Selection {
  readonly kind: 'field' | 'inline' | 'spread';
  /** Of the field or the fragment. */
  readonly name: string;
  readonly hasAlias: boolean;
  readonly selections: readonly Selection[];
}

export interface Definition {
  readonly kind: 'operation' | 'fragment';
  readonly name: string;
  readonly selections: readonly Selection[];
}

/** The code with which a document is refused; `none` where no rule does; undefined where its fragments go round in circles. */
export type Verdict = 'DEPTH_LIMIT_EXCEEDED' | 'ALIAS_LIMIT_EXCEEDED' | 'INTROSPECTION_DISABLED' | 'none' | undefined;

export function judge(
  definitions: readonly Definition[],
  limits: { readonly depth: number; readonly aliases: number },
): Verdict {
  const operations = definitions.filter(({ kind }) => kind === 'operation');
  const whole = operations.map(({ selections }) => inPlace(selections, definitions, []));
  if (whole.includes(undefined)) return undefined;
  const trees = whole.map((tree) => tree ?? []);
  if (trees.some((tree) => depthOf(tree) > limits.depth)) return 'DEPTH_LIMIT_EXCEEDED';
  if (trees.some((tree) => aliasesOf(tree) > limits.aliases)) return 'ALIAS_LIMIT_EXCEEDED';
  if (definitions.some(({ selections }) => asksAboutSchema(selections))) return 'INTROSPECTION_DISABLED';
  return 'none';
}

/** Undefined where a fragment is met inside itself. */
function inPlace(
  selections: readonly Selection[],
  definitions: readonly Definition[],
  inside: readonly string[],
): readonly Selection[] | undefined {
  const placed: Selection[] = [];
  for (const selection of selections) {
    const isSpread = selection.kind === 'spread';
    if (isSpread && inside.includes(selection.name)) return undefined;
    // Of several with one name, which no valid document has, the last one counts; one that is missing counts nothing.
    const fragment = definitions.findLast(({ kind, name }) => kind === 'fragment' && name === selection.name);
    const below = isSpread ? (fragment?.selections ?? []) : selection.selections;
    const tree = inPlace(below, definitions, isSpread ? [...inside, selection.name] : inside);
    if (tree === undefined) return undefined;
    placed.push({ ...selection, selections: tree });
  }
  return placed;
}

function depthOf(tree: readonly Selection[]): number {
  return Math.max(
    0,
    ...tree.map(({ kind, name, selections }) => {
      if (kind !== 'field') return depthOf(selections);
      return name.startsWith('__') ? 0 : 1 + depthOf(selections);
    }),
  );
}

function aliasesOf(tree: readonly Selection[]): number {
  return tree.reduce((sum, { hasAlias, selections }) => sum + (hasAlias ? 1 : 0) + aliasesOf(selections), 0);
}

function asksAboutSchema(selections: readonly Selection[]): boolean {
  return selections.some(
    ({ kind, name, selections: below }) =>
      (kind === 'field' && (name === '__schema' || name === '__type')) || (kind !== 'spread' && asksAboutSchema(below)),
  );
}
