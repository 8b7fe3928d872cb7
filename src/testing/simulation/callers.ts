// The program that uses the session: callers with queries and mutations, some impatient, some with keys or rules of their
// own, and consumers of subscriptions. What each does is drawn from the seed.

import type { OperationKind } from '../../protocol/result.js';
import { jitter, type RetryRule } from '../../session/retry.js';
import { CallChecks } from './call-checks.js';
import { Consumer, type ConsumerPlan } from './consumer.js';
import type { FeedEvent } from './feed-checks.js';
import type { OperationRecord } from './ledger.js';
import { type Answer, documents, poisonousDocuments, type Question } from './questions.js';
import type { World } from './world.js';

const defaultAttempts = 5;
const never = Number.POSITIVE_INFINITY;

interface Rule {
  readonly retry: false | RetryRule | undefined;
  readonly maxSends: number;
}

export class Callers {
  readonly consumers: Consumer[] = [];
  readonly checks: CallChecks;
  readonly #world: World;
  /** Calls that have not ended. */
  readonly #open = new Set<OperationRecord>();
  /** Calls made while the connection in use had begun to end: they were in flight, and came back unsent. */
  readonly #returned = new Set<OperationRecord>();

  constructor(world: World) {
    this.#world = world;
    this.checks = new CallChecks(world);
  }

  get openCalls(): number {
    return this.#open.size;
  }

