// What a server would answer that tells of every field which arguments it was given: two documents that mean the same have the
// same answer.

import * as graphql from 'graphql';
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLAbstractType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNullableType,
  isAbstractType,
  isEnumType,
  isListType,
  isObjectType,
} from 'graphql';
import { PartReader } from '../../../src/protocol/incremental/part.js';
import { Whole } from '../../../src/protocol/incremental/whole.js';
import type { Result } from '../../../src/protocol/result.js';

export interface Answer {
  readonly data: unknown;
  /** How many there are depends on the order of the fields. */
  readonly hasErrors: boolean;
  /** How many came after the first; 0 where it came at once. */
  readonly laterParts: number;
}

/** In parts where the document asks for them and this graphql-js knows how; put together again as a session does it. */
export async function answer(
  schema: GraphQLSchema,
  document: DocumentNode,
  variableValues: Readonly<Record<string, unknown>>,
): Promise<Answer> {
  const result = await executor({
    schema,
    document,
    variableValues: withoutPrototypes(variableValues),
    fieldResolver: (_source, args, _context, { fieldName, returnType }) =>
      mockOf(schema, returnType, `${fieldName}(${JSON.stringify(args)})`),
  });
  if (!('initialResult' in result)) return { data: result.data, hasErrors: result.errors !== undefined, laterParts: 0 };
  const reader = new PartReader();
  const whole = new Whole();
  takePart(reader, whole, result.initialResult);
  let laterParts = 0;
  for await (const part of result.subsequentResults) {
    takePart(reader, whole, part);
    laterParts += 1;
  }
  const { data, errors } = whole.snapshot();
  return { data, hasErrors: errors !== undefined, laterParts };
}

interface Parts {
  readonly initialResult: object;
  readonly subsequentResults: AsyncIterable<object>;
}

type Executor = (args: ExecutionArgs) => ExecutionResult | Parts | Promise<ExecutionResult | Parts>;

/** Newer versions run `@defer` and `@stream` with a function of their own, and with the ordinary one they refuse the schema. */
const executor: Executor = Reflect.get(graphql, 'experimentalExecuteIncrementally') ?? graphql.execute;

function takePart(reader: PartReader, whole: Whole, result: object): void {
  const part = reader.read(JSON.parse(JSON.stringify(result)) as Result);
  const fault = typeof part === 'string' ? part : whole.add(part);
  if (fault !== undefined) throw new Error(`A part cannot be put in: ${fault}.`);
}

/** As they travel; graphql-js takes what objects inherit for fields of inputs, such as `toString`. */
function withoutPrototypes(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(values), (_key, value) => {
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.assign(Object.create(null), value)
      : value;
  });
}

function mockOf(schema: GraphQLSchema, type: GraphQLOutputType, text: string): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    return Array.from({ length: 1 + (text.length % 2) }, (_, index) =>
      mockOf(schema, nullable.ofType, `${text}${index}`),
    );
  }
  if (isAbstractType(nullable)) return { __typename: possibleType(schema, nullable, text) };
  if (isObjectType(nullable)) return { __typename: nullable.name };
  if (isEnumType(nullable)) return nullable.getValues()[0]?.value;
  switch (nullable.name) {
    case 'Int':
    case 'Float':
      return text.length;
    case 'Boolean':
      return text.length % 2 === 0;
    default:
      return text;
  }
}

function possibleType(schema: GraphQLSchema, type: GraphQLAbstractType, text: string): string | undefined {
  const types = schema.getPossibleTypes(type);
  return types[text.length % Math.max(1, types.length)]?.name;
}
