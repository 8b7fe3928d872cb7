// The document that somebody would write for a drawn selection who puts everything where it was drawn, and values into the
// text: no variables, nothing united.

import type { SchemaModel } from '../../../src/schema/model/model.js';
import { defaultSelection } from '../../../src/schema/selection/default-selection.js';
import type { SelectionNode } from '../../../src/schema/selection/nodes.js';
import type { DrawnArguments, DrawnDirective, DrawnSelection } from './drawn-selection.js';

export function naiveDocument(model: SchemaModel, kind: string, root: DrawnSelection): string {
  const fragments = new Map<string, string>();
  const selection = printSelection(model, root, fragments);
  return [`${kind} ${selection}`, ...fragments.values()].join('\n');
}

function printSelection(model: SchemaModel, drawn: DrawnSelection, fragments: Map<string, string>): string {
  const lines = drawn.fields.map(({ name, alias, args, directives, selection, typeName }) => {
    const start = `${alias === undefined ? '' : `${alias}: `}${name}${printArguments(args)}${printDirectives(directives)}`;
    if (selection === undefined) return start;
    if (selection === 'default') return `${start} ${printDefault(defaultSelection(model, typeName))}`;
    return `${start} ${printSelection(model, selection, fragments)}`;
  });
  for (const { on, name, directives, selection } of drawn.fragments) {
    const inner = printSelection(model, selection, fragments);
    if (name === undefined)
      lines.push(`...${on === undefined ? '' : ` on ${on}`}${printDirectives(directives)} ${inner}`);
    else {
      lines.push(`...${name}${printDirectives(directives)}`);
      fragments.set(name, `fragment ${name} on ${on} ${inner}`);
    }
  }
  return `{ ${lines.join(' ')} }`;
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
  return args.length === 0 ? '' : `(${args.map(([name, { literal }]) => `${name}: ${literal}`).join(', ')})`;
}

function printDirectives(directives: readonly DrawnDirective[]): string {
  return directives.map(({ name, args }) => ` @${name}${printArguments(args)}`).join('');
}
