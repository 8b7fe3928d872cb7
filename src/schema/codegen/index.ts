// The entry point `holdfast/codegen`: TypeScript modules out of schemas.

export type { Schema } from '../schema.js';
export { type GenerateOptions, generate } from './generate.js';
export { readGenerated } from './read-generated.js';
