// Random schemas with random operations of each: to make and to read a schema costs more than to build an operation of it.

import fc from 'fast-check';
import { parse, validate } from 'graphql';
import type { SchemaModel } from '../../../src/schema/model/model.js';
import { type DrawnSchema, drawnSchemaOf, drawSchema } from './arbitrary-schema.js';
import { Choices } from './choices.js';
import type { DrawnOperation, Fault } from './drawn.js';
import { drawnBy, type Smaller } from './drawn-by.js';
import { drawOperation } from './drawn-selection.js';
import { naiveDocument } from './naive-document.js';
import { smallerSchemas } from './smaller-schema.js';
import { lessOfDirectives, smallerSelections } from './smaller-selection.js';

export interface DrawnOperations extends DrawnSchema {
  readonly operations: readonly WritableOperation[];
}

export interface WritableOperation {
  readonly operation: DrawnOperation;
  /** It is written with choices out of each; undefined: in the plainest form. */
  readonly forms: readonly (number | undefined)[];
}

const kinds = ['query', 'mutation', 'subscription'] as const;
const operationsOfSchema = 6;
/** What is wrong in no query. */
const notInQueries: readonly Fault[] = ['typename', 'switch', 'root'];

/** @param faults What every other operation is made wrong by. */
export function arbitraryOperations(faults: readonly Fault[]): fc.Arbitrary<DrawnOperations> {
  return drawnBy((from) => {
    const schema = drawSchema(from, true);
    const { model } = schema.schema;
    const operations = Array.from({ length: operationsOfSchema }, () => {
      const own = new Choices(from.below(0x7fff_ffff), from.from(20, 400));
      const fault = own.rarely(2) ? own.pick(faults.filter((one) => hasPlace(model, one))) : undefined;
      const possible = kinds.filter((one) => model.roots[one] !== undefined);
      const kind = fault !== undefined && notInQueries.includes(fault) ? possible.at(-1)! : own.pick(possible);
      const operation = drawOperation(model, kind, own, fault);
      return { operation, forms: [from.below(0x7fff_ffff), from.below(0x7fff_ffff)] };
    });
    return operationsOf(schema, operations);
  }, smaller);
}

function hasPlace({ roots, directives }: SchemaModel, fault: Fault): boolean {
  const isIncremental = ['label', 'root', 'switch', 'list'].includes(fault);
  if (isIncremental && !directives.has('defer') && !directives.has('stream')) return false;
  if (fault === 'root') return roots.mutation !== undefined;
  return (fault !== 'typename' && fault !== 'switch') || roots.subscription !== undefined;
}

/** The choices for one form. */
export function choicesFor(form: number | undefined): Choices {
  return form === undefined ? new Choices(1, 0) : new Choices(form);
}

function operationsOf(
  { sdl, graphql, schema }: DrawnSchema,
  operations: readonly WritableOperation[],
): DrawnOperations {
  const toText = () => {
    const texts = operations.map(({ operation, forms }) => {
      return `${naiveDocument(schema.model, operation).text}\n# written with ${forms}`;
    });
    return [sdl, ...texts].join('\n\n');
  };
  return Object.assign({ sdl, graphql, schema, operations }, { [fc.toStringMethod]: toText });
}

/** What graphql-js says of an operation stays the same while it becomes smaller: else one failure would turn into another. */
function smaller(drawn: DrawnOperations): readonly Smaller<DrawnOperations>[] {
  const { sdl, operations } = drawn;
  const verdicts = operations.map((one) => verdictOn(drawn, one));
  return [
    ...(operations.length > 1 ? operations.map((one) => () => operationsOf(drawn, [one])) : []),
    ...operations.flatMap((one, index) =>
      [...smallerOperations(one)].map((smaller) => () => {
        const less = smaller();
        return verdictOn(drawn, less) === verdicts[index]
          ? operationsOf(drawn, operations.with(index, less))
          : undefined;
      }),
    ),
    ...smallerSchemas(sdl).map((smaller) => () => {
      const less = smaller();
      const schema = less === undefined ? undefined : drawnSchemaOf(less);
      const isSame = schema && operations.every((one, index) => verdictOn(schema, one) === verdicts[index]);
      return isSame ? operationsOf(schema, operations) : undefined;
    }),
  ];
}

/** All kinds of messages, without the names in them. */
function verdictOn({ graphql, schema }: DrawnSchema, { operation }: WritableOperation): string {
  try {
    const errors = validate(graphql, parse(naiveDocument(schema.model, operation).text));
    const kinds = errors.map(({ message }) => message.replaceAll(/"[^"]*"/g, ''));
    return [...new Set(kinds)].sort().join('\n');
  } catch {
    return 'There is no such document: the schema has lost a type whose default selection is taken.';
  }
}

function* smallerOperations({ operation, forms }: WritableOperation): Generator<() => WritableOperation> {
  if (forms.length > 1) for (const form of forms) yield () => ({ operation, forms: [form] });
  if (forms.some((form) => form !== undefined)) yield () => ({ operation, forms: [undefined] });
  for (const less of smallerSelections(operation.root)) {
    yield () => ({ operation: { ...operation, root: less() }, forms });
  }
  for (const directives of lessOfDirectives(operation.directives)) {
    yield () => ({ operation: { ...operation, directives }, forms });
  }
}
