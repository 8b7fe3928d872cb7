// The entry point `holdfast/schema`: the schema-driven API, schemas from anywhere, codecs of scalars.

export type { Upload } from '../protocol/upload.js';
export { checkUses } from './comparison/check-uses.js';
export { compareSchemas, type Loss } from './comparison/compare.js';
export { ScalarError } from './errors/scalar-error.js';
export { SchemaError, type SchemaErrorCode, type SourcePlace } from './errors/schema-error.js';
export { type Problem, ValidationError } from './errors/validation-error.js';
export { type CompactSchema, generatedSchema } from './model/compact.js';
export type { ScalarCodec, ScalarCodecs } from './scalars/codec.js';
export type { Schema } from './schema.js';
export { type Variable, variable } from './selection/variable.js';
export { type ReadSchemaOptions, readSchema } from './sources/read-schema.js';
export type { abstract, ScalarType } from './types/abstract.js';
