// Random operations of a schema. Most are valid; one thing in them can be made wrong.

import type { OperationKind } from '../../../src/protocol/result.js';
import {
  type CompositeModel,
  type FieldModel,
  type InputModel,
  isComposite,
  isRequired,
  type SchemaModel,
} from '../../../src/schema/model/model.js';
import { namedTypeOf, type TypeRef } from '../../../src/schema/model/type-ref.js';
import { responseName } from '../../../src/schema/selection/nodes.js';
import { type DrawnValue, drawValue } from './arbitrary-value.js';
import type { Choices } from './choices.js';
import {
  type DrawnArgument,
  type DrawnArguments,
  type DrawnField,
  type DrawnFragment,
  type DrawnOperation,
  type DrawnSelection,
  type Fault,
  isOfOneType,
} from './drawn.js';
import { DirectiveDrawer, knowsIncremental } from './drawn-directives.js';
import { Mistake } from './mistake.js';

const mostLevels = 3;

/** What a selection is drawn for. */
interface Place {
  readonly level: number;
  /** In the root selection of a mutation or subscription, its fragments included. */
  readonly isRoot: boolean;
  readonly isFragment: boolean;
  /** What has been selected of the same object. */
  readonly beside: DrawnField[];
}

export function drawOperation(
  model: SchemaModel,
  kind: OperationKind,
  from: Choices,
  fault: Fault | undefined,
): DrawnOperation {
  const { directives, root } = new OperationDrawer(model, kind, from, fault).draw();
  return { kind, directives, root, fault };
}

class OperationDrawer {
  readonly #model: SchemaModel;
  readonly #kind: OperationKind;
  readonly #from: Choices;
  readonly #mistake: Mistake;
  readonly #directives: DirectiveDrawer;
  readonly #types: readonly CompositeModel[];
  readonly #fragments: DrawnFragment[] = [];
  readonly #given: DrawnArgument[] = [];
  /** What has been selected of the objects that a field gives, however often it is repeated; by its arguments. */
  readonly #within = new Map<DrawnArguments, DrawnField[]>();
  #named = 0;
  #aliases = 0;

  constructor(model: SchemaModel, kind: OperationKind, from: Choices, fault: Fault | undefined) {
    this.#model = model;
    this.#kind = kind;
    this.#from = from;
    this.#mistake = new Mistake(fault, from);
    this.#directives = new DirectiveDrawer({ model, from, mistake: this.#mistake, kind }, (known) => this.#args(known));
    this.#types = [...model.types.values()].filter(isComposite);
  }

