// Whether a server still has everything that a generated module lets a program use.

import { SchemaError } from '../errors/schema-error.js';
import type { Schema } from '../schema.js';
import { checkSchema } from '../sources/check-schema.js';
import { compareSchemas } from './compare.js';

/** At most so many losses are told in full; the others are counted. */
const mostTold = 10;

/**
 * Holds a generated schema against the one that the server has now: what is gone, or is of another type, could be asked for
 * with the compiler's consent, and be refused by the server.
 *
 * @param generated The `schema` of a generated module.
 * @param live What `loadSchema` says now.
 * @throws SchemaError `lost`, which names each loss and says where it is in the live schema's source, where that has lines. OptionError for what is no Schema.
 */
export function checkUses(generated: Schema, live: Schema): void {
  checkSchema('generated', 'checkUses', generated);
  checkSchema('live', 'checkUses', live);
  const losses = compareSchemas(generated, live);
  const [first] = losses;
  if (first === undefined) return;
  const told = losses.slice(0, mostTold).map(({ message }) => message);
  const more = losses.length > mostTold ? ` And ${losses.length - mostTold} more.` : '';
  throw new SchemaError(
    'lost',
    `This lacks what the module generated from ${generated.source} uses. ${told.join(' ')}${more} Generate the module again, and compile what uses it.`,
    { source: live.source, place: first.place },
  );
}
