// Builds the requests of an API: selections become documents, arguments become variables, checked and encoded on the way.

import { describe, refuseUnknownOptions } from '../../protocol/options.js';
import type { OperationKind } from '../../protocol/result.js';
import { suggestionsFor } from '../../protocol/suggestions.js';
import type { BoundValue, BoundVariable } from '../build/bound-operation.js';
import { OperationBuilder } from '../build/operation-builder.js';
import { type Problem, ValidationError } from '../errors/validation-error.js';
import { hasMembers } from '../members.js';
import { printTypeRef } from '../model/type-ref.js';
import type { ScalarCodecs } from '../scalars/codec.js';
import { encodeVariables } from '../scalars/encode.js';
import type { Schema } from '../schema.js';
import { guarded } from '../selection/guarded.js';
import type { FieldNode, OperationNode, SelectionNode } from '../selection/nodes.js';
import { readArguments } from '../selection/read-arguments.js';
import { readOperation, readSelection } from '../selection/read-selection.js';
import type { FieldArguments, RequestOptions } from './api.js';
import { BuiltRequest, type RequestOrigin } from './api-request.js';
import type { Decoders } from './decoders.js';
import { Reading } from './reading.js';

export class Requests {
  readonly #schema: Schema;
  readonly #codecs: ScalarCodecs;
  readonly #builder: OperationBuilder;
  readonly #decoders: Decoders;

  constructor(schema: Schema, codecs: ScalarCodecs, decoders: Decoders) {
    this.#schema = schema;
    this.#codecs = codecs;
    this.#decoders = decoders;
    this.#builder = new OperationBuilder(schema, codecs);
  }

  /** Of one root field, whose value is what running it gives. */
  ofField(
    kind: OperationKind,
    name: string,
    args: FieldArguments | undefined,
    selection: unknown,
    options: RequestOptions | undefined,
  ): BuiltRequest {
    const root: SelectionNode = { fields: [fieldNode(kind, name, args, selection)], spreads: [] };
    return this.#build({ kind, name: options?.operationName, selection: root, directives: [] }, name, options);
  }

  /** Of any number of root fields. */
  ofSelection(kind: OperationKind, selection: unknown, options: RequestOptions | undefined): BuiltRequest {
    return this.#build(readOperation(kind, options?.operationName, selection), undefined, options);
  }

  #build(node: OperationNode, field: string | undefined, options: RequestOptions | undefined): BuiltRequest {
    const { built, values } = this.#builder.build(node);
    const decoder = this.#decoders.of(built.shape);
    const origin: RequestOrigin = {
      reading: field === undefined && decoder === undefined ? undefined : new Reading(field, decoder),
      encode: (given) => this.#encode(values, given),
      operationAs: (name) => this.#builder.build({ ...node, name }).built,
      among: [],
    };
    const variables = encodeVariables(this.#schema.model, this.#codecs, values);
    return new BuiltRequest(
      {
        kind: node.kind,
        document: built.document,
        variables,
        operationName: built.operationName,
        extensions: options?.extensions,
      },
      origin,
    );
  }

  #encode(
    known: readonly BoundVariable[],
    given: Readonly<Record<string, unknown>>,
  ): Readonly<Record<string, unknown>> {
    const problems: Problem[] = [];
    const values: BoundValue[] = [];
    for (const [name, value] of guarded(['variables'], () => Object.entries(given))) {
      const bound = known.find((one) => one.name === name);
      const path = ['variables', name];
      if (bound === undefined) {
        const names = known.map((one) => one.name);
        const message = `The document has no variable "${name}".`;
        problems.push({ message, path, suggestions: suggestionsFor(name, names) });
      } else if (value === undefined && bound.type.nonNull && !bound.hasDefault) {
        const message = `It cannot be left out: its type is ${printTypeRef(bound.type)}.`;
        problems.push({ message, path, suggestions: [] });
      } else {
        values.push({ ...bound, value, path });
      }
    }
    const [first, ...others] = problems;
    if (first !== undefined) throw new ValidationError([first, ...others]);
    return encodeVariables(this.#schema.model, this.#codecs, values);
  }
}

function fieldNode(kind: OperationKind, name: string, args: FieldArguments | undefined, selection: unknown): FieldNode {
  // As it would stand among several, so that directives on the field itself are read too.
  const [field] = readSelection({ [name]: selection === undefined ? true : selection }, [kind]).fields;
  if (field === undefined) throw refusal('Nothing is selected here.', [kind, name]);
  if (field.args !== undefined) {
    throw refusal('"$args" is for fields within a selection: the arguments of this one come first, before it.', [
      kind,
      name,
    ]);
  }
  return { ...field, args: args === undefined ? undefined : rootArguments(args, [kind, name]) };
}

function rootArguments(args: FieldArguments, path: string[]): FieldArguments {
  return guarded(path, () => {
    if (hasMembers(args)) return readArguments(args, path);
    throw refusal(
      `Arguments come first, as an object of values by name; this is ${describe(args)}. Where there are none, {} stands before the selection.`,
      path,
    );
  });
}

function refusal(message: string, path: readonly string[]): ValidationError {
  return new ValidationError([{ message, path, suggestions: [] }]);
}

/** Throws an OptionError for what is no option of a request that is built and not sent. */
export function refuseRequestOptions(options: RequestOptions | undefined): void {
  if (options !== undefined) refuseUnknownOptions('the options of a request', options, ['operationName', 'extensions']);
}
