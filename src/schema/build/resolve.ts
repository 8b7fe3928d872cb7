// Finds every name of an operation in the schema, and says of each that it cannot find or that cannot stand where it stands.
// GraphQL specification, September 2025, sections 5.3 (Fields), 5.5 (Fragments) and 5.2.4 (Subscription Operation Definitions).

import { suggestionsFor } from '../../protocol/suggestions.js';
import { noRoot } from '../errors/no-root.js';
import { ValidationError } from '../errors/validation-error.js';
import type { CompositeModel, SchemaModel } from '../model/model.js';
import { namedTypeOf, type TypeRef } from '../model/type-ref.js';
import type { Schema } from '../schema.js';
import { defaultSelection } from '../selection/default-selection.js';
import { unite } from '../selection/draft.js';
import { findComposite, findField, findType, possibleTypes } from '../selection/introspection.js';
import { isName } from '../selection/names.js';
import {
  byDefault,
  type FieldNode,
  type OperationNode,
  responseName,
  type SelectionNode,
  type SpreadNode,
} from '../selection/nodes.js';
import { ArgumentResolver } from './arguments.js';
import { type DirectivePlace, DirectiveResolver } from './directives.js';
import { checkIncremental } from './incremental.js';
import type { Problems } from './problems.js';
import type {
  Path,
  ResolvedField,
  ResolvedFragment,
  ResolvedOperation,
  ResolvedSelection,
  ResolvedSpread,
} from './resolved.js';

/** What is found wrong goes into `problems`; with any, the result is not to be used. */
export function resolve(schema: Schema, operation: OperationNode, problems: Problems): ResolvedOperation {
  const resolved = new Resolver(schema, operation, problems).operation();
  checkIncremental(resolved, problems);
  return resolved;
}

class Resolver {
  readonly #schema: Schema;
  readonly #model: SchemaModel;
  readonly #operation: OperationNode;
  readonly #problems: Problems;
  readonly #args: ArgumentResolver;
  readonly #directives: DirectiveResolver;
  readonly #fragments = new Map<string, ResolvedFragment>();

  constructor(schema: Schema, operation: OperationNode, problems: Problems) {
    this.#schema = schema;
    this.#model = schema.model;
    this.#operation = operation;
    this.#problems = problems;
    this.#args = new ArgumentResolver(problems);
    this.#directives = new DirectiveResolver(schema.model, problems, this.#args);
  }

  operation(): ResolvedOperation {
    const { kind, selection, directives } = this.#operation;
    const location = kind === 'query' ? 'QUERY' : kind === 'mutation' ? 'MUTATION' : 'SUBSCRIPTION';
    const place: DirectivePlace = { location, path: [kind], isList: false };
    return {
      kind,
      directives: this.#directives.resolve(directives, place),
      selection: this.#selection(selection, this.#root(), [kind]),
      fragments: [...this.#fragments.values()],
      slots: this.#args.slots,
      values: this.#args.values,
    };
  }

  #root(): CompositeModel {
    const { kind } = this.#operation;
    const name = this.#model.roots[kind];
    const type = name === undefined ? undefined : findComposite(this.#model, name);
    if (type !== undefined) return type;
    throw noRoot(kind, this.#schema);
  }

  #selection(node: SelectionNode, type: CompositeModel, path: Path): ResolvedSelection {
    const { fields, spreads } = node.defaults === true ? this.#withDefaults(node, type, path) : node;
    return {
      type,
      fields: fields.flatMap((field) => this.#field(field, type, [...path, responseName(field)]) ?? []),
      spreads: spreads.flatMap((spread, index) => this.#spread(spread, type, path, index) ?? []),
    };
  }

  #withDefaults({ fields, spreads }: SelectionNode, type: CompositeModel, path: Path): SelectionNode {
    const defaults = defaultSelection(this.#model, type.name);
    if (fields.length === 0 && spreads.length === 0) return defaults;
    try {
      // What was said comes first: the order in which its values are met stays as it was written.
      return unite({ fields, spreads }, defaults, path);
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      for (const { message, path, suggestions } of error.problems) this.#problems.add(path, message, suggestions);
      return { fields, spreads };
    }
  }

  /** Undefined: there is no such field. */
  #field(node: FieldNode, parent: CompositeModel, path: Path): ResolvedField | undefined {
    const { name, alias } = node;
    const field = findField(this.#model, parent, name);
    if (field === undefined || !isName(name) || (alias !== undefined && !isName(alias))) {
      return this.#refuseField(name, parent, path);
    }
    const { type } = field;
    const args = this.#args.resolve(node.args, field.args, {
      path,
      owner: `${parent.name}.${name}`,
      directive: undefined,
    });
    const directives = this.#directives.resolve(node.directives, {
      location: 'FIELD',
      path,
      isList: type.list,
    });
    return { parent, name, alias, type, args, directives, selection: this.#inner(node, type, parent, path), path };
  }

