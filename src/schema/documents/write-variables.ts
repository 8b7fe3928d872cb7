// The variables of a raw document, checked and written like those of a built one. GraphQL specification, September 2025,
// section 6.1.2.

import { suggestionsFor } from '../../protocol/suggestions.js';
import type { BoundValue } from '../build/bound-operation.js';
import { type Problem, ValidationError } from '../errors/validation-error.js';
import { checkMembers } from '../members.js';
import type { SchemaModel } from '../model/model.js';
import { printTypeRef } from '../model/type-ref.js';
import type { ScalarCodecs } from '../scalars/codec.js';
import { encodeVariables } from '../scalars/encode.js';
import type { DocumentPlan } from './plan.js';

/**
 * What is sent as the variables of this operation, those that are undefined left out.
 *
 * @throws ValidationError with every problem: variables that the operation does not declare, required ones that are missing,
 * wrong values; each with a path as in `variables.filter.tags[2]`. ScalarError where a codec threw; OptionError for what is no
 * object of values by name.
 */
export function writeDocumentVariables(
  { variables }: DocumentPlan,
  model: SchemaModel,
  codecs: ScalarCodecs,
  given: object = {},
): Record<string, unknown> {
  checkMembers('variables', given);
  const values: BoundValue[] = [];
  const problems: Problem[] = [];
  const byName = new Map<string, unknown>(Object.entries(given));
  for (const [name, value] of byName) {
    const path = ['variables', name];
    const declared = variables.get(name);
    if (declared !== undefined) {
      values.push({ name, type: declared.type, value, path });
    } else if (value !== undefined) {
      const message = `The operation declares no variable "$${name}".`;
      problems.push({ message, path, suggestions: suggestionsFor(name, variables.keys()) });
    }
  }
  for (const [name, { type, hasDefault }] of variables) {
    if (!type.nonNull || hasDefault || byName.get(name) !== undefined) continue;
    const message = `It is required, as its type ${printTypeRef(type)} says, and the operation was run without it.`;
    problems.push({ message, path: ['variables', name], suggestions: [] });
  }
  try {
    const written = encodeVariables(model, codecs, values);
    if (problems.length === 0) return written;
  } catch (error) {
    if (problems.length === 0) throw error;
    if (error instanceof ValidationError) problems.push(...error.problems);
  }
  throw new ValidationError(problems as [Problem, ...Problem[]]);
}
