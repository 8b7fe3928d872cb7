// The entry point `holdfast/schema`: the schema-driven API, schemas from anywhere, codecs of scalars.

export type { Upload } from '../protocol/upload.js';
export type {
  Api,
  CallField,
  CallRoot,
  FieldArguments,
  OpenedApi,
  RequestOptions,
  SubscriptionField,
  SubscriptionRoot,
} from './api/api.js';
export type { ApiRequest, RequestChanges } from './api/api-request.js';
export { type CombinedRequests, combineRequests } from './api/combine-requests.js';
export { type ApiOptions, createApi } from './api/create-api.js';
export { type OpenApiOptions, openApi } from './api/open-api.js';
export { checkUses } from './comparison/check-uses.js';
export { compareSchemas, type Loss } from './comparison/compare.js';
export { ScalarError } from './errors/scalar-error.js';
export { SchemaError, type SchemaErrorCode, type SourcePlace } from './errors/schema-error.js';
export { type Problem, ValidationError } from './errors/validation-error.js';
export { type CompactSchema, generatedSchema } from './model/compact.js';
export { bigInt } from './scalars/big-int.js';
export { bytes } from './scalars/bytes.js';
export type { CodecValue, ScalarCodec, ScalarCodecs } from './scalars/codec.js';
export { type CalendarDay, date } from './scalars/date.js';
export { dateTime } from './scalars/date-time.js';
export { type EnumCodec, enumValues } from './scalars/enum-values.js';
export { json } from './scalars/json.js';
export { losslessJson } from './scalars/lossless-json.js';
export type { Schema } from './schema.js';
export { type Fields, fields } from './selection/fields.js';
export { type Fragment, fragment } from './selection/fragment.js';
export { type Variable, type VariableOptions, variable } from './selection/variable.js';
export { type FileCacheOptions, fileCache } from './sources/cache/file-cache.js';
export { type MemoryCacheOptions, memoryCache } from './sources/cache/memory-cache.js';
export type { SchemaCache, SchemaCacheEntry } from './sources/cache/schema-cache.js';
export { type Introspection, introspectionOf } from './sources/introspection/write.js';
export type { LoadSchemaOptions } from './sources/load-options.js';
export { loadSchema } from './sources/load-schema.js';
export { type ReadSchemaOptions, readSchema } from './sources/read-schema.js';
export type { CheckedSelection, ResultOf, SelectedOf, SelectionOf } from './types/helpers.js';
export type { abstract, ScalarType } from './types/marks.js';
export { type WithSchemaOptions, withSchema } from './with-schema.js';
