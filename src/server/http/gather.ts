// An answer in parts (`@defer`, `@stream`) for a client that can only take one: the parts, put together.

import { IncrementalAnswer } from '../../protocol/incremental.js';
import type { Result } from '../../protocol/result.js';
import { toErrors } from '../../protocol/to-graphql-error.js';

/** Never rejects: what goes wrong on the way is the answer. */
export async function gather(parts: AsyncIterator<Result, undefined>): Promise<Result> {
  const answer = new IncrementalAnswer();
  try {
    for (;;) {
      const step = await parts.next();
      if (step.done === true) break;
      const fault = answer.add(step.value);
      if (fault !== undefined) throw new Error(`A part of the answer does not fit: ${fault}.`);
    }
  } catch (thrown) {
    return { data: null, errors: toErrors([thrown]) };
  }
  return { ...answer.snapshot(), hasNext: undefined };
}
