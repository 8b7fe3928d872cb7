// Makes operations of selections: checked against the schema, with a variable for each value, and built once for each form of
// selection, whatever the values are.

import { OptionError } from '../../protocol/errors/option-error.js';
import { describe } from '../../protocol/options.js';
import { type Problem, ValidationError } from '../errors/validation-error.js';
import type { ScalarCodecs } from '../scalars/codec.js';
import { encodeVariables } from '../scalars/encode.js';
import type { Schema } from '../schema.js';
import { guarded } from '../selection/guarded.js';
import { isName } from '../selection/names.js';
import type { OperationNode } from '../selection/nodes.js';
import { isSameValue } from '../selection/same-value.js';
import type { BoundOperation, BoundValue, BuiltOperation } from './bound-operation.js';
import { printDefaults } from './default-values.js';
import { Flattener } from './flatten.js';
import { findOverlaps } from './overlaps.js';
import { printDocument, printOperation } from './print.js';
import { Problems } from './problems.js';
import { resolve } from './resolve.js';
import { checkRootFields, nameAfter } from './root-fields.js';
import { ShapeMaker } from './shape.js';
import { structureOf } from './structure.js';
import { type DocumentVariable, makeVariables } from './variables.js';

/** So many documents are kept; the one that was not used for the longest time goes first. */
const mostKept = 1_000;

/** A document, and where the values of its variables come from. */
interface Form {
  readonly built: BuiltOperation;
  readonly variables: readonly DocumentVariable[];
}

/** Builds the operations of one schema. */
export class OperationBuilder {
  readonly #schema: Schema;
  readonly #codecs: ScalarCodecs;
  /** By structure, the one used last at the end. */
  readonly #forms = new Map<string, Form>();

  /** @param codecs What writes the defaults of variables. */
  constructor(schema: Schema, codecs: ScalarCodecs = {}) {
    this.#schema = schema;
    this.#codecs = codecs;
  }

  /**
   * A document for the operation, and the values of its variables, which are not checked yet. The same `built` for operations
   * that differ in nothing but values.
   *
   * @throws ValidationError with everything that the schema does not allow; ScalarError where a codec cannot write a default.
   * @throws SchemaError where it has no root for the operation; OptionError for a name that is none.
   */
  build(operation: OperationNode): BoundOperation {
    const { name } = operation;
    if (name !== undefined && !isName(name)) {
      throw new OptionError('operationName', `An operation's name must be a GraphQL name; it is ${describe(name)}.`);
    }
    const { key, values } = structureOf(operation);
    const form = this.#forms.get(key) ?? makeForm(this.#schema, this.#codecs, operation);
    this.#forms.delete(key);
    this.#forms.set(key, form);
    if (this.#forms.size > mostKept) this.#forgetOldest();
    return { built: form.built, values: bind(form.variables, values) };
  }

  #forgetOldest(): void {
    for (const key of this.#forms.keys()) {
      this.#forms.delete(key);
      return;
    }
  }
}

function makeForm(schema: Schema, codecs: ScalarCodecs, operation: OperationNode): Form {
  const { name, kind } = operation;
  const problems = new Problems();
  const resolved = resolve(schema, operation, problems);
  if (!problems.isEmpty) problems.addAll(valueProblems(schema, codecs, resolved.values));
  problems.finish();
  const flattener = new Flattener();
  checkRootFields(resolved, flattener, problems);
  const shared = findOverlaps(schema.model, flattener, resolved.selection, problems);
  const variables = makeVariables(resolved.slots, shared, problems);
  problems.finish();
  const defaults = printDefaults(variables, schema.model, codecs, problems);
  problems.finish();
  const operationName = name ?? nameAfter(resolved, flattener);
  const definitions = printOperation(operationName, resolved, variables, defaults);
  const document = printDocument([definitions.operation], definitions.fragments);
  const shape = new ShapeMaker(flattener).shapeOf([resolved.selection]);
  return { built: { kind, operationName, document, definitions, shape }, variables };
}

/** What is wrong with the values: it is told together with the names that are wrong. */
function valueProblems(schema: Schema, codecs: ScalarCodecs, values: readonly BoundValue[]): readonly Problem[] {
  try {
    encodeVariables(schema.model, codecs, values);
  } catch (error) {
    if (error instanceof ValidationError) return error.problems;
  }
  return [];
}

function bind(variables: readonly DocumentVariable[], values: readonly unknown[]): BoundOperation['values'] {
  return variables.map(({ name, type, defaultValue, slot, others }) => {
    const value = values[slot.index];
    for (const other of others) {
      if (guarded(other.slot.path, () => isSameValue(value, values[other.slot.index]))) continue;
      const problems = new Problems();
      problems.add(other.slot.path, other.message);
      problems.finish();
    }
    return { name, type, value, path: slot.path, hasDefault: defaultValue !== undefined };
  });
}
