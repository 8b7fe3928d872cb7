// A variable that a program names itself, to give one value to several arguments.

import { OptionError } from '../../protocol/errors/option-error.js';
import { describe } from '../../protocol/options.js';
import { isName } from './names.js';

/** Stands where a value stands. Made by `variable`. */
export class Variable<Value = unknown> {
  readonly name: string;
  readonly value: Value;

  constructor(name: string, value: Value) {
    this.name = name;
    this.value = value;
  }
}

/**
 * A value under a name: wherever it stands among the arguments of one request, the document has one variable of this name.
 * Its type is that of the arguments it stands for.
 *
 * @throws OptionError for what is no GraphQL name.
 * @example
 * ```ts
 * const first = variable('first', 10);
 * await api.query({ books: { $args: { first }, title: true }, authors: { $args: { first }, name: true } });
 * ```
 */
export function variable<const Value>(name: string, value: Value): Variable<Value> & Value {
  if (!isName(name))
    throw new OptionError('name', `A variable's name must be a GraphQL name; it is ${describe(name)}.`);
  // For the compiler it is the value as well: it stands wherever that may stand.
  return new Variable(name, value) as Variable<Value> & Value;
}
