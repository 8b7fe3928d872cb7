// Which arguments and variables graphql-jit reads as graphql-js does. It writes literals and defaults as JSON into the program
// that it makes, where what a custom scalar parsed is lost, and where some texts of a client would become code; it knows nothing
// of `@oneOf`. GraphQL specification, sections 3.10 and 6.4.1.

import type {
  FieldNode,
  GraphQLArgument,
  GraphQLField,
  GraphQLInputField,
  GraphQLInputType,
  GraphQLType,
  TypeNode,
  ValueNode,
} from 'graphql';
import type { OperationSource } from '../engine.js';

/** Whether the arguments that a document gives a field are literals that may be compiled, or variables. */
export function argumentsFit(of: OperationSource, field: GraphQLField<unknown, unknown>, node: FieldNode): boolean {
  return field.args.every((argument) => {
    const given = node.arguments?.find(({ name }) => name.value === argument.name)?.value;
    if (given === undefined) return defaultFits(argument);
    return given.kind === 'Variable' ? defaultFits(argument) : literalFits(of, given, argument.type);
  });
}

/** Whether graphql-jit coerces an operation's variables as graphql-js does. What it refuses, graphql-js is asked about. */
export function variablesFit(of: OperationSource): boolean {
  return (of.operation.variableDefinitions ?? []).every(({ variable, type: typeNode, defaultValue, directives }) => {
    const type = typeOf(of, typeNode);
    if (variable.name.value.startsWith('__') || (directives ?? []).length > 0 || type === undefined) return false;
    if (!valueFits(of, type, new Set())) return false;
    // It takes the default of a type that cannot be null for nothing.
    return defaultValue === undefined || (!of.graphql.isNonNullType(type) && literalFits(of, defaultValue, type));
  });
}

/**
 * A check of what clients send for variables that hold input objects; undefined where there are none. graphql-jit takes a list for
 * an object without members.
 */
export function objectCheck(of: OperationSource): ((variables: Variables | undefined) => boolean) | undefined {
  const checks = (of.operation.variableDefinitions ?? []).flatMap(({ variable, type: typeNode }) => {
    const type = typeOf(of, typeNode);
    const check = type === undefined ? undefined : checkOf(of, type);
    return check === undefined ? [] : [{ name: variable.name.value, check }];
  });
  if (checks.length === 0) return undefined;
  return (variables) => variables === undefined || checks.every(({ name, check }) => check(variables[name]));
}

type Variables = { readonly [name: string]: unknown };
type Check = (value: unknown) => boolean;

/** Undefined: no input object in it. */
function checkOf(of: OperationSource, type: GraphQLInputType): Check | undefined {
  const { graphql } = of;
  if (graphql.isNonNullType(type)) return checkOf(of, type.ofType);
  if (graphql.isListType(type)) {
    const checkItem = checkOf(of, type.ofType);
    return checkItem && ((value) => (Array.isArray(value) ? value.every(checkItem) : checkItem(value)));
  }
  if (!graphql.isInputObjectType(type)) return undefined;
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const check = checkOf(of, field.type);
    return check === undefined ? [] : [{ name: field.name, check }];
  });
  return (value) => {
    if (typeof value !== 'object' || value === null) return true;
    if (Array.isArray(value)) return false;
    return fields.every(({ name, check }) => check((value as Variables)[name]));
  };
}

function typeOf({ graphql, schema }: OperationSource, node: TypeNode): GraphQLInputType | undefined {
  const type: GraphQLType | undefined = graphql.typeFromAST(schema, node);
  return graphql.isInputType(type) ? type : undefined;
}

function valueFits(of: OperationSource, type: GraphQLInputType, within: Set<GraphQLInputType>): boolean {
  const { graphql } = of;
  if (graphql.isNonNullType(type) || graphql.isListType(type)) return valueFits(of, type.ofType, within);
  if (graphql.isScalarType(type)) return isItself(of, type);
  if (!graphql.isInputObjectType(type)) return true;
  // A type that holds itself has no end when it is compiled.
  if (type.isOneOf || within.has(type)) return false;
  within.add(type);
  const fits = Object.values(type.getFields()).every((field) => {
    const required = graphql.isNonNullType(field.type) && field.defaultValue !== undefined;
    return !required && defaultFits(field) && valueFits(of, field.type, within);
  });
  within.delete(type);
  return fits;
}

function literalFits(of: OperationSource, value: ValueNode, type: GraphQLInputType): boolean {
  const { graphql } = of;
  // A variable inside a literal that is not given would be null instead of absent.
  if (value.kind === 'Variable') return false;
  if (value.kind === 'NullValue') return true;
  if (graphql.isNonNullType(type)) return literalFits(of, value, type.ofType);
  if (graphql.isListType(type)) {
    if (value.kind === 'ListValue') return value.values.every((item) => literalFits(of, item, type.ofType));
    return literalFits(of, value, type.ofType);
  }
  if (graphql.isScalarType(type))
    return isSpecified(of, type) && (value.kind !== 'StringValue' || textFits(value.value));
  if (graphql.isEnumType(type)) return value.kind === 'EnumValue' && plain(type.getValue(value.value)?.value);
  if (value.kind !== 'ObjectValue' || type.isOneOf) return false;
  return Object.values(type.getFields()).every((field) => {
    const given = value.fields.find(({ name }) => name.value === field.name)?.value;
    return given === undefined ? defaultFits(field) : literalFits(of, given, field.type);
  });
}

/** graphql-js 17 holds defaults as literals or outer values, which graphql-jit does not coerce. */
function defaultFits(input: GraphQLArgument | GraphQLInputField): boolean {
  if ('default' in input && input.default !== undefined) return false;
  return input.defaultValue === undefined || plain(input.defaultValue);
}

/** Whether a value is the same again after it was written as JSON and read as code. */
function plain(value: unknown): boolean {
  if (typeof value === 'string') return textFits(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(plain);
  return value === null || typeof value === 'boolean';
}

/** graphql-jit marks values that JSON has no word for with texts of its own, which hold two underscores, and makes code of them. */
function textFits(text: string): boolean {
  return !text.includes('__');
}

/** A scalar with the name of a specified one must be that one: graphql-jit goes by the name. */
function isItself(of: OperationSource, scalar: GraphQLInputType & { readonly name: string }): boolean {
  return isSpecified(of, scalar) || of.graphql.specifiedScalarTypes.every(({ name }) => name !== scalar.name);
}

function isSpecified(of: OperationSource, scalar: GraphQLInputType): boolean {
  return of.graphql.specifiedScalarTypes.some((specified) => specified === scalar);
}
