// A module as it is to be written, with the schema it was made of.

import { type GenerateOptions, generate } from '../../schema/codegen/index.js';
import type { Schema } from '../../schema/index.js';

export interface Made {
  readonly schema: Schema;
  readonly text: string;
}

export function make(schema: Schema, options: GenerateOptions): Made {
  return { schema, text: generate(schema, options) };
}
