// The document that somebody would write for a drawn operation who puts everything where it was drawn, and values into the
// text: nothing united, and no variables but for what decides whether something is there, which rules of `@defer` ask about.

import type { SchemaModel } from '../../../src/schema/model/model.js';
import { defaultSelection } from '../../../src/schema/selection/default-selection.js';
import type { SelectionNode } from '../../../src/schema/selection/nodes.js';
import type { DrawnArguments, DrawnDirective, DrawnOperation, DrawnSelection } from './drawn.js';

export interface NaiveDocument {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const conditions = ['skip', 'include', 'defer', 'stream'];

/** @param isWhole Answered at once, without `@defer` and `@stream`. */
export function naiveDocument(model: SchemaModel, operation: DrawnOperation, isWhole = false): NaiveDocument {
  return new NaiveWriter(model, isWhole).write(operation);
}

class NaiveWriter {
  readonly #model: SchemaModel;
  readonly #isWhole: boolean;
  readonly #fragments = new Map<string, string>();
  readonly #variables = new Map<DrawnDirective, unknown>();

  constructor(model: SchemaModel, isWhole: boolean) {
    this.#model = model;
    this.#isWhole = isWhole;
  }

  write({ kind, directives, root }: DrawnOperation): NaiveDocument {
    const end = `${this.#directives(directives)} ${this.#selection(root)}`;
    const values = [...this.#variables.values()].map((value, index) => [`if${index}`, value] as const);
    const definitions = values.map(([name]) => `$${name}: Boolean!`).join(' ');
    const head = definitions === '' ? kind : `${kind} Q(${definitions})`;
    return { text: [head + end, ...this.#fragments.values()].join('\n'), variables: Object.fromEntries(values) };
  }

  #selection(drawn: DrawnSelection): string {
    const lines = drawn.fields.map(({ name, alias, args, directives, selection, typeName }) => {
      const start = alias === undefined ? name : `${alias}: ${name}`;
      const line = `${start}${printArguments(args)}${this.#directives(directives)}`;
      if (selection === undefined) return line;
      if (selection === 'default') return `${line} ${printDefault(defaultSelection(this.#model, typeName))}`;
      return `${line} ${this.#selection(selection)}`;
    });
    for (const { on, name, directives, selection } of drawn.fragments) {
      const inner = this.#selection(selection);
      const end = this.#directives(directives);
      lines.push(name === undefined ? `...${on === undefined ? '' : ` on ${on}`}${end} ${inner}` : `...${name}${end}`);
      if (name !== undefined) this.#fragments.set(name, `fragment ${name} on ${on} ${inner}`);
    }
    return `{ ${lines.join(' ')} }`;
  }

  #directives(directives: readonly DrawnDirective[]): string {
    const left = directives.filter(({ name }) => !this.#isWhole || (name !== 'defer' && name !== 'stream'));
    return left.map((directive) => ` @${directive.name}${printArguments(this.#argumentsOf(directive))}`).join('');
  }

  /** Named fragments are written again wherever they are spread: one directive, one variable. */
  #argumentsOf(directive: DrawnDirective): DrawnArguments {
    if (!conditions.includes(directive.name)) return directive.args;
    return directive.args.map((argument) => {
      if (argument.name !== 'if') return argument;
      this.#variables.set(directive, argument.value);
      return { ...argument, literal: `$if${[...this.#variables.keys()].indexOf(directive)}` };
    });
  }
}

/** Default selections have no arguments, aliases or directives. */
export function printDefault({ fields, spreads }: SelectionNode): string {
  const lines = [
    ...fields.map(({ name, selection }) => (selection === undefined ? name : `${name} ${printDefault(selection)}`)),
    ...spreads.map(({ on, selection }) => `... on ${on} ${printDefault(selection)}`),
  ];
  return `{ ${lines.join(' ')} }`;
}

function printArguments(args: DrawnArguments): string {
  return args.length === 0 ? '' : `(${args.map(({ name, literal }) => `${name}: ${literal}`).join(', ')})`;
}
