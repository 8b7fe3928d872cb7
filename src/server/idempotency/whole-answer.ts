// The answer of a mutation that comes in parts (`@defer`, `@stream`), put together, because it is remembered as one. What came
// is kept, also where the rest of it never does: the mutation has run.

import { IncrementalAnswer } from '../../protocol/incremental.js';
import type { Result } from '../../protocol/result.js';
import { toGraphQLError } from '../../protocol/to-graphql-error.js';

/** Never rejects. */
export async function wholeAnswer(parts: AsyncIterator<Result, undefined>): Promise<Result> {
  const answer = new IncrementalAnswer();
  const failure = await readInto(answer, parts);
  const { data = null, errors, extensions, hasNext } = answer.snapshot();
  const fault = failure ?? (hasNext === true ? new Error('The answer ended before its last part.') : undefined);
  if (fault === undefined) return { data, errors, extensions };
  return { data, errors: [...(errors ?? []), toGraphQLError(fault)], extensions };
}

/** What went wrong, where something did. */
async function readInto(answer: IncrementalAnswer, parts: AsyncIterator<Result, undefined>): Promise<unknown> {
  try {
    for (let step = await parts.next(); step.done !== true; step = await parts.next()) {
      const fault = answer.add(step.value);
      if (fault === undefined) continue;
      void parts.return?.()?.catch(() => {});
      return new Error(`A part of the answer does not fit: ${fault}.`);
    }
    return undefined;
  } catch (thrown) {
    return thrown ?? new Error('The answer ended with an error that says nothing.');
  }
}
