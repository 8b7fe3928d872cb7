// What of a schema one compiled operation touches, and whether it is compiled at all: what graphql-jit is known to answer
// otherwise than graphql-js is left to graphql-js. GraphQL specification, section 6.3.

import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLAbstractType,
  GraphQLField,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLScalarType,
  NamedTypeNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';
import type { OperationSource } from '../engine.js';
import { fragmentsOf } from '../rules/fragments.js';
import { argumentsFit, variablesFit } from './inputs.js';

export type Field = GraphQLField<unknown, unknown>;

export interface Plan {
  /** Fields whose resolvers are called, each with how many lists its type is wrapped in. */
  readonly fields: ReadonlyMap<Field, number>;
  readonly objects: ReadonlySet<GraphQLObjectType>;
  readonly abstracts: ReadonlySet<GraphQLAbstractType>;
  readonly scalars: ReadonlySet<GraphQLScalarType>;
}

/** How many selections an operation may have, written out: each becomes code of its own, for every type that it may meet. */
const maxSelections = 1_000;

/** Undefined: the operation is left to graphql-js. */
export function planOperation(source: OperationSource): Plan | undefined {
  const planner = new Planner(source);
  return planner.plan() ? planner : undefined;
}

/** Where in an answer a selection stands: the names that graphql-jit gives what it makes for it. */
interface Place {
  readonly path: string;
  readonly lists: number;
}

class Planner implements Plan {
  readonly fields = new Map<Field, number>();
  readonly objects = new Set<GraphQLObjectType>();
  readonly abstracts = new Set<GraphQLAbstractType>();
  readonly scalars = new Set<GraphQLScalarType>();
  readonly #source: OperationSource;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #meanings = new Map<string, string>();
  #root: GraphQLObjectType | undefined;
  #selections = 0;

  constructor(source: OperationSource) {
    this.#source = source;
    this.#fragments = fragmentsOf(source.document);
  }

  /** Whether the operation is compiled. */
  plan(): boolean {
    const { operation, schema } = this.#source;
    this.#root = schema.getRootType(operation.operation) ?? undefined;
    if (this.#root === undefined || hasDirectives(operation) || !variablesFit(this.#source)) return false;
    return this.#set(this.#root, operation.selectionSet, { path: '', lists: 0 });
  }

  #set(parent: GraphQLObjectType, { selections }: SelectionSetNode, place: Place): boolean {
    return selections.every((selection) => this.#selection(parent, selection, place));
  }

  #selection(parent: GraphQLObjectType, selection: SelectionNode, place: Place): boolean {
    this.#selections += 1;
    // Directives: a condition on a fragment that is spread twice would hold for both, and `@defer` would be nothing.
    if (this.#selections > maxSelections || hasDirectives(selection)) return false;
    if (selection.kind === 'Field') return this.#field(parent, selection, place);
    const fragment = selection.kind === 'InlineFragment' ? selection : this.#fragments.get(selection.name.value);
    if (fragment === undefined || hasDirectives(fragment)) return false;
    return !this.#applies(fragment.typeCondition, parent) || this.#set(parent, fragment.selectionSet, place);
  }

  #field(parent: GraphQLObjectType, node: FieldNode, { path, lists }: Place): boolean {
    const name = node.name.value;
    const key = node.alias?.value ?? name;
    // An object literal takes `__proto__` for something else than a name.
    if (key.startsWith('__') && key !== '__typename') return false;
    if (name === '__typename') return true;
    // Introspection is asked seldom.
    if (name.startsWith('__')) return false;
    const field: Field | undefined = parent.getFields()[name];
    if (field === undefined || !argumentsFit(this.#source, field, node)) return false;
    const own = path === '' ? key : `${key}_${path}`;
    const meaning = `${parent.name}.${name}`;
    if (!this.#means(`at ${own}`, meaning) || !this.#means(`resolver ${parent.name}${name}`, meaning)) return false;
    return this.#type(parent, field, node.selectionSet, { path: own, lists });
  }

  #type(parent: GraphQLObjectType, field: Field, selections: SelectionSetNode | undefined, place: Place): boolean {
    const { graphql, schema } = this.#source;
    let type: GraphQLOutputType = field.type;
    let { path, lists } = place;
    while (graphql.isListType(type) || graphql.isNonNullType(type)) {
      if (graphql.isListType(type)) {
        path = `idx${lists}_${path}`;
        lists += 1;
      }
      type = type.ofType;
    }
    const levels = lists - place.lists;
    const promisesInside = levels > 0 && graphql.isCompositeType(type);
    if (field.resolve !== undefined || parent === this.#root || promisesInside) this.fields.set(field, levels);
    if (graphql.isScalarType(type)) this.scalars.add(type);
    if (selections === undefined) return true;
    if (graphql.isObjectType(type)) return this.#object(type, selections, { path, lists });
    if (!graphql.isAbstractType(type)) return false;
    this.abstracts.add(type);
    return schema
      .getPossibleTypes(type)
      .every((possible) => this.#object(possible, selections, { path: `${possible.name}_${path}`, lists }));
  }

  #object(type: GraphQLObjectType, selections: SelectionSetNode, place: Place): boolean {
    // It is asked without the context.
    if (typeof type.isTypeOf === 'function') return false;
    this.objects.add(type);
    return this.#set(type, selections, place);
  }

  #applies(condition: NamedTypeNode | undefined, parent: GraphQLObjectType): boolean {
    if (condition === undefined) return true;
    const { graphql, schema } = this.#source;
    const type = schema.getType(condition.name.value);
    return type === parent || (graphql.isAbstractType(type) && schema.isSubType(type, parent));
  }

  /** False where two things would have one name in the program that is made: the second would take the place of the first. */
  #means(name: string, meaning: string): boolean {
    const known = this.#meanings.get(name);
    this.#meanings.set(name, meaning);
    return known === undefined || known === meaning;
  }
}

function hasDirectives(node: { readonly directives?: readonly unknown[] | undefined }): boolean {
  return node.directives !== undefined && node.directives.length > 0;
}
