// The arguments of fields and directives: which are given, which are missing, and where each value goes. GraphQL
// specification, September 2025, section 5.4.

import { suggestionsFor } from '../../protocol/suggestions.js';
import { type InputModel, isRequired } from '../model/model.js';
import { printTypeRef } from '../model/type-ref.js';
import { isName } from '../selection/names.js';
import { Variable } from '../selection/variable.js';
import type { BoundValue } from './bound-operation.js';
import { withoutVariables } from './nested-variables.js';
import type { Problems } from './problems.js';
import type { Path, ResolvedArgument, Slot } from './resolved.js';
import { givenArguments, isLiteral } from './structure.js';

/** What takes the arguments. */
export interface ArgumentOwner {
  readonly path: Path;
  /** As messages call it: `Book.title`, `"@include"`. */
  readonly owner: string;
  /** Undefined: a field. */
  readonly directive: string | undefined;
}

/** A value that the program has given no variable to. */
const unnamed = { name: undefined, defaultValue: undefined };

export class ArgumentResolver {
  /** In the order of the operation's values. */
  readonly slots: Slot[] = [];
  /** What stands in them. */
  readonly values: BoundValue[] = [];
  readonly #problems: Problems;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  resolve(
    args: Readonly<Record<string, unknown>> | undefined,
    known: ReadonlyMap<string, InputModel>,
    owner: ArgumentOwner,
  ): readonly ResolvedArgument[] {
    const given = args === undefined ? [] : givenArguments(args);
    const resolved: ResolvedArgument[] = [];
    for (const [name, value] of given) {
      const argument = this.#resolveOne(name, value, known.get(name), owner);
      if (argument !== undefined) resolved.push(argument);
      else this.#refuseUnknown(name, value, known, owner);
    }
    for (const input of known.values()) {
      if (!isRequired(input) || given.some(([name]) => name === input.name)) continue;
      const type = printTypeRef(input.type);
      this.#problems.add(
        [...owner.path, input.name],
        `The argument "${input.name}" of ${owner.owner} is required: ${type}.`,
      );
    }
    return resolved;
  }

  /** Undefined: there is no such argument. */
  #resolveOne(
    name: string,
    value: unknown,
    input: InputModel | undefined,
    { path, directive }: ArgumentOwner,
  ): ResolvedArgument | undefined {
    if (input === undefined || !isName(name)) return undefined;
    const place = [...path, name];
    if (directive !== undefined && isLiteral(directive, name)) {
      if (typeof value !== 'string' || !/^[^\p{Cc}\p{Cs}]*$/u.test(value)) {
        this.#problems.add(place, 'A label must be a text of one line: it is written into the document.');
      }
      return { name, value: JSON.stringify(typeof value === 'string' ? value : '') };
    }
    const { name: variable, defaultValue } = value instanceof Variable ? value : unnamed;
    if (variable !== undefined && !isName(variable)) this.#problems.add(place, 'A variable needs a GraphQL name.');
    const index = this.slots.length;
    const slot: Slot = {
      index,
      name,
      variable,
      defaultValue: withoutVariables(defaultValue),
      type: input.type,
      path: place,
    };
    this.slots.push(slot);
    const own = value instanceof Variable ? value.value : value;
    this.values.push({ name, type: input.type, value: withoutVariables(own), path: place });
    return { name, value: slot };
  }

  #refuseUnknown(
    name: string,
    value: unknown,
    known: ReadonlyMap<string, InputModel>,
    { path, owner }: ArgumentOwner,
  ): void {
    const suggestions = suggestionsFor(name, known.keys());
    const none = known.size === 0 ? ' It takes none.' : '';
    // Of a root field, whose selection was perhaps given in the place of its arguments.
    const isSelection = value === true && path.length === 2 && suggestions.length === 0;
    const order = isSelection ? ' Arguments come first: where there are none, {} stands before the selection.' : '';
    this.#problems.add([...path, name], `${owner} has no argument "${name}".${none}${order}`, suggestions);
  }
}
