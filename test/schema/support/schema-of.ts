// Schemas for tests, from SDL.

import { buildSchema } from 'graphql';
import type { Schema } from '../../../src/schema/schema.js';
import { readSchema } from '../../../src/schema/sources/read-schema.js';

export function schemaOf(sdl: string): Schema {
  return readSchema(buildSchema(sdl));
}
