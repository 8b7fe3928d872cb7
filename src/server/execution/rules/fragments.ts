// What the rules of this folder share. They look at a document before graphql-js validates it, so nothing holds yet: fragments
// may be missing or spread themselves. Each is looked at once, however often it is spread, so the work grows with the text alone.

import type { DocumentNode, FragmentDefinitionNode, OperationDefinitionNode, SelectionSetNode } from 'graphql';

export function operationsOf(document: DocumentNode): readonly OperationDefinitionNode[] {
  return document.definitions.filter((definition) => definition.kind === 'OperationDefinition');
}

export function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === 'FragmentDefinition') fragments.set(definition.name.value, definition);
  }
  return fragments;
}

/**
 * `measure` of a fragment's selections, taken once per name. A fragment that is missing, or that is met inside itself, counts
 * nothing: graphql-js refuses both.
 */
export function oncePerFragment(
  document: DocumentNode,
  measure: (selections: SelectionSetNode) => number,
): (name: string) => number {
  const fragments = fragmentsOf(document);
  const measured = new Map<string, number>();
  return (name) => {
    const known = measured.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    if (fragment === undefined) return 0;
    measured.set(name, 0);
    const value = measure(fragment.selectionSet);
    measured.set(name, value);
    return value;
  };
}
