// What is to be known of an operation of a raw document to check and write its variables and to read its answers, made once
// for each operation. GraphQL specification, September 2025, section 6.1.

import type { OperationKind } from '../../protocol/result.js';
import type { SchemaModel } from '../model/model.js';
import type { TypeRef } from '../model/type-ref.js';
import type { ResultShape } from '../scalars/result-shape.js';
import { ShapeReader } from './result-shape-of.js';
import type { DocumentTree, FragmentTree, OperationTree, TypeTree } from './tree.js';

export interface DocumentPlan {
  readonly kind: OperationKind;
  /** Undefined: it has none. */
  readonly operationName: string | undefined;
  /** Those that the operation declares, by name. */
  readonly variables: ReadonlyMap<string, DeclaredVariable>;
  readonly shape: ResultShape;
}

export interface DeclaredVariable {
  readonly type: TypeRef;
  readonly hasDefault: boolean;
}

/**
 * The plans of all operations of a document, by operation name.
 *
 * @throws ValidationError for a fragment that is not there, or that contains itself.
 */
export function plansOf(tree: DocumentTree, model: SchemaModel): ReadonlyMap<string | undefined, DocumentPlan> {
  const fragments = new Map<string, FragmentTree>();
  const operations: OperationTree[] = [];
  for (const definition of tree.definitions) {
    if (definition.kind === 'FragmentDefinition') fragments.set(definition.name.value, definition);
    else if (definition.kind === 'OperationDefinition') operations.push(definition);
  }
  const shapes = new ShapeReader(model, fragments);
  const plans = operations.map((operation): DocumentPlan => {
    const { operation: kind, name, variableDefinitions = [], selectionSet } = operation;
    const variables = variableDefinitions.map(
      ({ variable, type, defaultValue }) =>
        [variable.name.value, { type: typeRefOf(type), hasDefault: defaultValue !== undefined }] as const,
    );
    return {
      kind,
      operationName: name?.value,
      variables: new Map(variables),
      shape: shapes.read(model.roots[kind], selectionSet),
    };
  });
  return new Map(plans.map((plan) => [plan.operationName, plan]));
}

function typeRefOf(tree: TypeTree, nonNull = false): TypeRef {
  switch (tree.kind) {
    case 'NonNullType':
      return typeRefOf(tree.type, true);
    case 'ListType':
      return { list: true, of: typeRefOf(tree.type), nonNull };
    case 'NamedType':
      return { list: false, name: tree.name.value, nonNull };
  }
}
