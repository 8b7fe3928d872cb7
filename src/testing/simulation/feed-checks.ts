// Checks of what the consumer of one subscription sees: of each stream that the server opened for it a part with nothing
// missing but what a gap counts in its place, and between two streams a gap that tells the truth about its times.

import type { WhenFull } from '../../session/buffer-options.js';
import type { Gap } from '../../session/subscription-event.js';
import type { Journal } from './journal.js';
import type { Frame, OperationRecord } from './ledger.js';
import type { Report } from './report.js';

export interface FeedEvent {
  readonly token: string;
  readonly stream: number;
  readonly number: number;
}

/** What the gaps since the last event have said. */
interface Announced {
  /** The stream has ended, and another one follows. */
  readonly interrupted: boolean;
  /** How many events are missing before the next one; undefined: nobody counted. */
  readonly missed: number | undefined;
}

const nothing: Announced = { interrupted: false, missed: 0 };

export class FeedChecks {
  readonly #report: Report;
  readonly #journal: Journal;
  readonly #operation: OperationRecord;
  /** Events may give way to newer ones. */
  readonly #drops: boolean;
  /** The stream of the last event, and how many events of it came or were counted. */
  #stream = 0;
  #taken = 0;
  #lastNumber = 0;
  #announced = nothing;
  /** The frame whose events come now. */
  #live: Frame | undefined;
  /** Events that gaps have counted, and whether some gave way that nobody could count. */
  #missed = 0;
  #uncounted = false;
  received = 0;

  constructor(report: Report, journal: Journal, operation: OperationRecord, whenFull: WhenFull) {
    this.#report = report;
    this.#journal = journal;
    this.#operation = operation;
    this.#drops = whenFull === 'drop-oldest' || whenFull === 'latest';
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
    const { interrupted, missed } = this.#announced;
    if (number !== this.#stream) {
      this.#check(number > this.#stream, () => `got an event of stream ${number} after stream ${this.#stream}`);
      this.#check(
        this.#stream === 0 || interrupted,
        () => `changed from stream ${this.#stream} to ${number} without a gap`,
      );
      this.#stream = number;
      this.#taken = 0;
      this.#live ??= this.#operation.frames[0];
      this.#check(this.#live?.id === stream.id, () => `got events of a start that the last gap does not name`);
    } else this.#check(!interrupted, () => `met a gap within stream ${number}`);
    const place = missed === undefined ? stream.sent.indexOf(eventNumber) : this.#taken + missed;
    const expected = stream.sent[place];
    this.#check(
      expected === eventNumber,
      () => `got event ${eventNumber} of stream ${number}; the next one is ${expected}`,
    );
    this.#taken = place + 1;
    this.#announced = nothing;
  }

  gap(gap: Gap): void {
    this.#report.count(`gap:${gap.reason}`);
    this.#check(gap.lostAt <= gap.liveAt, () => 'met a gap that ends before it begins');
    if (gap.missed === undefined) this.#interruption(gap);
    else this.#dropped(gap, gap.missed);
  }

  /** The iterator came to its end by itself: nothing that had arrived was withheld. */
  complete(): void {
    const arrived = this.#operation.frames.reduce((sum, frame) => sum + frame.arrivals.length, 0);
    const known = this.received + this.#missed;
    const complete = this.#uncounted ? known <= arrived : known === arrived;
    this.#check(
      complete,
      () => `got ${this.received} events and was told of ${this.#missed}, and ${arrived} had arrived`,
    );
  }

  /** Events gave way, one after the other: the gap stands where they would have been. */
  #dropped({ reason, lostAt, liveAt }: Gap, missed: number): void {
    this.#check(this.#drops && reason === 'dropped', () => `met a gap of ${missed} events, which may not be dropped`);
    const arrivals = (this.#live ?? this.#operation.frames[0])?.arrivals ?? [];
    this.#check(
      arrivals.includes(lostAt) && arrivals.includes(liveAt),
      () => `met a gap from ${lostAt} to ${liveAt}, when no event arrived`,
    );
    this.#missed += missed;
    const { interrupted, missed: before } = this.#announced;
    this.#announced = { interrupted, missed: before === undefined ? undefined : before + missed };
  }

  /** The subscription was interrupted; where events may give way, some around it may have done so too. */
  #interruption({ reason, lostAt, liveAt }: Gap): void {
    const { frames } = this.#operation;
    const before = this.#live ?? frames[0];
    const endedAt = before?.ended?.at;
    const bound = reason === 'dropped' ? before?.arrivals.at(-1) : endedAt;
    this.#check(
      endedAt !== undefined && bound !== undefined && lostAt <= bound,
      () => `met a gap from ${lostAt}, and was interrupted at ${endedAt}`,
    );
    const started = frames.findLast((frame) => frame.at === liveAt);
    // Where events gave way after the new start, the gap lasts until the last of them.
    const dropping = this.#drops ? frames.findLast((frame) => frame.arrivals.includes(liveAt)) : undefined;
    this.#live = started ?? dropping;
    this.#check(this.#live !== undefined, () => `met a gap until ${liveAt}, when it was not started`);
    this.#announced = { interrupted: true, missed: started === undefined ? undefined : 0 };
    if (this.#drops) this.#uncounted = true;
  }

  #check(holds: boolean, message: () => string): void {
    this.#report.check(holds, () => `Subscription ${this.#operation.token} ${message()}.`);
  }
}
