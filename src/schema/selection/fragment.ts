// Named fragments: selections of one type that a document holds once, however often they are spread.

import { OptionError } from '../../protocol/errors/option-error.js';
import { describe } from '../../protocol/options.js';
import { isName } from './names.js';
import { HeldSelection, type SelectionNode } from './nodes.js';
import { readSelection } from './read-selection.js';

/**
 * A named fragment, which stands wherever a selection stands. Made by `fragment`.
 *
 * @typeParam S Its selection, as written.
 * @typeParam On The type it is on.
 */
export class Fragment<S = unknown, On extends string = string> extends HeldSelection {
  /** Never there at run time. */
  declare readonly selects?: S;
  readonly name: string;
  readonly on: On;

  constructor(name: string, on: On, selection: SelectionNode) {
    super({ fields: [], spreads: [{ on, fragmentName: name, directives: [], selection }] });
    this.name = name;
    this.on = on;
  }
}

/**
 * A named fragment. A document that spreads it has it once, at its end.
 *
 * @param name A GraphQL name other than `on`. Two different fragments of one name in one document are an error.
 * @param on The type that the fields are of; spread elsewhere, they are there only where a value is of this type.
 * @throws OptionError for names that are none; ValidationError for what is no selection.
 * @example
 * ```ts
 * const bookParts = fragment('BookParts', 'Book', { title: true, author: { name: true } });
 * await api.query.search({ text: 'sea' }, { id: true, $spread: [bookParts] });
 * ```
 */
export function fragment<const On extends string, const S>(name: string, on: On, selection: S): Fragment<S, On> {
  if (!isName(name) || name === 'on') {
    throw new OptionError('name', `A fragment's name must be a GraphQL name other than "on"; it is ${describe(name)}.`);
  }
  if (!isName(on)) throw new OptionError('on', `A fragment is on a type by its name; it is ${describe(on)}.`);
  return new Fragment(name, on, readSelection(selection, [name]));
}
