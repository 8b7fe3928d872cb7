// Random selections of a type, as data: what a document or a program's selection is then written from. Most are valid; one
// thing in them can be made wrong.

import {
  type CompositeModel,
  type DirectiveModel,
  type InputModel,
  isComposite,
  isRequired,
  type SchemaModel,
} from '../../../src/schema/model/model.js';
import { namedTypeOf, readTypeRef } from '../../../src/schema/model/type-ref.js';
import { type DrawnValue, drawValue } from './arbitrary-value.js';
import type { Choices } from './choices.js';

export interface DrawnSelection {
  readonly type: string;
  readonly fields: readonly DrawnField[];
  readonly fragments: readonly DrawnFragment[];
}

export interface DrawnField {
  readonly name: string;
  readonly alias: string | undefined;
  readonly args: DrawnArguments;
  readonly directives: readonly DrawnDirective[];
  /** `default`: the default selection of a type with fields. */
  readonly selection: DrawnSelection | 'default' | undefined;
  readonly typeName: string;
}

export type DrawnArguments = readonly (readonly [name: string, value: DrawnValue])[];

export interface DrawnDirective {
  readonly name: string;
  readonly args: DrawnArguments;
}

export interface DrawnFragment {
  readonly on: string | undefined;
  /** Undefined: an inline one. */
  readonly name: string | undefined;
  readonly directives: readonly DrawnDirective[];
  readonly selection: DrawnSelection;
}

/** One way to make an operation wrong; each may find no place. */
export type Fault =
  | 'field'
  | 'argument'
  | 'required'
  | 'condition'
  | 'directive'
  | 'location'
  | 'repeated'
  | 'braces'
  | 'typename'
  | 'alias'
  | 'elsewhere';

const mostLevels = 3;
const flag: InputModel = {
  name: 'if',
  type: readTypeRef('Boolean!'),
  defaultValue: undefined,
  description: undefined,
  deprecated: undefined,
};

export class SelectionDrawer {
  readonly #model: SchemaModel;
  readonly #from: Choices;
  #fault: Fault | undefined;
  /** Fields before it are left as they are. */
  #faultAfter: number;
  readonly #fragments: DrawnFragment[] = [];
  #named = 0;
  #aliases = 0;

  constructor(model: SchemaModel, from: Choices, fault: Fault | undefined) {
    this.#model = model;
    this.#from = from;
    this.#fault = fault;
    this.#faultAfter = from.below(6);
  }

