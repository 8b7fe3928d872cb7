// What the compiler of Relay writes for operations with one scalar field that has one argument, by hand.

import type { ConcreteRequest } from 'relay-runtime';

export interface Artifact {
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly name: string;
  /** The scalar field, and its argument, which is also the variable's name. */
  readonly field: string;
  readonly argument: string;
  /** The text, or the id that stands for it where documents are persisted. */
  readonly document: { readonly text: string } | { readonly id: string };
}

const roots = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;

export function artifact({ kind, name, field, argument, document }: Artifact): ConcreteRequest {
  const argumentDefinitions = [{ defaultValue: null, kind: 'LocalArgument', name: argument }] as const;
  const selections = [
    {
      alias: null,
      args: [{ kind: 'Variable', name: argument, variableName: argument }],
      kind: 'ScalarField',
      name: field,
      storageKey: null,
    },
  ] as const;
  const common = { metadata: {}, name, operationKind: kind };
  return {
    fragment: {
      argumentDefinitions,
      kind: 'Fragment',
      metadata: null,
      name,
      selections,
      type: roots[kind],
      abstractKey: null,
    },
    kind: 'Request',
    operation: { argumentDefinitions, kind: 'Operation', name, selections },
    params:
      'id' in document
        ? { ...common, id: document.id, text: null }
        : { ...common, cacheID: name, id: null, text: document.text },
  };
}
