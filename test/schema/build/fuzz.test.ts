// Random operations over random schemas: what is built is valid and means what was written; what is refused is refused by
// graphql-js too, as the document that somebody would have written by hand.

import fc from 'fast-check';
import { type GraphQLSchema, parse, print, validate } from 'graphql';
import { expect, test } from 'vitest';
import type { BoundOperation } from '../../../src/schema/build/bound-operation.js';
import { OperationBuilder } from '../../../src/schema/build/operation-builder.js';
import { ValidationError } from '../../../src/schema/errors/validation-error.js';
import { isComposite } from '../../../src/schema/model/model.js';
import { encodeVariables } from '../../../src/schema/scalars/encode.js';
import type { ResultShape } from '../../../src/schema/scalars/result-shape.js';
import type { Schema } from '../../../src/schema/schema.js';
import { defaultSelection } from '../../../src/schema/selection/default-selection.js';
import { readOperation } from '../../../src/schema/selection/read-selection.js';
import { patienceMs } from '../../server/fuzz/support/patience.js';
import { type Answer, answer } from '../support/answering.js';
import { arbitraryOperations, choicesFor, type WritableOperation } from '../support/arbitrary-operations.js';
import { arbitrarySchema } from '../support/arbitrary-schema.js';
import type { DrawnOperation, Fault } from '../support/drawn.js';
import { knowsIncremental } from '../support/drawn-directives.js';
import { naiveDocument, printDefault } from '../support/naive-document.js';
import { writeOperation } from '../support/written-selection.js';

const faults: readonly Fault[] = [
  ...(['field', 'argument', 'required', 'condition', 'directive', 'location', 'repeated'] as const),
  ...(['braces', 'typename', 'alias', 'values', 'elsewhere'] as const),
  // Of few of these nothing else is found wrong first.
  ...(['alias', 'alias', 'alias', 'values'] as const),
  ...(knowsIncremental ? (['label', 'root', 'switch', 'switch', 'list'] as const) : []),
];
const reached = ['@defer', '@stream', ...(knowsIncremental ? ['parts'] : [])];

test('an operation is refused exactly when graphql-js refuses it; what is built is canonical and means the same in every form', {
  timeout: patienceMs,
}, async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(arbitraryOperations(faults), async ({ graphql, schema, operations }) => {
      const check = new Check(schema, graphql, seen);
      for (const one of operations) await check.operation(one);
    }),
    { numRuns: 120 },
  );
  expect(reached.filter((name) => !seen.has(name))).toEqual([]);
  // Not each finds a place in few operations.
  const kinds = [...new Set(faults)];
  expect(kinds.filter((fault) => seen.has(fault)).length).toBeGreaterThan(kinds.length / 2);
});

test('the default selection of every type of every schema is valid', { timeout: patienceMs }, () => {
  fc.assert(
    fc.property(arbitrarySchema, ({ graphql, schema }) => {
      const types = [...schema.model.types.values()].filter(isComposite);
      const texts = types.map(({ name }) => {
        return `query Q${name} { ...F${name} } fragment F${name} on ${name} ${printDefault(defaultSelection(schema.model, name))}`;
      });
      const errors = validate(graphql, parse(texts.join('\n')));
      expect(errors.filter(({ message }) => !message.includes('can never be of type'))).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

class Check {
  readonly #schema: Schema;
  readonly #graphql: GraphQLSchema;
  readonly #builder: OperationBuilder;
  /** What has come about, so that none of it stays out unnoticed. */
  readonly #seen: Set<string>;
  readonly #checked = new Set<string>();

  constructor(schema: Schema, graphql: GraphQLSchema, seen: Set<string>) {
    this.#schema = schema;
    this.#graphql = graphql;
    this.#builder = new OperationBuilder(schema);
    this.#seen = seen;
  }

  async operation({ operation, forms }: WritableOperation): Promise<void> {
    const naive = naiveDocument(this.#schema.model, operation);
    const errors = validate(this.#graphql, parse(naive.text)).map(({ message }) => message);
    if (errors.length > 0) this.#seen.add(operation.fault ?? 'chance');
    const expected = errors.length > 0 ? undefined : await this.#answerTo(operation);
    for (const form of forms) {
      const built = this.#build(operation, form);
      const isRefused = built instanceof ValidationError;
      const said = isRefused ? built.message : built.built.document;
      expect(isRefused, `${said}\n${errors.join('\n')}`).toBe(errors.length > 0);
      if (isRefused) continue;
      this.#checkDocument(built.built.document);
      if (expected !== undefined) await this.#compare(built, expected);
    }
  }

  /** Undefined: nothing can be said of it. */
  async #answerTo(operation: DrawnOperation): Promise<Answer | undefined> {
    // What may be left out is valid in a subscription, and when it is not left out, a failure.
    if (operation.kind === 'subscription' && operation.fault === 'switch') return undefined;
    const { text, variables } = naiveDocument(this.#schema.model, operation, true);
    return answer(this.#graphql, parse(text), variables);
  }

  #build(operation: DrawnOperation, form: number | undefined): BoundOperation | ValidationError {
    try {
      // What is no selection is refused while it is written already.
      const written = writeOperation(operation, choicesFor(form));
      return this.#builder.build(readOperation(operation.kind, undefined, written));
    } catch (error) {
      if (error instanceof ValidationError) return error;
      throw error;
    }
  }

  #checkDocument(document: string): void {
    if (this.#checked.has(document)) return;
    this.#checked.add(document);
    const tree = parse(document);
    if (isPrintedAlike(document)) expect(print(tree)).toBe(document);
    expect(validate(this.#graphql, tree), document).toEqual([]);
  }

  async #compare({ built: { document, shape }, values }: BoundOperation, expected: Answer): Promise<void> {
    const found = await answer(this.#graphql, parse(document), encodeVariables(this.#schema.model, {}, values));
    if (found.laterParts > 0) this.#seen.add('parts');
    const incremental = ['@defer', '@stream'].filter((name) => document.includes(name));
    for (const name of incremental) this.#seen.add(name);
    // An error within a part leaves the others as they are, where the whole would have lost them.
    if (knowsIncremental && incremental.length > 0 && expected.hasErrors) {
      return expect(found.hasErrors, document).toBe(true);
    }
    expect({ ...found, laterParts: 0 }, document).toEqual(expected);
    expect(misfitIn(found.data, shape), document).toBeUndefined();
  }
}

/** Each version of graphql-js has its own way to print lists and objects, which only default values are. */
function isPrintedAlike(document: string): boolean {
  return !/ = [[{]/.test(document.slice(0, document.indexOf('\n')));
}

/** Where decoding would not find its way through the data. */
function misfitIn(data: unknown, shape: ResultShape | undefined): string | undefined {
  if (typeof data !== 'object' || data === null || shape === undefined) return undefined;
  for (const [name, value] of Object.entries(data)) {
    const misfit = Array.isArray(data)
      ? misfitIn(value, shape)
      : shape.has(name)
        ? misfitIn(value, shape.get(name)?.shape)
        : name;
    if (misfit !== undefined) return misfit;
  }
  return undefined;
}
