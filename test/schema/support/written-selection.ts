// A drawn selection as a program would write it, in any of the forms that there are.

import { Fields, fields } from '../../../src/schema/selection/fields.js';
import { type Fragment, fragment } from '../../../src/schema/selection/fragment.js';
import { variable } from '../../../src/schema/selection/variable.js';
import type { Choices } from './choices.js';
import type { DrawnArguments, DrawnField, DrawnFragment, DrawnSelection } from './drawn-selection.js';

type Written = Record<string, unknown>;

export class SelectionWriter {
  readonly #from: Choices;
  readonly #fragments = new Map<string, Fragment>();
  readonly #variables = new Set<string>();

  constructor(from: Choices) {
    this.#from = from;
  }

  write(drawn: DrawnSelection): unknown {
    const keys = drawn.fields.map(keyOf);
    const isObject = new Set(keys).size === keys.length && isFreeOfRepetition(drawn.fragments);
    if (isObject && this.#from.rarely(2)) return this.#object(drawn);
    const entries = [
      ...drawn.fields.map((field) => this.#entry(field)),
      ...drawn.fragments.map((one) => this.#fragmentsObject([one])),
    ];
    return this.#list(entries);
  }

  #list(entries: readonly unknown[]): unknown {
    const [first, ...others] = entries;
    if (others.length === 0 && this.#from.rarely(2)) return first;
    if (this.#from.rarely(3)) return fields(first).union(others);
    if (this.#from.rarely(3)) return fields(...entries);
    return this.#from.rarely(3) ? [first, undefined, others, false] : entries;
  }

  #object({ fields, fragments }: DrawnSelection): Written {
    return {
      ...Object.fromEntries(fields.map((field) => [keyOf(field), this.#value(field)])),
      ...this.#fragmentsObject(fragments),
      left: undefined,
      out: false,
    };
  }

  /** One field, in the shortest form or as an object. */
  #entry(field: DrawnField): unknown {
    const { args, directives, selection } = field;
    if (args.length > 0 || directives.length > 0) return { [keyOf(field)]: this.#value(field) };
    if (selection === undefined || selection === 'default') return keyOf(field);
    const [only, ...others] = selection.fields;
    const inner =
      only && this.#from.rarely(2) && others.length + selection.fragments.length === 0 ? this.#entry(only) : 0;
    return typeof inner === 'string' ? `${keyOf(field)}.${inner}` : { [keyOf(field)]: this.#value(field) };
  }

  #value({ alias, args, directives, selection }: DrawnField): unknown {
    const isPlain = args.length === 0 && directives.length === 0;
    if (isPlain) return selection === undefined || selection === 'default' ? true : this.write(selection);
    const inner = selection === undefined || selection === 'default' ? {} : this.#owned(selection);
    const values = isUnique(alias) && this.#from.rarely(3) ? this.#withVariables(args) : valuesOf(args);
    return { $args: values, $directives: this.#directives(directives), ...inner };
  }

  /** As an object, which can have arguments and directives beside it. */
  #owned(selection: DrawnSelection): Written {
    const inner = this.write(selection);
    const isObject = typeof inner === 'object' && !Array.isArray(inner) && !(inner instanceof Fields);
    return isObject ? (inner as Written) : { $spread: [inner] };
  }

  #fragmentsObject(fragments: readonly DrawnFragment[]): Written {
    const on: Written = {};
    const spread: unknown[] = [];
    for (const one of fragments) {
      if (one.name === undefined && one.on !== undefined) on[one.on] = this.#fragment(one);
      else spread.push(this.#fragment(one));
    }
    return {
      ...(Object.keys(on).length > 0 ? { $on: on } : {}),
      ...(spread.length > 0 ? { $spread: spread } : {}),
    };
  }

  #fragment({ name, on, directives, selection }: DrawnFragment): unknown {
    if (name === undefined) {
      if (directives.length === 0) return this.write(selection);
      return { $directives: this.#directives(directives), ...this.#owned(selection) };
    }
    let known = this.#fragments.get(name);
    if (known === undefined) {
      known = fragment(name, on ?? '', this.write(selection));
      this.#fragments.set(name, known);
    }
    return directives.length === 0 ? known : { $directives: this.#directives(directives), $spread: [known] };
  }

  #directives(directives: DrawnField['directives']): Written {
    const written: Record<string, unknown[]> = {};
    for (const { name, args } of directives) {
      if (!Object.hasOwn(written, name)) written[name] = [];
      written[name]?.push(args.length === 0 && this.#from.rarely(2) ? true : valuesOf(args));
    }
    return Object.fromEntries(
      Object.entries(written).map(([name, [first, ...others]]) => [
        name,
        others.length > 0 ? [first, ...others] : first,
      ]),
    );
  }

  /** Under names that the builder may want for its own, each for one value: an argument may be called `length_2` as well. */
  #withVariables(args: DrawnArguments): Written {
    return Object.fromEntries(
      args.map(([name, { value }]) => {
        let called = this.#variables.size === 0 ? name : `${name}_${this.#variables.size + 1}`;
        while (this.#variables.has(called)) called += '_';
        this.#variables.add(called);
        return [name, variable(called, value)];
      }),
    );
  }
}

function keyOf({ alias, name }: DrawnField): string {
  return alias === undefined ? name : `${alias}: ${name}`;
}

function isUnique(alias: string | undefined): boolean {
  return alias !== undefined && alias !== 'same';
}

function valuesOf(args: DrawnArguments): Written {
  return Object.fromEntries(args.map(([name, { value }]) => [name, value]));
}

/** Whether one object can have all of them. */
function isFreeOfRepetition(fragments: readonly DrawnFragment[]): boolean {
  const types = fragments.flatMap(({ on, name }) => (name === undefined && on !== undefined ? [on] : []));
  return new Set(types).size === types.length;
}
