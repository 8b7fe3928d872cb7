// Documents as programs write them, run through the API: where there are codecs, variables are encoded and answers decoded;
// where it is wanted, they are checked first. Otherwise they go to the session as they are.

import type { DocumentSource } from '../../protocol/document.js';
import type { DocumentPlan } from '../documents/plan.js';
import { planDocument } from '../documents/plan-document.js';
import { writeDocumentVariables } from '../documents/write-variables.js';
import type { ScalarCodecs } from '../scalars/codec.js';
import type { Schema } from '../schema.js';
import type { Decoders } from './decoders.js';
import { Reading } from './reading.js';
import type { Runnable } from './run.js';

export class Documents {
  readonly #schema: Schema;
  readonly #codecs: ScalarCodecs;
  readonly #check: boolean;
  readonly #decoders: Decoders;

  constructor(schema: Schema, codecs: ScalarCodecs, check: boolean, decoders: Decoders) {
    this.#schema = schema;
    this.#codecs = codecs;
    this.#check = check;
    this.#decoders = decoders;
  }

  /** At once where the document was read before, or need not be. Throws and rejects with what `planDocument` does. */
  prepare(
    document: DocumentSource<unknown, object>,
    variables: object | undefined,
    operationName: string | undefined,
  ): Runnable | Promise<Runnable> {
    if (!this.#check && Object.keys(this.#codecs).length === 0) return { document, variables, reading: undefined };
    const plan = planDocument(this.#schema, document, { operationName, check: this.#check });
    const runnable = (known: DocumentPlan | undefined): Runnable => this.#runnable(document, variables, known);
    return plan instanceof Promise ? plan.then(runnable) : runnable(plan);
  }

  /** @param plan Undefined: nothing is known of it. */
  #runnable(
    document: DocumentSource<unknown, object>,
    given: object | undefined,
    plan: DocumentPlan | undefined,
  ): Runnable {
    if (plan === undefined) return { document, variables: given, reading: undefined };
    const variables = writeDocumentVariables(plan, this.#schema.model, this.#codecs, given);
    const decoder = this.#decoders.of(plan.shape);
    return { document, variables, reading: decoder && new Reading(undefined, decoder) };
  }
}
