// Where in a document of SDL each type, field, argument, value and directive is defined, by its coordinate: GraphQL's schema
// coordinates, as in `Book.title`, `Query.books(first:)` and `@cost(weight:)`.

import type { DocumentNode } from 'graphql';
import type { SourcePlace } from '../errors/schema-error.js';

/** What definitions have in common with what is defined inside them. */
interface DefinitionLike {
  readonly kind: string;
  readonly name?: { readonly value: string; readonly loc?: LocationLike | undefined } | undefined;
  readonly fields?: readonly DefinitionLike[] | undefined;
  readonly values?: readonly DefinitionLike[] | undefined;
  readonly arguments?: readonly DefinitionLike[] | undefined;
}

interface LocationLike {
  readonly startToken: SourcePlace;
}

/** Of what stands there several times, as types with extensions, the first place. */
export function placesIn({ definitions }: Pick<DocumentNode, 'definitions'>): ReadonlyMap<string, SourcePlace> {
  const places = new Map<string, SourcePlace>();
  const note = ({ name }: DefinitionLike, coordinate: string): void => {
    const start = name?.loc?.startToken;
    if (start === undefined || places.has(coordinate)) return;
    places.set(coordinate, { line: start.line, column: start.column });
  };
  const noteArguments = (definition: DefinitionLike, coordinate: string): void => {
    for (const one of definition.arguments ?? []) note(one, `${coordinate}(${one.name?.value}:)`);
  };
  // Types before their extensions, wherever they stand.
  const ordered = definitions as readonly DefinitionLike[];
  for (const definition of [...ordered.filter(isOwn), ...ordered.filter((one) => !isOwn(one))]) {
    const coordinate = `${definition.kind === 'DirectiveDefinition' ? '@' : ''}${definition.name?.value}`;
    note(definition, coordinate);
    noteArguments(definition, coordinate);
    for (const inner of [...(definition.fields ?? []), ...(definition.values ?? [])]) {
      note(inner, `${coordinate}.${inner.name?.value}`);
      noteArguments(inner, `${coordinate}.${inner.name?.value}`);
    }
  }
  return places;
}

function isOwn({ kind }: DefinitionLike): boolean {
  return !kind.endsWith('Extension');
}