  /** Of the root type of a kind of operation. */
  root(kind: 'query' | 'mutation' | 'subscription'): DrawnSelection {
    const type = this.#composite(this.#model.roots[kind] ?? '');
    if (kind !== 'subscription') return this.selection(type, 0);
    const fields = [this.#field(type, 0, false), ...(this.#takes('typename') ? [this.#leaf('__typename')] : [])];
    return { type: type.name, fields, fragments: [] };
  }

  selection(type: CompositeModel, level: number): DrawnSelection {
    const fields = Array.from({ length: this.#from.from(1, 3) }, () => this.#field(type, level, true));
    const fragments =
      level < mostLevels && this.#from.rarely(3)
        ? Array.from({ length: this.#from.from(1, 2) }, () => this.#fragment(type, level))
        : [];
    return { type: type.name, fields, fragments };
  }

  #field(type: CompositeModel, level: number, mayBeSkipped: boolean): DrawnField {
    const known = type.kind === 'union' ? [] : [...type.fields.values()];
    const field = known.length === 0 || this.#from.rarely(12) ? undefined : this.#from.pick(known);
    if (field === undefined && mayBeSkipped) return this.#leaf('__typename');
    const chosen = field ?? known[0];
    if (chosen === undefined) return this.#leaf('__typename');
    const typeName = namedTypeOf(chosen.type);
    const inner = this.#model.types.get(typeName);
    const unique = !this.#from.rarely(4);
    return {
      name: this.#takes('field') ? `${chosen.name}X` : chosen.name,
      alias: this.#alias(chosen.name, unique),
      args: this.#args(chosen.args),
      directives: this.#directives('FIELD', mayBeSkipped),
      selection: isComposite(inner) ? this.#inner(inner, level) : this.#braces(type),
      typeName,
    };
  }

  /** Mostly unique: fields of one name in the answer seldom fit together by chance. */
  #alias(name: string, unique: boolean): string | undefined {
    // Not once only: it takes two to clash.
    if (this.#fault === 'alias' && this.#from.rarely(2)) return 'same';
    if (!unique) return undefined;
    this.#aliases += 1;
    return `${name}_${this.#aliases}`;
  }

  #inner(type: CompositeModel, level: number): DrawnSelection | 'default' {
    if (level >= mostLevels || this.#from.rarely(3)) return 'default';
    return this.selection(type, level + 1);
  }

  /** Braces where there is nothing to select. */
  #braces(type: CompositeModel): DrawnSelection | undefined {
    return this.#takes('braces') ? { type: type.name, fields: [this.#leaf('__typename')], fragments: [] } : undefined;
  }

  #fragment(parent: CompositeModel, level: number): DrawnFragment {
    const possible = this.#possible(parent);
    const types = [...this.#model.types.values()].filter(isComposite);
    const fitting = types.filter(
      (type) => type === parent || this.#possible(type).some((name) => possible.includes(name)),
    );
    const strange = types.filter((type) => !fitting.includes(type));
    let type = this.#from.rarely(4) || fitting.length === 0 ? undefined : this.#from.pick(fitting);
    if (strange.length > 0 && this.#takes('elsewhere')) type = this.#from.pick(strange);
    const known = this.#fragments.find(({ on }) => on === type?.name);
    if (known !== undefined && this.#from.rarely(2)) {
      return { ...known, directives: this.#directives('FRAGMENT_SPREAD', true) };
    }
    const isNamed = type !== undefined && this.#from.rarely(3);
    if (isNamed) this.#named += 1;
    const drawn: DrawnFragment = {
      on: type !== undefined && this.#takes('condition') ? this.#from.pick(['Nobody', 'Int']) : type?.name,
      name: isNamed ? `F${this.#named}` : undefined,
      directives: this.#directives(isNamed ? 'FRAGMENT_SPREAD' : 'INLINE_FRAGMENT', true),
      selection: this.selection(type ?? parent, level + 1),
    };
    if (isNamed) this.#fragments.push(drawn);
    return drawn;
  }

  #args(known: ReadonlyMap<string, InputModel>): DrawnArguments {
    const required = [...known.values()].filter(isRequired);
    const left = required.length > 0 && this.#takes('required') ? required[0] : undefined;
    const given = [...known.values()].filter((input) => input !== left && (isRequired(input) || this.#from.rarely(2)));
    const args = given.map((input): DrawnArguments[number] => {
      return [input.name, drawValue(this.#model, input.type, this.#from)];
    });
    return this.#takes('argument') ? [...args, ['unknownArgument', { value: 1, literal: '1' }]] : args;
  }

  #directives(location: string, mayBeSkipped: boolean): readonly DrawnDirective[] {
    const fits = ({ name, locations }: DirectiveModel) =>
      locations.includes(location) && (mayBeSkipped || (name !== 'skip' && name !== 'include'));
    const all = [...this.#model.directives.values()];
    const drawn = this.#from.rarely(4) ? this.#from.some(all.filter(fits), 2) : [];
    const directives = drawn.flatMap((model) => {
      const one = (): DrawnDirective => ({ name: model.name, args: this.#args(model.args) });
      return model.repeatable && this.#from.rarely(2) ? [one(), one()] : [one()];
    });
    if (this.#takes('directive')) return [...directives, { name: 'unknownDirective', args: [] }];
    const wrong = all.find(
      ({ locations, args }) => !locations.includes(location) && ![...args.values()].some(isRequired),
    );
    if (wrong !== undefined && this.#takes('location')) return [...directives, { name: wrong.name, args: [] }];
    if (mayBeSkipped && this.#takes('repeated')) {
      const twice = { name: 'include', args: [[flag.name, { value: true, literal: 'true' }]] } satisfies DrawnDirective;
      return [twice, twice];
    }
    return directives;
  }

  #leaf(name: string): DrawnField {
    return { name, alias: undefined, args: [], directives: [], selection: undefined, typeName: 'String' };
  }

  /** Whether the operation is to be made wrong here. */
  #takes(fault: Fault): boolean {
    if (this.#fault !== fault) return false;
    this.#faultAfter -= 1;
    if (this.#faultAfter >= 0) return false;
    this.#fault = undefined;
    return true;
  }

  #possible(type: CompositeModel): readonly string[] {
    return type.kind === 'object' ? [type.name] : type.possible;
  }

  #composite(name: string): CompositeModel {
    const type = this.#model.types.get(name);
    if (!isComposite(type)) throw new Error(`${name} has no fields`);
    return type;
  }
}
