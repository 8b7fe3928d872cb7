// What makes two operations one document: everything but the values. Read at every call, so that a document is built once
// for each form of selection, however often it is written out and whatever its values are.

import { ValidationError } from '../errors/validation-error.js';
import { isSameSelection } from '../selection/draft.js';
import { isName } from '../selection/names.js';
import type { DirectiveNode, OperationNode, SelectionNode, SpreadNode } from '../selection/nodes.js';
import { isNothing, Variable } from '../selection/variable.js';
import { keyOfDefault } from './default-key.js';
import { withoutVariables } from './nested-variables.js';

export interface Structure {
  /** The same for operations that are the same document. */
  readonly key: string;
  /** The value of each argument that becomes a variable, in the order in which they are met. */
  readonly values: readonly unknown[];
}

/** @throws ValidationError where two fragments have one name. */
export function structureOf(operation: OperationNode): Structure {
  const reader = new StructureReader();
  const key = reader.operation(operation);
  return { key, values: reader.values };
}

/** The arguments that are given, with what stands in the document: a variable that the program has named, or one to be made. */
export function givenArguments(
  args: Readonly<Record<string, unknown>>,
): readonly (readonly [name: string, value: unknown])[] {
  const given: [string, unknown][] = [];
  for (const name of Object.keys(args)) {
    const value = args[name];
    if (!isNothing(value)) given.push([name, value]);
  }
  return given;
}

/** Labels are part of the document: GraphQL allows no variables there. */
export function isLiteral(directive: string, argument: string): boolean {
  return argument === 'label' && (directive === 'defer' || directive === 'stream');
}

class StructureReader {
  readonly values: unknown[] = [];
  readonly #fragments = new Map<string, SpreadNode>();

  operation({ kind, name, directives, selection }: OperationNode): string {
    return `${kind} ${name ?? ''}${this.#directives(directives)}${this.#selection(selection)}`;
  }

  #selection({ defaults, fields, spreads }: SelectionNode): string {
    let key = defaults === true ? '{*' : '{';
    for (const { alias, name, args, directives, selection } of fields) {
      key += alias === undefined ? name : `${alias}:${name}`;
      if (args !== undefined) key += this.#args(args, undefined);
      if (directives.length > 0) key += this.#directives(directives);
      key += selection === undefined ? ',' : this.#selection(selection);
    }
    for (const spread of spreads) key += this.#spread(spread);
    return `${key}}`;
  }

  #spread(spread: SpreadNode): string {
    const { on, fragmentName, directives, selection } = spread;
    const start = `...${fragmentName ?? ''}${this.#directives(directives)}`;
    if (fragmentName !== undefined) {
      const known = this.#fragments.get(fragmentName);
      if (known !== undefined) return refuseOther(known, spread, start);
      this.#fragments.set(fragmentName, spread);
    }
    return `${start} ${on ?? ''}${this.#selection(selection)}`;
  }

  #directives(directives: readonly DirectiveNode[]): string {
    let key = '';
    for (const { name, args } of directives) key += `@${name}${this.#args(args, name)}`;
    return key;
  }

  #args(args: Readonly<Record<string, unknown>>, directive: string | undefined): string {
    let key = '(';
    for (const [name, value] of givenArguments(args)) {
      if (directive !== undefined && isLiteral(directive, name)) {
        key += `${name}=${typeof value === 'string' ? JSON.stringify(value) : typeof value},`;
      } else if (value instanceof Variable) {
        key += `${name}$${isName(value.name) ? value.name : ''}${keyOfDefault(withoutVariables(value.defaultValue))},`;
        this.values.push(withoutVariables(value.value));
      } else {
        key += `${name},`;
        this.values.push(withoutVariables(value));
      }
    }
    return `${key})`;
  }
}

function refuseOther(known: SpreadNode, spread: SpreadNode, start: string): string {
  const isSame = known.on === spread.on && isSameSelection(known.selection, spread.selection);
  if (isSame) return start;
  const message = `Two different fragments are named "${spread.fragmentName}": give one of them another name.`;
  throw new ValidationError([{ message, path: ['fragment', spread.fragmentName ?? ''], suggestions: [] }]);
}