  /** How many calls wait that were never sent: what `maxWaiting` bounds. */
  get neverSent(): number {
    let count = 0;
    for (const call of this.#open) if (call.frames.length === 0 && !this.#returned.has(call)) count += 1;
    return count;
  }

  /** A query or mutation. */
  async call({ poisonous }: { readonly poisonous: boolean }): Promise<void> {
    const { dice, ledger, clock, session, scenario, report, network } = this.#world;
    const kind: OperationKind = dice.chance(poisonous ? 0.8 : 0.55) ? 'query' : 'mutation';
    const answer = poisonous ? 'data' : this.#drawAnswer();
    const harmful = poisonous || answer === 'far-too-large';
    const deadlineMs = dice.chance(poisonous ? 0.5 : 0.2) ? dice.between(100, 2_000) : undefined;
    const rule = this.#drawRule(kind);
    const operation = ledger.open(
      {
        kind,
        harmful,
        maxSends: rule.maxSends,
        deadlineMs: deadlineMs ?? scenario.session.deadlineMs,
        ownRule: rule.retry !== undefined,
      },
      clock.now(),
    );
    const { token } = operation;
    report.note(`program calls ${token}, ${harmful ? 'harmful ' : ''}${kind}, ${answer}`);
    this.#open.add(operation);
    if (session.state.status === 'ready' && network.wires.at(-1)?.alive === false) this.#returned.add(operation);
    const document = (poisonous ? poisonousDocuments : documents)[kind];
    const question: Question = { token, ms: answer === 'far-too-large' ? 0 : this.#drawDuration(), answer, events: 0 };
    const options = {
      deadlineMs,
      signal: this.#drawSignal(),
      retry: rule.retry,
      idempotencyKey: dice.chance(0.2) ? `own key of ${token}` : undefined,
    };
    try {
      if (dice.chance(0.5)) {
        const { data, errors } = await session.result(document, question, options);
        if (errors === undefined) this.checks.answered(operation, data, answer);
        else this.checks.answeredWithErrors(operation, errors[0]?.message, answer);
      } else this.checks.answered(operation, await session.execute(document, question, options), answer);
    } catch (error) {
      this.checks.failed(operation, error);
    }
    this.#open.delete(operation);
  }

  async subscribe({ poisonous }: { readonly poisonous: boolean }): Promise<void> {
    const { dice, ledger, clock, session, report } = this.#world;
    const plan = {
      kind: 'subscription',
      harmful: poisonous,
      deadlineMs: never,
      maxSends: never,
      ownRule: true,
    } as const;
    const operation = ledger.open(plan, clock.now());
    const { token } = operation;
    const answer = dice.chance(0.6) ? 'data' : dice.pick<Answer>(['nothing', 'error', 'too-large']);
    report.note(`program subscribes ${token}, ${poisonous ? 'harmful, ' : ''}${answer}`);
    const question: Question = { token, ms: 0, answer, events: dice.between(3, 30) };
    const document = (poisonous ? poisonousDocuments : documents).subscription;
    const retry: RetryRule | undefined = dice.chance(0.5)
      ? { verdict: retriesErrors, delayMs: jitter({ baseMs: 1_500, capMs: 3_000 }) }
      : undefined;
    const subscription = session.subscribe<FeedEvent, Question>(document, question, {
      signal: this.#drawSignal(),
      retry,
    });
    const consumer = new Consumer(this.#world, this.checks, operation, subscription, this.#drawConsumer(poisonous));
    this.consumers.push(consumer);
    await consumer.run();
  }

  async ping(): Promise<void> {
    const { session, report, dice } = this.#world;
    const asked = { number: dice.between(1, 1_000_000) };
    try {
      const { payload } = await session.ping(asked, { deadlineMs: dice.between(30, 1_000) });
      report.count('ping:answered');
      // A pong of the WebSocket protocol itself carries nothing.
      report.check(payload === undefined || payload.number === asked.number, () => 'A ping got the pong of another.');
    } catch (error) {
      report.count(`ping:${nameOf(error)}`);
    }
  }

  async ready(): Promise<void> {
    const { session, report, dice } = this.#world;
    try {
      await session.ready({ deadlineMs: dice.between(50, 5_000), signal: this.#drawSignal() });
      report.count('ready:resolved');
    } catch (error) {
      report.count(`ready:${nameOf(error)}`);
    }
  }

  /** Where everything is well, a call is answered. */
  async expectAnswer(kind: 'query' | 'mutation'): Promise<void> {
    const { ledger, clock, session, scenario, report } = this.#world;
    const { deadlineMs } = scenario.session;
    const plan = { kind, harmful: false, maxSends: defaultAttempts, deadlineMs, ownRule: false };
    const operation = ledger.open(plan, clock.now());
    const { token } = operation;
    const question: Question = { token, ms: 10, answer: 'data', events: 0 };
    report.note(`program calls ${token}, ${kind}, when all is well`);
    try {
      this.checks.answered(operation, await session.execute(documents[kind], question), 'data');
    } catch (error) {
      report.fail(`${token} failed although all is well: ${String(error)}`);
    }
  }

  #drawAnswer(): Answer {
    const { dice } = this.#world;
    if (dice.chance(0.86)) return 'data';
    return dice.pick<Answer>(['errors', 'error', 'nothing', 'too-large', 'too-large', 'far-too-large']);
  }

  #drawDuration(): number {
    const { dice } = this.#world;
    if (dice.chance(0.7)) return dice.between(0, 120);
    return dice.chance(0.8) ? dice.between(120, 1_500) : dice.between(2_000, 6_000);
  }

  #drawSignal(): AbortSignal | undefined {
    const { dice, clock } = this.#world;
    if (dice.chance(0.88)) return undefined;
    const controller = new AbortController();
    if (dice.chance(0.1)) controller.abort(new Error('changed my mind before'));
    else clock.setTimer(dice.between(1, 4_000), () => controller.abort(new Error('changed my mind')));
    return controller.signal;
  }

  #drawRule(kind: OperationKind): Rule {
    const { dice } = this.#world;
    if (dice.chance(0.75)) return { retry: undefined, maxSends: defaultAttempts };
    const attempts = dice.between(1, 3);
    if (attempts === 1) return { retry: false, maxSends: 1 };
    const delayMs = dice.chance(0.5) ? jitter({ baseMs: 50, capMs: 1_000 }) : undefined;
    // An answer with errors is final for a mutation: what ran must not run again.
    const verdict = kind === 'query' && dice.chance(0.5) ? retriesErrors : undefined;
    return { retry: { attempts, delayMs, verdict }, maxSends: attempts };
  }

  #drawConsumer(poisonous: boolean): ConsumerPlan {
    const { dice } = this.#world;
    return {
      // One that fails at a gap leaves at the very moment when it is tried.
      reads: dice.chance(poisonous ? 0.3 : 0.6)
        ? 'events'
        : dice.chance(poisonous ? 0.2 : 0.8)
          ? 'data'
          : 'data-or-fail',
      paceMs: dice.chance(0.5) ? 0 : dice.between(100, 2_500),
      pauseAfter: dice.chance(0.4) ? dice.between(1, 10) : never,
      pauseMs: dice.between(1_000, 12_000),
      leavesAfter: dice.chance(0.25) ? dice.between(1, 25) : never,
    };
  }
}

const retriesErrors: RetryRule['verdict'] = (failure) => (failure.code === 'graphql-errors' ? 'retry' : undefined);

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}
