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
import { defaultSelection } from '../../../src/schema/selection/default-selection.js';
import { readSelection } from '../../../src/schema/selection/read-selection.js';
import { answer } from '../support/answering.js';
import { arbitrarySchema, drawSchema } from '../support/arbitrary-schema.js';
import { choices } from '../support/choices.js';
import { type DrawnSelection, type Fault, SelectionDrawer } from '../support/drawn-selection.js';
import { naiveDocument, printDefault } from '../support/naive-document.js';
import { SelectionWriter } from '../support/written-selection.js';

const faults: readonly Fault[] = [
  ...(['field', 'argument', 'required', 'condition', 'directive', 'location'] as const),
  ...(['repeated', 'braces', 'typename', 'alias', 'elsewhere'] as const),
];
const kinds = ['query', 'mutation', 'subscription'] as const;

interface Case {
  readonly sdl: string;
  readonly builder: OperationBuilder;
  readonly schema: GraphQLSchema;
  readonly model: Parameters<typeof naiveDocument>[0];
  readonly kind: (typeof kinds)[number];
  readonly drawn: DrawnSelection;
  /** The same drawn selection in forms of their own: what is no selection is refused while it is written already. */
  readonly write: readonly (() => unknown)[];
  readonly naive: string;
}

/** @param fault What may be wrong with it. */
const cases = (fault: fc.Arbitrary<Fault | undefined>) =>
  fc.tuple(choices, choices, fault).map(([forSchema, from, fault]): (() => Promise<Case>) => async () => {
    const { sdl, schema } = drawSchema(forSchema);
    const kind = from.pick(kinds.filter((one) => schema.model.roots[one] !== undefined));
    const drawn = new SelectionDrawer(schema.model, from, fault).root(kind);
    const write = [0, 1].map(() => () => new SelectionWriter(from).write(drawn));
    const naive = naiveDocument(schema.model, kind, drawn);
    const builder = new OperationBuilder(schema);
    return { sdl, schema: await schema.graphql(), builder, model: schema.model, kind, drawn, write, naive };
  });

function build({ builder, kind }: Case, write: () => unknown): BoundOperation | ValidationError {
  try {
    return builder.build({ kind, name: undefined, directives: [], selection: readSelection(write(), [kind]) });
  } catch (error) {
    if (error instanceof ValidationError) return error;
    throw error;
  }
}

test('what is built is valid, canonical, and means what was written, in whatever form it was written', async () => {
  let built = 0;
  await fc.assert(
    fc.asyncProperty(cases(fc.constant(undefined)), async (make) => {
      const one = await make();
      for (const write of one.write) {
        const operation = build(one, write);
        if (operation instanceof ValidationError) continue;
        built += 1;
        const { document, shape } = operation.built;
        expect(print(parse(document)), one.sdl).toBe(document);
        expect(validate(one.schema, parse(document)), `${one.sdl}\n${document}`).toEqual([]);
        const variables = encodeVariables(one.model, {}, operation.values);
        const { data, errors } = answer(one.schema, document, variables);
        const naive = answer(one.schema, one.naive);
        expect(data, `${one.sdl}\n${one.naive}\n${errors?.join('\n')}\n${document}`).toEqual(naive.data);
        expect(errors?.length).toEqual(naive.errors?.length);
        expectShape(data, shape);
      }
    }),
    { numRuns: 200 },
  );
  expect(built).toBeGreaterThan(200);
});

test('an operation is refused exactly when graphql-js refuses it', async () => {
  const refused = new Map<Fault | undefined, number>();
  const fault = fc.constantFrom(undefined, ...faults);
  await fc.assert(
    fc.asyncProperty(
      fault.chain((one) => cases(fc.constant(one)).map((make) => [one, make] as const)),
      async ([fault, make]) => {
        const one = await make();
        const errors = validate(one.schema, parse(one.naive)).map(({ message }) => message);
        for (const write of one.write) {
          const operation = build(one, write);
          const isRefused = operation instanceof ValidationError;
          const said = isRefused ? operation.message : operation.built.document;
          expect(isRefused, `${one.sdl}\n${one.naive}\n${errors.join('\n')}\n${said}`).toBe(errors.length > 0);
          if (isRefused) refused.set(fault, (refused.get(fault) ?? 0) + 1);
        }
      },
    ),
    { numRuns: 400 },
  );
  // Not each finds a place in few of them.
  expect(faults.filter((fault) => refused.has(fault)).length).toBeGreaterThan(faults.length / 2);
});

test('the default selection of every type of every schema is valid', async () => {
  await fc.assert(
    fc.asyncProperty(arbitrarySchema, async ({ sdl, schema }) => {
      const graphql = await schema.graphql();
      const types = [...schema.model.types.values()].filter(isComposite);
      for (const { name } of types) {
        const selection = printDefault(defaultSelection(schema.model, name));
        const document = parse(`{ ...F } fragment F on ${name} ${selection}`);
        const errors = validate(graphql, document).filter(({ message }) => !message.includes('can never be of type'));
        expect(errors, `${sdl}\n${name} ${selection}`).toEqual([]);
      }
    }),
    { numRuns: 100 },
  );
});

/** Whether decoding would find its way through the data. */
function expectShape(data: unknown, shape: ResultShape | undefined): void {
  if (Array.isArray(data)) {
    for (const item of data) expectShape(item, shape);
  } else if (typeof data === 'object' && data !== null && shape !== undefined) {
    for (const [name, value] of Object.entries(data)) {
      expect([...shape.keys()]).toContain(name);
      expectShape(value, shape.get(name)?.shape);
    }
  }
}
