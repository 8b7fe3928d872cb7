// The random schemas that other tests stand on are valid ones, and not all alike.

import fc from 'fast-check';
import { buildSchema, validateSchema } from 'graphql';
import { expect, test } from 'vitest';
import { patienceMs } from '../../server/fuzz/support/patience.js';
import { arbitraryOperations } from './arbitrary-operations.js';
import { arbitrarySchema } from './arbitrary-schema.js';

test('every random schema is valid', { timeout: patienceMs }, () => {
  fc.assert(
    fc.property(fc.oneof(arbitrarySchema, arbitraryOperations([])), ({ sdl }) => {
      expect(validateSchema(buildSchema(sdl))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('random schemas have everything that a schema can have', { timeout: patienceMs }, () => {
  const texts = fc.sample(arbitrarySchema, 300).map(({ sdl }) => sdl);
  const features = [
    ...[/^scalar /m, /^enum /m, /^union .* \| /m, /^input .* @oneOf/m, /^interface .* implements .* & /m],
    ...[/^type .* implements .* & /m, /\[\[\w+!?\]!\]!?/, / = null/, /@deprecated/, / repeatable on /, /mutation: /],
    ...[/subscription: /, /\bconstructor\(/, /\btrue: /, /^directive @\w+\(/m],
  ];
  for (const feature of features)
    expect(
      texts.some((text) => feature.test(text)),
      String(feature),
    ).toBe(true);
});
