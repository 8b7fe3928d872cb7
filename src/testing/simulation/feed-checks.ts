// Checks of what the consumer of one subscription sees: of each stream that the server opened for it a part from the start
// with nothing missing, and between two streams a gap that tells the truth about its times.

import type { Gap } from '../../session/subscription-event.js';
import type { Journal } from './journal.js';
import type { Frame, OperationRecord } from './ledger.js';
import type { Report } from './report.js';

export interface FeedEvent {
  readonly token: string;
  readonly stream: number;
  readonly number: number;
}

export class FeedChecks {
  readonly #report: Report;
  readonly #journal: Journal;
  readonly #operation: OperationRecord;
  /** The stream of the last event, and how many events of it came. */
  #stream = 0;
  #taken = 0;
  #lastNumber = 0;
  /** Since the last event. */
  #gap: Gap | undefined;
  /** The frame whose events come now. */
  #live: Frame | undefined;
  received = 0;

  constructor(report: Report, journal: Journal, operation: OperationRecord) {
    this.#report = report;
    this.#journal = journal;
    this.#operation = operation;
  }

  get lastNumber(): number {
    return this.#lastNumber;
  }

  data(event: FeedEvent): void {
    const { token } = this.#operation;
    const { stream: number, number: eventNumber } = event;
    this.received += 1;
    this.#check(event.token === token, () => `got an event of ${event.token}`);
    this.#check(eventNumber > this.#lastNumber, () => `got event ${eventNumber} after ${this.#lastNumber}`);
    this.#lastNumber = eventNumber;
    const stream = this.#journal.streams[number - 1];
    if (stream === undefined) {
      this.#report.fail(`${token} got an event of no stream.`);
      return;
    }
    if (number !== this.#stream) {
      this.#check(number > this.#stream, () => `got an event of stream ${number} after stream ${this.#stream}`);
      this.#check(
        this.#stream === 0 || this.#gap !== undefined,
        () => `changed from stream ${this.#stream} to ${number} without a gap`,
      );
      this.#stream = number;
      this.#taken = 0;
      this.#live ??= this.#operation.frames[0];
      this.#check(this.#live?.id === stream.id, () => `got events of a start that the last gap does not name`);
    } else this.#check(this.#gap === undefined, () => `met a gap within stream ${number}`);
    const expected = stream.sent[this.#taken];
    this.#check(
      expected === eventNumber,
      () => `got event ${eventNumber} of stream ${number}; the next one is ${expected}`,
    );
    this.#taken += 1;
    this.#gap = undefined;
  }

  gap(gap: Gap): void {
    this.#report.count(`gap:${gap.reason}`);
    const { frames } = this.#operation;
    const before = this.#live ?? frames[0];
    const lostAt = before?.ended?.at;
    this.#check(gap.lostAt <= gap.liveAt, () => 'met a gap that ends before it begins');
    this.#check(
      lostAt !== undefined && gap.lostAt <= lostAt,
      () => `met a gap from ${gap.lostAt}, and was interrupted at ${lostAt}`,
    );
    this.#live = frames.findLast((frame) => frame.at === gap.liveAt);
    this.#check(this.#live !== undefined, () => `met a gap until ${gap.liveAt}, when it was not started`);
    this.#gap = gap;
  }

  /** The iterator came to its end by itself: nothing that had arrived was withheld. */
  complete(): void {
    const arrived = this.#operation.frames.reduce((sum, frame) => sum + frame.arrived, 0);
    this.#check(this.received === arrived, () => `got ${this.received} events, and ${arrived} had arrived`);
  }

  #check(holds: boolean, message: () => string): void {
    this.#report.check(holds, () => `Subscription ${this.#operation.token} ${message()}.`);
  }
}
