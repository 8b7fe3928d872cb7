// Decoders are compiled once for each document, those that have nothing to decode as well.

import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { Decoders } from '../../../src/schema/api/decoders.js';
import { readTypeRef } from '../../../src/schema/model/type-ref.js';
import type { ResultShape } from '../../../src/schema/scalars/result-shape.js';
import { readSchema } from '../../../src/schema/sources/read-schema.js';
import { scalars, sdl } from './support/bookshop.js';

test('the decoder of a document is made once, and there is none where nothing is to be decoded', () => {
  const decoders = new Decoders(readSchema(buildSchema(sdl)).model, scalars);
  const shapeOf = (type: string): ResultShape => new Map([['field', { type: readTypeRef(type), shape: undefined }]]);
  const [dates, texts] = [shapeOf('[Date!]'), shapeOf('String')];
  expect(decoders.of(dates)).toBeDefined();
  expect(decoders.of(dates)).toBe(decoders.of(dates));
  expect(decoders.of(texts)).toBeUndefined();
});
