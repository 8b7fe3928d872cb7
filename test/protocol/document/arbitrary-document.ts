// Arbitrary executable documents, as syntax trees in the shape in which graphql-js's parser makes them.

import fc from 'fast-check';
import { type DocumentNode, type OperationDefinitionNode, parse, type StringValueNode, visit } from 'graphql';

/** The string values in a tree, in order. */
export function stringsOf(document: DocumentNode): StringValueNode[] {
  const found: StringValueNode[] = [];
  visit(document, { StringValue: (node) => void found.push(node) });
  return found;
}

const name = fc
  .oneof(
    fc.stringMatching(/^[_A-Za-z][_0-9A-Za-z]{0,5}$/),
    fc.constantFrom('query', 'mutation', 'fragment', 'type', 'on', 'constructor', '__proto__'),
  )
  .map((value) => ({ kind: 'Name', value }));
/** Fragments cannot be named "on", enum values cannot be true, false or null. */
const fragmentName = name.filter(({ value }) => value !== 'on');
const enumName = name.filter(({ value }) => !['true', 'false', 'null'].includes(value));

const character = fc.oneof(
  fc.constantFrom('"', '\\', '\n', ' ', '\t', 'a', '{', '}', '#', ',', '\ufeff', '\u0000', '\u2028', '$&', '😀', 'é'),
  fc.string({ minLength: 1, maxLength: 1, unit: 'grapheme' }),
);
const text = fc.array(character, { maxLength: 8 }).map((parts) => parts.join(''));
const lineString = text.map((value) => ({ kind: 'StringValue', value, block: false }));
/** Only values that reading a block string can give: graphql-js says which. */
const blockString = text.map((raw) => {
  const source = raw
    .replaceAll('\r', '')
    .replace(/"{3,}/g, '""')
    .replace(/["\\]+$/, '');
  return stringsOf(parse(`{ a(b: """${source}""") }`, { noLocation: true }))[0];
});
const string = fc.oneof(lineString, blockString);
const int = fc.integer().map((value) => ({ kind: 'IntValue', value: String(value) }));
const float = fc
  .constantFrom('0.0', '-1.5', '6.02e23', '1E-7', '-0e+0')
  .map((value) => ({ kind: 'FloatValue', value }));
const boolean = fc.boolean().map((value) => ({ kind: 'BooleanValue', value }));
const variable = name.map((of) => ({ kind: 'Variable', name: of }));

const optional = (node: fc.Arbitrary<unknown>) => fc.option(node, { nil: undefined });
const few = (node: fc.Arbitrary<unknown>) => fc.array(node, { maxLength: 2 });
const kind = (of: string) => fc.constant(of);

/** Values and directives. Where variables are declared, none can be used yet. */
const grammar = (...variables: fc.Arbitrary<unknown>[]) =>
  fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 2 },
      fc.oneof(
        string,
        int,
        float,
        boolean,
        ...variables,
        kind('NullValue').map((of) => ({ kind: of })),
      ),
      enumName.map((of) => ({ kind: 'EnumValue', value: of.value })),
      fc.record({ kind: kind('ListValue'), values: few(tie('value')) }),
      fc.record({
        kind: kind('ObjectValue'),
        fields: few(fc.record({ kind: kind('ObjectField'), name, value: tie('value') })),
      }),
    ),
    directives: few(fc.record({ kind: kind('Directive'), name, arguments: tie('arguments') })),
    arguments: few(fc.record({ kind: kind('Argument'), name, value: tie('value') })),
  }));
const constant = grammar();
const { directives, arguments: args } = grammar(variable);

const { type } = fc.letrec((tie) => ({
  type: fc.oneof(
    { maxDepth: 2 },
    fc.record({ kind: kind('NamedType'), name }),
    fc.record({ kind: kind('ListType'), type: tie('type') }),
    fc.record({
      kind: kind('NonNullType'),
      type: fc.oneof(
        fc.record({ kind: kind('NamedType'), name }),
        fc.record({ kind: kind('ListType'), type: tie('type') }),
      ),
    }),
  ),
}));

const { selectionSet } = fc.letrec((tie) => ({
  selectionSet: fc.record({
    kind: kind('SelectionSet'),
    selections: fc.array(tie('selection'), { minLength: 1, maxLength: 3 }),
  }),
  selection: fc.oneof(
    { maxDepth: 3 },
    fc.record({
      kind: kind('Field'),
      alias: fc.constant(undefined),
      name,
      arguments: args,
      directives,
      selectionSet: fc.constant(undefined),
    }),
    fc.record({ kind: kind('FragmentSpread'), name: fragmentName, directives }),
    fc.record({
      kind: kind('Field'),
      alias: optional(name),
      name,
      arguments: args,
      directives,
      selectionSet: optional(tie('selectionSet')),
    }),
    fc.record({
      kind: kind('InlineFragment'),
      typeCondition: optional(fc.record({ kind: kind('NamedType'), name })),
      directives,
      selectionSet: tie('selectionSet'),
    }),
  ),
}));

const description = optional(string);

const operation = fc.record({
  kind: kind('OperationDefinition'),
  description,
  operation: fc.constantFrom('query', 'mutation', 'subscription'),
  name: optional(name),
  variableDefinitions: few(
    fc.record({
      kind: kind('VariableDefinition'),
      description,
      variable,
      type,
      defaultValue: optional(constant.value),
      directives: constant.directives,
    }),
  ),
  directives,
  selectionSet,
});

const fragment = fc.record({
  kind: kind('FragmentDefinition'),
  description,
  name: fragmentName,
  typeCondition: fc.record({ kind: kind('NamedType'), name }),
  directives,
  selectionSet,
});

/** Any document with at least one operation, of every kind of node that the grammar of executable documents allows. */
export const arbitraryDocument: fc.Arbitrary<DocumentNode> = fc
  .tuple(fc.array(fc.oneof(operation, fragment), { maxLength: 2 }), operation, fc.array(fragment, { maxLength: 1 }))
  .map(
    ([before, one, after]) =>
      ({ kind: 'Document', definitions: [...before, one, ...after] }) as unknown as DocumentNode,
  );

/** Kinds and names of a tree's operations, as graphql-js sees them. */
export function operationsOf(document: DocumentNode): { kind: string; name: string | undefined }[] {
  return document.definitions
    .filter((definition): definition is OperationDefinitionNode => definition.kind === 'OperationDefinition')
    .map((definition) => ({ kind: definition.operation, name: definition.name?.value }));
}