  #inner(node: FieldNode, type: TypeRef, parent: CompositeModel, path: Path): ResolvedSelection | undefined {
    const typeName = namedTypeOf(type);
    const inner = findType(this.#model, typeName);
    const composite = findComposite(this.#model, typeName);
    if (composite !== undefined) return this.#selection(node.selection ?? byDefault, composite, path);
    if (inner === undefined) {
      this.#problems.add(path, `The schema has no type "${typeName}", which ${parent.name}.${node.name} is of.`);
    } else if (node.selection !== undefined && !isDefault(node.selection)) {
      this.#problems.add(path, `${parent.name}.${node.name} is of type ${typeName}, which has no fields to select.`);
    }
    return undefined;
  }

  #refuseField(name: string, parent: CompositeModel, path: Path): undefined {
    const owners = possibleTypes(parent).filter(
      (typeName) => typeName !== parent.name && this.#hasField(typeName, name),
    );
    if (owners.length > 0) {
      const some = owners.slice(0, 3).join(', ');
      this.#problems.add(path, `${parent.name} has no field "${name}"; it is one of ${some}: select it in "$on".`);
      return undefined;
    }
    const known = parent.kind === 'union' ? [] : [...parent.fields.keys()];
    const hint = parent.kind === 'union' ? ' A union has none: select those of its types in "$on".' : '';
    this.#problems.addUnknown(path, `${parent.name} has no field "${name}".${hint}`, name, [...known, '__typename']);
    return undefined;
  }

  #hasField(typeName: string, name: string): boolean {
    const type = this.#model.types.get(typeName);
    return type?.kind === 'object' && type.fields.has(name);
  }

  /** Undefined: it cannot be spread here. */
  #spread(node: SpreadNode, parent: CompositeModel, path: Path, index: number): ResolvedSpread | undefined {
    const { on, fragmentName } = node;
    const inside: Path =
      fragmentName !== undefined
        ? ['fragment', fragmentName]
        : [...path, ...(on === undefined ? ['$spread', index] : ['$on', on])];
    const directives = this.#directives.resolve(node.directives, {
      location: fragmentName === undefined ? 'INLINE_FRAGMENT' : 'FRAGMENT_SPREAD',
      path: inside,
      isList: false,
    });
    const type = on === undefined ? parent : this.#condition(on, parent, inside);
    if (type === undefined) return undefined;
    if (fragmentName === undefined) {
      return { on, fragmentName, directives, selection: this.#selection(node.selection, type, inside) };
    }
    const fragment = this.#fragment(fragmentName, node.selection, type, inside);
    return { on: undefined, fragmentName, directives, selection: fragment.selection };
  }

  #fragment(name: string, node: SelectionNode, type: CompositeModel, path: Path): ResolvedFragment {
    const known = this.#fragments.get(name);
    if (known !== undefined) return known;
    if (!isName(name) || name === 'on') this.#problems.add(path, `"${name}" cannot be the name of a fragment.`);
    // Its place is that of its first spread: those inside of it come after it.
    const place: ResolvedFragment = { name, on: type.name, selection: { type, fields: [], spreads: [] } };
    this.#fragments.set(name, place);
    const fragment = { ...place, selection: this.#selection(node, type, path) };
    this.#fragments.set(name, fragment);
    return fragment;
  }

  /** The type of a condition; undefined: there is none, or no value can be of both. */
  #condition(on: string, parent: CompositeModel, path: Path): CompositeModel | undefined {
    const type = findComposite(this.#model, on);
    if (type === undefined) {
      const what = this.#model.types.has(on) ? `${on} has no fields to select.` : `The schema has no type "${on}".`;
      this.#problems.add(path, what, suggestionsFor(on, this.#typesWithin(parent)));
      return undefined;
    }
    const possible = new Set(possibleTypes(parent));
    if (type === parent || possibleTypes(type).some((name) => possible.has(name))) return type;
    const message = `${parent.name} is never of type ${on}: nothing could be selected of it.`;
    this.#problems.add(path, message, suggestionsFor(on, possible));
    return undefined;
  }

  /** Those that a value of this type can be of, and the abstract ones that some of them are of. */
  #typesWithin(parent: CompositeModel): readonly string[] {
    const possible = possibleTypes(parent);
    const interfaces = possible.flatMap((name) => {
      const type = this.#model.types.get(name);
      return type?.kind === 'object' ? type.interfaces : [];
    });
    return [...new Set([...possible, ...interfaces])];
  }
}

function isDefault({ defaults, fields, spreads }: SelectionNode): boolean {
  return defaults === true && fields.length === 0 && spreads.length === 0;
}
