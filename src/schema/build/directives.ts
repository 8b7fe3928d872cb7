// Where directives may stand and what they take. `@defer` and `@stream` are known whatever the schema says: servers with
// incremental delivery do not always declare them. GraphQL specification, September 2025, sections 5.7 and 3.13, and the
// proposal for incremental delivery.

import type { DirectiveModel, SchemaModel } from '../model/model.js';
import { readTypeRef } from '../model/type-ref.js';
import { isName } from '../selection/names.js';
import type { DirectiveNode } from '../selection/nodes.js';
import type { ArgumentResolver } from './arguments.js';
import type { Problems } from './problems.js';
import type { Path, ResolvedDirective } from './resolved.js';

export type DirectiveLocation = 'QUERY' | 'MUTATION' | 'SUBSCRIPTION' | 'FIELD' | 'FRAGMENT_SPREAD' | 'INLINE_FRAGMENT';

/** What a directive stands on. */
export interface DirectivePlace {
  readonly location: DirectiveLocation;
  readonly path: Path;
  /** A field of a list type, which can be streamed. */
  readonly isList: boolean;
}

const incremental: ReadonlyMap<string, DirectiveModel> = new Map(
  [
    directive('defer', ['FRAGMENT_SPREAD', 'INLINE_FRAGMENT'], { if: ['Boolean!', 'true'], label: ['String'] }),
    directive('stream', ['FIELD'], { if: ['Boolean!', 'true'], label: ['String'], initialCount: ['Int!', '0'] }),
  ].map((model) => [model.name, model]),
);

export class DirectiveResolver {
  readonly #model: SchemaModel;
  readonly #problems: Problems;
  readonly #args: ArgumentResolver;
  readonly #labels = new Set<string>();

  constructor(model: SchemaModel, problems: Problems, args: ArgumentResolver) {
    this.#model = model;
    this.#problems = problems;
    this.#args = args;
  }

  resolve(nodes: readonly DirectiveNode[], place: DirectivePlace): readonly ResolvedDirective[] {
    const seen = new Set<string>();
    return nodes.flatMap(({ name, args }) => {
      const path = [...place.path, `@${name}`];
      const model = this.#model.directives.get(name) ?? incremental.get(name);
      if (model === undefined || !isName(name)) {
        const known = [...this.#model.directives.keys(), ...incremental.keys()];
        this.#problems.addUnknown(path, `The schema has no directive "@${name}".`, name, known);
        return [];
      }
      this.#check(model, args, place, path);
      if (seen.has(name) && !model.repeatable) this.#problems.add(path, `"@${name}" may stand only once in one place.`);
      seen.add(name);
      return [
        { name, args: this.#args.resolve(args, model.args, { path, owner: `"@${name}"`, directive: name }), path },
      ];
    });
  }

  #check(model: DirectiveModel, args: DirectiveNode['args'], place: DirectivePlace, path: Path): void {
    const { name, locations } = model;
    if (!locations.includes(place.location)) {
      const allowed = locations.map(wordsOf).join(', ');
      this.#problems.add(path, `"@${name}" cannot stand on ${wordsOf(place.location)}, only on: ${allowed}.`);
    }
    if (!incremental.has(name)) return;
    if (name === 'stream' && !place.isList)
      this.#problems.add(path, '"@stream" can stand only on a field that is a list.');
    if (typeof args.label !== 'string') return;
    if (this.#labels.has(args.label))
      this.#problems.add([...path, 'label'], `The label "${args.label}" is given twice.`);
    this.#labels.add(args.label);
  }
}

/** `FRAGMENT_SPREAD` as a person says it. */
function wordsOf(location: string): string {
  return location.toLowerCase().replaceAll('_', ' ');
}

function directive(
  name: string,
  locations: readonly DirectiveLocation[],
  inputs: Readonly<Record<string, readonly [type: string, defaultValue?: string]>>,
): DirectiveModel {
  const args = Object.entries(inputs).map(([name, [type, defaultValue]]) => {
    return [
      name,
      { name, type: readTypeRef(type), defaultValue, description: undefined, deprecated: undefined },
    ] as const;
  });
  return { name, description: undefined, args: new Map(args), locations, repeatable: false };
}
