// The decoders of an API's documents, each compiled once.

import type { SchemaModel } from '../model/model.js';
import type { ScalarCodecs } from '../scalars/codec.js';
import { type Decoder, decoderFor } from '../scalars/decode.js';
import type { ResultShape } from '../scalars/result-shape.js';

export class Decoders {
  readonly #model: SchemaModel;
  readonly #codecs: ScalarCodecs;
  readonly #known = new WeakMap<ResultShape, { readonly decoder: Decoder | undefined }>();

  constructor(model: SchemaModel, codecs: ScalarCodecs) {
    this.#model = model;
    this.#codecs = codecs;
  }

  /** Undefined where there is nothing to decode. */
  of(shape: ResultShape): Decoder | undefined {
    const known = this.#known.get(shape) ?? { decoder: decoderFor(this.#model, this.#codecs, shape) };
    this.#known.set(shape, known);
    return known.decoder;
  }
}
