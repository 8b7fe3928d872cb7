// As much of a document's syntax tree as is read here, in the form that graphql-js 16 and 17 and the `gql` tags have in common.
// GraphQL specification, September 2025, section 2.

interface NameTree {
  readonly value: string;
}

export interface DocumentTree {
  readonly kind: 'Document';
  readonly definitions: readonly DefinitionTree[];
}

/** `Other`: what a schema is made of. */
export type DefinitionTree = OperationTree | FragmentTree | { readonly kind: 'Other' };

export interface OperationTree {
  readonly kind: 'OperationDefinition';
  readonly operation: 'query' | 'mutation' | 'subscription';
  readonly name?: NameTree | undefined;
  readonly variableDefinitions?: readonly VariableTree[] | undefined;
  readonly selectionSet: SelectionSetTree;
}

export interface FragmentTree {
  readonly kind: 'FragmentDefinition';
  readonly name: NameTree;
  readonly typeCondition: NamedTypeTree;
  readonly selectionSet: SelectionSetTree;
}

export interface VariableTree {
  readonly variable: { readonly name: NameTree };
  readonly type: TypeTree;
  readonly defaultValue?: unknown;
}

export type TypeTree =
  | NamedTypeTree
  | { readonly kind: 'ListType'; readonly type: TypeTree }
  | { readonly kind: 'NonNullType'; readonly type: TypeTree };

export interface NamedTypeTree {
  readonly kind: 'NamedType';
  readonly name: NameTree;
}

export interface SelectionSetTree {
  readonly selections: readonly SelectionTree[];
}

export type SelectionTree = FieldTree | InlineFragmentTree | FragmentSpreadTree;

export interface FieldTree {
  readonly kind: 'Field';
  readonly alias?: NameTree | undefined;
  readonly name: NameTree;
  readonly selectionSet?: SelectionSetTree | undefined;
}

export interface InlineFragmentTree {
  readonly kind: 'InlineFragment';
  readonly typeCondition?: NamedTypeTree | undefined;
  readonly selectionSet: SelectionSetTree;
}

export interface FragmentSpreadTree {
  readonly kind: 'FragmentSpread';
  readonly name: NameTree;
  /** Where it stands in the text, where the tree knows. */
  readonly loc?: { readonly startToken?: { readonly line: number; readonly column: number } | undefined } | undefined;
}
