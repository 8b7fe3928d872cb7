// Prints the syntax tree of an executable document, as graphql-js and everything built on it makes one, to text that parses
// to the same tree: GraphQL specification, September 2025, section 2. Compact, on one line: it is made for the wire.

import { DocumentError } from '../errors/document-error.js';
import { describe } from '../options.js';

/**
 * How each kind of node is written: parts between bars, each one member of the node and the text around it. A part whose
 * member is missing or an empty list is left out; a part without a member is always written.
 */
const shapes: Readonly<Record<string, string>> = {
  Document: 'definitions',
  OperationDefinition: 'description |operation| name|(variableDefinitions)| directives| selectionSet',
  FragmentDefinition: 'description |fragment name|(variableDefinitions)| on typeCondition| directives| selectionSet',
  VariableDefinition: 'description |variable|: type| = defaultValue| directives',
  SelectionSet: '{ selections }',
  Field: 'alias: |name|(arguments)| directives| selectionSet',
  FragmentSpread: '...name|(arguments)| directives',
  InlineFragment: '...| on typeCondition| directives| selectionSet',
  Directive: '@name|(arguments)',
  Argument: 'name|: value',
  ObjectField: 'name|: value',
  Variable: '$name',
  NamedType: 'name',
  ListType: '[type]',
  NonNullType: 'type!',
  ListValue: '[|values|]',
  ObjectValue: '{|fields|}',
  Name: 'value',
  EnumValue: 'value',
  IntValue: 'value',
  FloatValue: 'value',
  BooleanValue: 'value',
};

/** The text of a node, a list of nodes or a bare value. Throws a DocumentError for a node that no document can hold. */
export function print(node: unknown): string {
  if (Array.isArray(node)) return node.map(print).join(' ');
  if (typeof node !== 'object') return String(node ?? '');
  const members = { ...node } as Readonly<Record<string, unknown>>;
  const { kind, value, block } = members;
  if (kind === 'NullValue') return 'null';
  if (kind === 'StringValue') return printString(String(value), block === true);
  const shape: unknown = shapes[String(kind)];
  if (typeof shape !== 'string') throw new DocumentError(`A document cannot hold ${describe(kind)}. Remove it.`);
  const parts = shape.split('|').map((part) => {
    const member = /\w+(?=\W*$)/.exec(part)?.[0];
    if (member === undefined) return part;
    const text = print(members[member] ?? '');
    return text && part.replace(member, () => text);
  });
  return parts.join('');
}

function printString(value: string, block: boolean): string {
  if (!block || !fitsBlock(value)) return JSON.stringify(value);
  // A first line that is indented keeps its indentation only beside the quotes; any other needs a line of its own.
  return `"""${/^[ \t]/.test(value) ? '' : '\n'}${value.replaceAll('"""', '\\"""')}\n"""`;
}

/** Whether reading a block string, which strips blank ends and common indentation, gives the value back. */
function fitsBlock(value: string): boolean {
  const stripped = /\r|^[ \t]*\n|\n[ \t]*$|^[ \t]+$/.test(value);
  return !stripped && (/^[^ \t]|\n[^ \t\n]/.test(value) || !value.includes('\n'));
}
