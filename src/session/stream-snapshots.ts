// The parts of an answer as snapshots: what comes while the consumer is busy is merged into one, so there is never more to
// keep than the answer itself.

import { IncrementalAnswer } from '../protocol/incremental.js';
import type { Result } from '../protocol/result.js';
import type { PartBuffer, StreamSnapshot } from './stream-part.js';

export class Snapshots<T> implements PartBuffer<StreamSnapshot<T>> {
  readonly final = false;
  readonly exceeded: undefined;
  #answer = new IncrementalAnswer();
  /** The answer has what the consumer has not. */
  #isNew = false;
  /** The consumer has a snapshot of this answer or of one before it. */
  #wasTaken = false;
  /** The consumer has no snapshot of this answer, and one of another. */
  #restarted = false;
  #ended = false;

  add(result: Result): string | undefined {
    if (this.#ended) {
      this.#ended = false;
      this.#answer = new IncrementalAnswer();
      this.#restarted = this.#wasTaken;
    }
    const fault = this.#answer.add(result);
    // A part that was taken in by half is in no snapshot.
    this.#isNew = fault === undefined;
    return fault;
  }

  take(): StreamSnapshot<T> | undefined {
    if (!this.#isNew) return undefined;
    const { data, errors, extensions, hasNext } = this.#answer.snapshot();
    const restarted = this.#restarted;
    this.#isNew = false;
    this.#wasTaken = true;
    this.#restarted = false;
    return { data: data as T | null | undefined, errors, extensions, hasNext: hasNext === true, restarted };
  }

  /** Until the new answer comes, the old one is the newest. */
  restart(): void {
    this.#ended = true;
  }

  clear(): void {
    this.#isNew = false;
  }
}
