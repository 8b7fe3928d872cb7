// A variable that a program names itself: to give one value to several arguments, or a default to the document.

import { OptionError } from '../../protocol/errors/option-error.js';
import { describe, refuseUnknownOptions } from '../../protocol/options.js';
import { isName } from './names.js';
import { copied } from './plain-object.js';

/** Stands where a value stands. Made by `variable`. */
export class Variable<Value = unknown> {
  readonly name: string;
  /** Undefined: none is sent. */
  readonly value: Value | undefined;
  /** Undefined: none stands in the document. */
  readonly defaultValue: Value | undefined;

  constructor(name: string, value: Value | undefined, defaultValue?: Value | undefined) {
    this.name = name;
    this.value = value;
    this.defaultValue = copied(defaultValue);
  }
}

export interface VariableOptions<Value> {
  /**
   * What the server takes where no value is sent: it stands in the document, `$first: Int = 10`, so that another default is
   * another document; lists, plain objects and Dates are copied. Where there is none, an argument whose variable has no value is
   * left out.
   */
  readonly default: Value;
}

/**
 * A value under a name: wherever it stands among the arguments of one request, the document has one variable of this name.
 * Its type is that of the arguments it stands for.
 *
 * @param value Undefined, where `default` is given: the request is sent without one, and `with` may give it one later.
 * @throws OptionError for what is no GraphQL name.
 * @example
 * ```ts
 * const first = variable('first', 10);
 * await api.query({ books: { $args: { first }, title: true }, authors: { $args: { first }, name: true } });
 * ```
 */
export function variable<const Value>(name: string, value: Value): Variable<Value> & Value;
export function variable<const Value>(
  name: string,
  value: Value | undefined,
  options: VariableOptions<Value>,
): Variable<Value> & Value;
export function variable<const Value>(
  name: string,
  value: Value | undefined,
  options: Partial<VariableOptions<Value>> = {},
): Variable<Value> & Value {
  if (!isName(name))
    throw new OptionError('name', `A variable's name must be a GraphQL name; it is ${describe(name)}.`);
  refuseUnknownOptions('the options of variable()', options, ['default']);
  // For the compiler it is the value as well: it stands wherever that may stand.
  return new Variable(name, value, options.default) as Variable<Value> & Value;
}

/** Whether it counts as not given where it stands for an argument. */
export function isNothing(value: unknown): boolean {
  if (value instanceof Variable) return value.value === undefined && value.defaultValue === undefined;
  return value === undefined;
}
