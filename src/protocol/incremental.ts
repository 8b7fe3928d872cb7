// An answer that comes in parts (`@defer`, `@stream`), put together: what every part adds, in either format, is merged into
// one result. GraphQL specification, incremental delivery.

import { PartReader } from './incremental/part.js';
import { Whole } from './incremental/whole.js';
import type { Result } from './result.js';

export class IncrementalAnswer {
  readonly #reader = new PartReader();
  readonly #whole = new Whole();

  /** Takes the next part in. Answers with what is wrong with it, as a clause for a message; then nothing more is to come. */
  add(result: Result): string | undefined {
    const part = this.#reader.read(result);
    return typeof part === 'string' ? part : this.#whole.add(part);
  }

  /** Everything so far. What this answers with never changes; what does not change is shared with the next one. */
  snapshot(): Result {
    return this.#whole.snapshot();
  }
}
