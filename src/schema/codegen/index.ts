// The entry point `holdfast/codegen`: TypeScript modules out of schemas.

export type { Schema } from '../schema.js';
