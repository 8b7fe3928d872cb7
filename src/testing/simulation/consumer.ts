// The consumers of subscriptions: fast ones, slow ones, ones that pause, leave, are cancelled, or read the data alone.

import type { WhenFull } from '../../session/buffer-options.js';
import type { Subscription, SubscriptionOperation } from '../../session/subscription.js';
import type { Gap, SubscriptionEvent } from '../../session/subscription-event.js';
import type { CallChecks } from './call-checks.js';
import { FeedChecks, type FeedEvent } from './feed-checks.js';
import type { OperationRecord } from './ledger.js';
import type { SubscribeStep } from './steps.js';
import type { World } from './world.js';

export class Consumer {
  readonly operation: OperationRecord;
  readonly feed: FeedChecks;
  ended = false;
  readonly #world: World;
  readonly #checks: CallChecks;
  readonly #step: SubscribeStep;
  readonly #subscription: Subscription<FeedEvent>;
  readonly #whenFull: WhenFull;
  #left = false;
  #hurries = false;

  constructor(
    world: World,
    checks: CallChecks,
    operation: OperationRecord,
    subscription: Subscription<FeedEvent>,
    step: SubscribeStep,
  ) {
    this.#world = world;
    this.#checks = checks;
    this.#step = step;
    this.#subscription = subscription;
    this.operation = operation;
    const { whenFull = world.scenario.session.whenFull } = step;
    this.#whenFull = whenFull;
    this.feed = new FeedChecks(world.report, world.server.journal, operation, whenFull);
  }

  /** What waits for it, within its bounds at any time. What does not fit any more ends one that is to fail, and waits as well. */
  checkBuffer(): void {
    const { events, bytes } = (this.#subscription as SubscriptionOperation<FeedEvent>).buffered;
    const { maxEvents, maxBytes, maxMessageBytes } = this.#world.scenario.session;
    const beyond = this.#whenFull === 'fail' ? 1 : 0;
    // Where one subscription alone can be held back, what was on its way still comes.
    const times = this.#world.scenario.local && this.#whenFull === 'park' ? 2 : 1;
    const fits = events <= maxEvents * times + beyond && bytes < maxBytes * times + maxMessageBytes;
    this.#world.report.check(fits, () => {
      const bounds = `${maxEvents} and ${maxBytes}`;
      return `The buffer of ${this.operation.token} holds ${events} events, ${bytes} bytes; its bounds are ${bounds}.`;
    });
  }

  /** From now on it is as fast as it can be. */
  hurry(): void {
    this.#hurries = true;
  }

  async run(): Promise<void> {
    const { report } = this.#world;
    try {
      if (this.#step.reads === 'events') await this.#readEvents();
      else await this.#readData(this.#step.reads === 'data' ? (gap) => this.feed.gap(gap) : 'fail');
      if (!this.#left) this.#checkEnd();
      this.operation.settled ??= { at: this.#world.clock.now(), how: 'done' };
      report.count(this.#left ? 'subscription:left' : 'subscription:done');
      report.note(() => `${this.operation.token} ends: ${this.#left ? 'its consumer left' : 'done'}`);
    } catch (error) {
      const cancelled = error instanceof Error && error.name === 'CancelledError';
      this.#checks.failed(this.operation, error);
      if (!cancelled && this.#step.reads !== 'data-or-fail') this.feed.complete();
    }
    this.ended = true;
    await this.#checkDone();
  }

  async #readEvents(): Promise<void> {
    for await (const event of this.#subscription) {
      if (event.type === 'gap') this.feed.gap(event.gap);
      else await this.#take(event as Extract<SubscriptionEvent<FeedEvent>, { type: 'data' }>);
      if (this.#leaves()) break;
    }
  }

  async #readData(onGap: 'fail' | ((gap: Gap) => void)): Promise<void> {
    for await (const data of this.#subscription.data({ onGap })) {
      await this.#take({ data });
      if (this.#leaves()) break;
    }
  }

  async #take({ data }: { readonly data: FeedEvent }): Promise<void> {
    const { clock } = this.#world;
    const { paceMs, pauseAfter, pauseMs } = this.#step;
    this.feed.data(data);
    if (this.#hurries) return;
    if (this.feed.received === pauseAfter && pauseMs !== undefined) await clock.sleep(pauseMs);
    else if (paceMs > 0) await clock.sleep(paceMs);
  }

  #leaves(): boolean {
    const { leavesAfter } = this.#step;
    if (leavesAfter === undefined || this.feed.received < leavesAfter) return false;
    this.#left = true;
    this.operation.settled ??= { at: this.#world.clock.now(), how: 'left' };
    return true;
  }

  /** Without its consumer's wish it ends when the server completed it or the session was closed. */
  #checkEnd(): void {
    const { report, closing } = this.#world;
    const completed = this.operation.lastFrame?.ended?.how === 'answered';
    report.check(completed || closing !== undefined, () => `Subscription ${this.operation.token} ended by itself.`);
    this.feed.complete();
  }

  async #checkDone(): Promise<void> {
    const { done } = await this.#subscription.next();
    this.#world.report.check(done === true, () => `Subscription ${this.operation.token} goes on after its end.`);
  }
}
