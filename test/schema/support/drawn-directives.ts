// Random directives for a place in an operation: those of the schema, and `@defer` and `@stream` where it has them.

import { versionInfo } from 'graphql';
import type { OperationKind } from '../../../src/protocol/result.js';
import { type DirectiveModel, isRequired, type SchemaModel } from '../../../src/schema/model/model.js';
import { readTypeRef } from '../../../src/schema/model/type-ref.js';
import type { Choices } from './choices.js';
import type { DrawnArgument, DrawnArguments, DrawnDirective } from './drawn.js';
import type { Mistake } from './mistake.js';

/** Whether graphql-js has rules of its own for `@defer` and `@stream`; before, they are for it directives like any other. */
export const knowsIncremental: boolean = versionInfo.major >= 17;

export interface DirectivePlace {
  readonly location: string;
  /** Not that of a subscription's root field. */
  readonly mayBeSkipped: boolean;
  readonly isList: boolean;
  /** In the root selection of a mutation or subscription. */
  readonly isRoot: boolean;
  /** On a field that may be there more than once. */
  readonly isRepeated: boolean;
}

export class DirectiveDrawer {
  readonly #model: SchemaModel;
  readonly #from: Choices;
  readonly #mistake: Mistake;
  readonly #kind: OperationKind;
  readonly #args: (known: DirectiveModel['args']) => DrawnArguments;
  #labels = 0;
  #lastLabel = '';

  constructor(
    of: {
      readonly model: SchemaModel;
      readonly from: Choices;
      readonly mistake: Mistake;
      readonly kind: OperationKind;
    },
    args: (known: DirectiveModel['args']) => DrawnArguments,
  ) {
    this.#model = of.model;
    this.#from = of.from;
    this.#mistake = of.mistake;
    this.#kind = of.kind;
    this.#args = args;
  }

  draw(place: DirectivePlace): readonly DrawnDirective[] {
    return [...this.#incremental(place), ...this.#others(place)];
  }

  #others({ location, mayBeSkipped }: DirectivePlace): readonly DrawnDirective[] {
    const all = [...this.#model.directives.values()].filter(({ name }) => name !== 'defer' && name !== 'stream');
    const fits = all.filter(({ name, locations }) => {
      return locations.includes(location) && (mayBeSkipped || (name !== 'skip' && name !== 'include'));
    });
    const drawn = this.#from.rarely(4) ? this.#from.some(fits, 2) : [];
    const directives = drawn.flatMap((model) => {
      const one = (): DrawnDirective => ({ name: model.name, args: this.#args(model.args) });
      return model.repeatable && this.#from.rarely(2) ? [one(), one()] : [one()];
    });
    if (this.#mistake.isMade('directive')) return [...directives, { name: 'unknownDirective', args: [] }];
    const wrong = all.find(
      ({ locations, args }) => !locations.includes(location) && ![...args.values()].some(isRequired),
    );
    if (wrong !== undefined && this.#mistake.isMade('location')) return [...directives, { name: wrong.name, args: [] }];
    if (mayBeSkipped && this.#mistake.isMade('repeated')) {
      const twice = { name: 'include', args: [argument('if', 'Boolean!', true)] };
      return [twice, twice];
    }
    return directives;
  }

  #incremental(place: DirectivePlace): readonly DrawnDirective[] {
    const { location, isRepeated } = place;
    const name = location === 'FIELD' ? 'stream' : 'defer';
    if (!this.#model.directives.get(name)?.locations.includes(location) || !this.#isIncremental(place)) return [];
    const args: DrawnArgument[] = [];
    const isSubscribed = this.#kind === 'subscription';
    // In a subscription they stand only where they are switched off.
    const hasIf = isSubscribed ? !this.#mistake.isMade('switch') : this.#from.rarely(3);
    if (hasIf) args.push(argument('if', 'Boolean!', !isSubscribed && this.#from.rarely(2)));
    const hasLabel = isRepeated || this.#mistake.is('label') || this.#from.rarely(2);
    if (hasLabel) args.push(argument('label', 'String', this.#label(isRepeated)));
    if (name === 'stream' && this.#from.rarely(2)) args.push(argument('initialCount', 'Int!', this.#from.below(3)));
    return [{ name, args }];
  }

  #isIncremental({ location, isList, isRoot, isRepeated }: DirectivePlace): boolean {
    if (isRoot) return this.#mistake.isMade('root');
    if (location === 'FIELD' && !isList) return this.#mistake.isMade('list');
    // Selected once more, what is streamed is refused, which only newer versions of graphql-js know.
    if (location === 'FIELD' && !knowsIncremental && isRepeated) return false;
    return this.#from.rarely(this.#mistake.is('label') || this.#mistake.is('switch') ? 1 : 3);
  }

  /** What is streamed alike is one field for the builder: a field that may be there twice has a label of its own. */
  #label(isRepeated: boolean): string {
    if (this.#labels > 0 && !isRepeated && this.#mistake.isMade('label')) return this.#lastLabel;
    this.#labels += 1;
    this.#lastLabel = `${this.#from.pick(['', 'part ', '"}{ é😀'])}${this.#labels}`;
    return this.#lastLabel;
  }
}

function argument(name: string, type: string, value: string | number | boolean): DrawnArgument {
  return { name, type: readTypeRef(type), value, literal: JSON.stringify(value) };
}