  draw(): Pick<DrawnOperation, 'directives' | 'root'> {
    const place = { mayBeSkipped: false, isList: false, isRoot: false, isRepeated: false };
    const directives = this.#directives.draw({ location: this.#kind.toUpperCase(), ...place });
    return { directives, root: this.#root() };
  }

  #root(): DrawnSelection {
    const type = this.#types.find(({ name }) => name === this.#model.roots[this.#kind])!;
    const place: Place = { level: 0, isRoot: this.#kind !== 'query', isFragment: false, beside: [] };
    if (this.#kind !== 'subscription') return this.#selection(type, place);
    const twice = this.#mistake.isMade('typename') ? [leaf('__typename')] : [];
    return { type: type.name, fields: [this.#field(type, place), ...twice], fragments: [] };
  }

  #selection(type: CompositeModel, place: Place): DrawnSelection {
    const fields = Array.from({ length: this.#from.from(1, 3) }, () => this.#field(type, place));
    const fragments =
      place.level < mostLevels && this.#from.rarely(3)
        ? Array.from({ length: this.#from.from(1, 2) }, () => this.#fragment(type, place))
        : [];
    return { type: type.name, fields, fragments };
  }

  #field(type: CompositeModel, place: Place): DrawnField {
    const known = type.kind === 'union' ? [] : [...type.fields.values()];
    const isSubscribed = place.isRoot && this.#kind === 'subscription';
    const repeated = this.#repeated(place);
    const same = known.find(({ name }) => name === repeated?.name);
    if (repeated !== undefined && same !== undefined) return this.#again(repeated, same, place);
    const isOther = known.length === 0 || (this.#from.rarely(12) && !isSubscribed);
    if (isOther) return leaf('__typename');
    const chosen = this.#from.pick(known);
    const alias = this.#alias(chosen, place);
    const isRepeated = alias === undefined || place.beside.some((one) => responseName(one) === alias);
    const within: DrawnField[] = [];
    const field: DrawnField = {
      name: this.#mistake.isMade('field') ? `${chosen.name}X` : chosen.name,
      alias,
      args: this.#args(chosen.args),
      directives: this.#ofField(chosen, place, isRepeated),
      selection: this.#inner(chosen, type, place, within),
      typeName: namedTypeOf(chosen.type),
    };
    this.#within.set(field.args, within);
    if (knowsIncremental || !field.directives.some(({ name }) => name === 'stream')) place.beside.push(field);
    return field;
  }

  /** Mostly between fragments: what clashes in one selection is found before. */
  #mayClash({ isFragment }: Place): boolean {
    return isFragment || this.#from.rarely(4);
  }

  #repeated(place: Place): DrawnField | undefined {
    const { beside } = place;
    const isWrong = this.#mistake.is('values') && this.#mayClash(place);
    const fields = isWrong ? beside.filter(({ args }) => args.length > 0) : beside;
    return fields.length > 0 && this.#from.rarely(isWrong ? 2 : 4) ? this.#from.pick(fields) : undefined;
  }

  /** The same field of the same object once more, with something else selected of it. */
  #again(field: DrawnField, model: FieldModel, place: Place): DrawnField {
    const [first, ...others] = field.args;
    const isOther = first?.type !== undefined && this.#mayClash(place) && this.#mistake.isMade('values');
    return {
      ...field,
      args: isOther ? [{ ...first, ...drawValue(this.#model, first.type!, this.#from) }, ...others] : field.args,
      directives: this.#ofField(model, place, true),
      selection: this.#inner(model, undefined, place, this.#within.get(field.args) ?? []),
      typeName: namedTypeOf(model.type),
    };
  }

  #ofField({ type }: FieldModel, { isRoot }: Place, isRepeated: boolean): DrawnField['directives'] {
    const mayBeSkipped = !(isRoot && this.#kind === 'subscription');
    return this.#directives.draw({ location: 'FIELD', mayBeSkipped, isList: type.list, isRoot, isRepeated });
  }

  /** Mostly unique: fields of one name in the answer seldom fit together by chance. */
  #alias({ name, type }: FieldModel, place: Place): string | undefined {
    if (place.beside.length > 0 && this.#mayClash(place) && this.#mistake.isMade('alias')) {
      // Of one type they differ in nothing but what they are.
      const alike = place.beside.filter((one) => one.name !== name && one.typeName === namedTypeOf(type));
      return responseName(this.#from.pick(alike.length > 0 ? alike : place.beside));
    }
    if (this.#from.rarely(4)) return undefined;
    this.#aliases += 1;
    return `${name}_${this.#aliases}`;
  }

  /** @param parent What has the field; braces may stand after a leaf of it. */
  #inner(
    { type }: FieldModel,
    parent: CompositeModel | undefined,
    { level }: Place,
    beside: DrawnField[],
  ): DrawnField['selection'] {
    const inner = this.#model.types.get(namedTypeOf(type));
    if (!isComposite(inner)) {
      const isWrong = parent !== undefined && this.#mistake.isMade('braces');
      return isWrong ? { type: parent.name, fields: [leaf('__typename')], fragments: [] } : undefined;
    }
    if (level >= mostLevels || this.#from.rarely(3)) return 'default';
    return this.#selection(inner, { level: level + 1, isRoot: false, isFragment: false, beside });
  }

  #fragment(parent: CompositeModel, place: Place): DrawnFragment {
    const possible = possibleTypes(parent);
    const isFitting = (type: CompositeModel) =>
      type === parent || possibleTypes(type).some((name) => possible.includes(name));
    const fitting = this.#types.filter(isFitting);
    const strange = this.#types.filter((type) => !isFitting(type));
    let type = this.#from.rarely(4) ? undefined : this.#from.pick(fitting);
    if (strange.length > 0 && this.#mistake.isMade('elsewhere')) type = this.#from.pick(strange);
    const known = this.#fragments.find(({ on }) => on === type?.name);
    // What is deferred inside of it is refused in a root, which only newer versions of graphql-js know.
    if (known !== undefined && (knowsIncremental || !place.isRoot) && this.#from.rarely(2)) {
      return { ...known, directives: this.#ofFragment('FRAGMENT_SPREAD', place) };
    }
    const isNamed = type !== undefined && this.#from.rarely(3);
    if (isNamed) this.#named += 1;
    const drawn: DrawnFragment = {
      on: type !== undefined && this.#mistake.isMade('condition') ? this.#from.pick(['Nobody', 'Int']) : type?.name,
      name: isNamed ? `F${this.#named}` : undefined,
      directives: this.#ofFragment(isNamed ? 'FRAGMENT_SPREAD' : 'INLINE_FRAGMENT', place),
      selection: this.#selection(type ?? parent, { ...place, level: place.level + 1, isFragment: true }),
    };
    if (isNamed) this.#fragments.push(drawn);
    return drawn;
  }

  #ofFragment(location: string, { isRoot }: Place): DrawnFragment['directives'] {
    return this.#directives.draw({ location, mayBeSkipped: true, isList: false, isRoot, isRepeated: false });
  }

  #args(known: ReadonlyMap<string, InputModel>): DrawnArguments {
    const required = [...known.values()].filter(isRequired);
    const left = required.length > 0 && this.#mistake.isMade('required') ? required[0] : undefined;
    const given = [...known.values()].filter((input) => input !== left && (isRequired(input) || this.#from.rarely(2)));
    const args = given.map(({ name, type }): DrawnArgument => ({ ...this.#value(type), name, type }));
    this.#given.push(...args);
    const unknown = { name: 'unknownArgument', type: undefined, value: 1, literal: '1' };
    return this.#mistake.isMade('argument') ? [...args, unknown] : args;
  }

  /** Often one that is there already, so that a variable can stand for both. */
  #value(type: TypeRef): DrawnValue {
    const known = this.#given.find((one) => one.type && isOfOneType(one.type, type) && !one.literal.includes('null'));
    return known !== undefined && this.#from.rarely(2) ? known : drawValue(this.#model, type, this.#from);
  }
}

function leaf(name: string): DrawnField {
  return { name, alias: undefined, args: [], directives: [], selection: undefined, typeName: 'String' };
}

function possibleTypes(type: CompositeModel): readonly string[] {
  return type.kind === 'object' ? [type.name] : type.possible;
}
