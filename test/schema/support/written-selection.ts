// A drawn operation as a program would write it, in any of the forms that there are.

import { Fields, fields } from '../../../src/schema/selection/fields.js';
import { type Fragment, fragment } from '../../../src/schema/selection/fragment.js';
import { responseName } from '../../../src/schema/selection/nodes.js';
import { variable } from '../../../src/schema/selection/variable.js';
import type { Choices } from './choices.js';
import {
  type DrawnArgument,
  type DrawnArguments,
  type DrawnDirective,
  type DrawnField,
  type DrawnFragment,
  type DrawnOperation,
  type DrawnSelection,
  isOfOneType,
} from './drawn.js';

type Written = Record<string, unknown>;

/** Written with the same choices it is the same. */
export function writeOperation(operation: DrawnOperation, from: Choices): unknown {
  return new SelectionWriter(from).operation(operation);
}

class SelectionWriter {
  readonly #from: Choices;
  readonly #fragments = new Map<string, Fragment>();
  /** By name, with what each was made for. */
  readonly #variables = new Map<string, { readonly argument: DrawnArgument; readonly variable: unknown }>();
  /** What is repeated takes the same values, not others that mean the same. */
  readonly #written = new Map<string, Written>();

  constructor(from: Choices) {
    this.#from = from;
  }

  operation({ directives, root }: DrawnOperation): unknown {
    return directives.length === 0
      ? this.#selection(root)
      : { $directives: this.#directives(directives), ...this.#owned(root) };
  }

  #selection(drawn: DrawnSelection): unknown {
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

  #value(field: DrawnField): unknown {
    const { args, directives, selection } = field;
    const isPlain = args.length === 0 && directives.length === 0;
    if (isPlain) return selection === undefined || selection === 'default' ? true : this.#selection(selection);
    const inner = selection === undefined || selection === 'default' ? {} : this.#owned(selection);
    const values = this.#repeatable(args, responseName(field));
    return { $args: values, $directives: this.#directives(directives), ...inner };
  }

  /** As an object, which can have arguments and directives beside it. */
  #owned(selection: DrawnSelection): Written {
    const inner = this.#selection(selection);
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
      if (directives.length === 0) return this.#selection(selection);
      return { $directives: this.#directives(directives), ...this.#owned(selection) };
    }
    let known = this.#fragments.get(name);
    if (known === undefined) {
      known = fragment(name, on ?? '', this.#selection(selection));
      this.#fragments.set(name, known);
    }
    return directives.length === 0 ? known : { $directives: this.#directives(directives), $spread: [known] };
  }

  #directives(directives: readonly DrawnDirective[]): Written {
    const written: Record<string, unknown[]> = {};
    for (const { name, args } of directives) {
      if (!Object.hasOwn(written, name)) written[name] = [];
      written[name]?.push(args.length === 0 && this.#from.rarely(2) ? true : this.#values(args));
    }
    return Object.fromEntries(
      Object.entries(written).map(([name, [first, ...others]]) => [
        name,
        others.length > 0 ? [first, ...others] : first,
      ]),
    );
  }

  #repeatable(args: DrawnArguments, response: string): Written {
    const key = [response, ...args.map(({ name, literal }) => `${name}: ${literal}`)].join(' ');
    const values = this.#written.get(key) ?? this.#values(args);
    this.#written.set(key, values);
    return values;
  }

  #values(args: DrawnArguments): Written {
    // Labels stand in the document, and no variable for them.
    const hasLabel = args.some(({ name, type }) => name === 'label' && type?.list === false && type.name === 'String');
    return hasLabel || !this.#from.rarely(2) ? valuesOf(args) : this.#withVariables(args);
  }

  #withVariables(args: DrawnArguments): Written {
    return Object.fromEntries(args.map((argument) => [argument.name, this.#variable(argument)]));
  }

  /** One that stands for the same value already, or a new one under a name that the builder may want for its own. */
  #variable(argument: DrawnArgument): unknown {
    const same = [...this.#variables.values()].find((one) => isShareable(one.argument, argument));
    if (same !== undefined && !this.#from.rarely(4)) return same.variable;
    const { name, value } = argument;
    let called = this.#variables.size === 0 ? name : `${name}_${this.#variables.size + 1}`;
    while (this.#variables.has(called)) called += '_';
    const made = this.#from.rarely(4)
      ? variable(called, undefined, { default: value })
      : variable(called, this.#nested(value));
    this.#variables.set(called, { argument, variable: made });
    return made;
  }

  /** A variable inside of a value is nothing but its own value. */
  #nested(value: unknown): unknown {
    if (!Array.isArray(value) || value.length === 0 || !this.#from.rarely(2)) return value;
    const [first, ...others] = value;
    return [variable('inside', first), ...others];
  }
}

/** Whether one variable can stand for both. */
function isShareable(one: DrawnArgument, other: DrawnArgument): boolean {
  return one.literal === other.literal && !!one.type && !!other.type && isOfOneType(one.type, other.type);
}

function keyOf({ alias, name }: DrawnField): string {
  return alias === undefined ? name : `${alias}: ${name}`;
}

function valuesOf(args: DrawnArguments): Written {
  return Object.fromEntries(args.map(({ name, value }) => [name, value]));
}

/** Whether one object can have all of them. */
function isFreeOfRepetition(fragments: readonly DrawnFragment[]): boolean {
  const types = fragments.flatMap(({ on, name }) => (name === undefined && on !== undefined ? [on] : []));
  return new Set(types).size === types.length;
}
