// The text of a document, as graphql-js would print it, so that the same operation is the same text whoever made it.

import { printTypeRef } from '../model/type-ref.js';
import type { PrintedDefinitions } from './bound-operation.js';
import type {
  ResolvedArgument,
  ResolvedDirective,
  ResolvedField,
  ResolvedOperation,
  ResolvedSelection,
  ResolvedSpread,
  Slot,
} from './resolved.js';
import type { DocumentVariable } from './variables.js';

/** Arguments that make a line longer stand on lines of their own. */
const longestLine = 80;

export function printDocument(operations: readonly string[], fragments: ReadonlyMap<string, string>): string {
  return [...operations, ...fragments.values()].join('\n\n');
}

export function printOperation(
  name: string,
  { kind, directives, selection, fragments }: ResolvedOperation,
  variables: readonly DocumentVariable[],
  defaults: ReadonlyMap<string, string>,
): PrintedDefinitions {
  const printer = new Printer(variables);
  const definitions = variables.map(({ name, type }) => {
    const text = defaults.get(name);
    return `$${name}: ${printTypeRef(type)}${text === undefined ? '' : ` = ${text}`}`;
  });
  const head = `${kind} ${name}${definitions.length > 0 ? `(${definitions.join(', ')})` : ''}`;
  return {
    operation: `${head}${printer.directives(directives)} ${printer.selection(selection, '')}`,
    fragments: new Map(
      fragments.map(({ name, on, selection }) => [
        name,
        `fragment ${name} on ${on} ${printer.selection(selection, '')}`,
      ]),
    ),
  };
}

class Printer {
  readonly #names = new Map<Slot, string>();

  constructor(variables: readonly DocumentVariable[]) {
    for (const { name, slot, others } of variables) {
      for (const one of [slot, ...others.map((other) => other.slot)]) this.#names.set(one, name);
    }
  }

  /** @param indent Of the line that it starts in. */
  selection({ fields, spreads }: ResolvedSelection, indent: string): string {
    const inner = `${indent}  `;
    const lines = [
      ...fields.map((field) => inner + this.#field(field, inner)),
      ...spreads.map((spread) => inner + this.#spread(spread, inner)),
    ];
    return `{\n${lines.join('\n')}\n${indent}}`;
  }

  directives(directives: readonly ResolvedDirective[]): string {
    return directives
      .map(({ name, args }) => ` @${name}${args.length > 0 ? `(${this.#args(args).join(', ')})` : ''}`)
      .join('');
  }

  #field({ alias, name, args, directives, selection }: ResolvedField, indent: string): string {
    const start = alias === undefined ? name : `${alias}: ${name}`;
    const end = selection === undefined ? '' : ` ${this.selection(selection, indent)}`;
    return `${start}${this.#fieldArgs(args, start.length, indent)}${this.directives(directives)}${end}`;
  }

  #fieldArgs(args: readonly ResolvedArgument[], before: number, indent: string): string {
    if (args.length === 0) return '';
    const texts = this.#args(args);
    const line = `(${texts.join(', ')})`;
    if (before + line.length <= longestLine) return line;
    return `(\n${texts.map((text) => `${indent}  ${text}`).join('\n')}\n${indent})`;
  }

  #args(args: readonly ResolvedArgument[]): readonly string[] {
    return args.map(
      ({ name, value }) => `${name}: ${typeof value === 'string' ? value : `$${this.#names.get(value)}`}`,
    );
  }

  #spread({ on, fragmentName, directives, selection }: ResolvedSpread, indent: string): string {
    if (fragmentName !== undefined) return `...${fragmentName}${this.directives(directives)}`;
    const condition = on === undefined ? '' : ` on ${on}`;
    return `...${condition}${this.directives(directives)} ${this.selection(selection, indent)}`;
  }
}
