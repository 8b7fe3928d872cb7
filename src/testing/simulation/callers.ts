// The program that uses the session: callers with queries and mutations, and consumers of subscriptions. What each does is
// told by its step of the schedule.

import { jitter, type RetryRule } from '../../session/retry.js';
import { CallChecks } from './call-checks.js';
import { Consumer } from './consumer.js';
import type { FeedEvent } from './feed-checks.js';
import type { OperationRecord } from './ledger.js';
import { documents, poisonousDocuments, type Question } from './questions.js';
import type { CallStep, Step, SubscribeStep } from './steps.js';
import { holdsToken } from './tokens.js';
import type { World } from './world.js';

const defaultAttempts = 5;
const never = Number.POSITIVE_INFINITY;

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
  async call(step: CallStep): Promise<void> {
    const { ledger, clock, session, scenario, report, network } = this.#world;
    const { kind, poisonous = false, answer, deadlineMs } = step;
    const harmful = poisonous || answer === 'far-too-large';
    const retry = ruleOf(step);
    const operation = ledger.open(
      {
        kind,
        harmful,
        maxSends: step.attempts ?? defaultAttempts,
        deadlineMs: deadlineMs ?? scenario.session.deadlineMs,
        ownRule: retry !== undefined,
      },
      clock.now(),
    );
    const { token } = operation;
    report.note(() => `program calls ${token}, ${harmful ? 'harmful ' : ''}${kind}, ${answer}`);
    this.#open.add(operation);
    if (session.state.status === 'ready' && network.wires.at(-1)?.alive === false) this.#returned.add(operation);
    const document = (poisonous ? poisonousDocuments : documents)[kind];
    const question: Question = { token, ms: step.ms, answer, events: 0 };
    const idempotencyKey = step.ownKey ? `own key of ${token}` : undefined;
    const options = { deadlineMs, signal: this.#signalOf(step), retry, idempotencyKey };
    try {
      if (step.wholeResult) {
        const { data, errors } = await session.result(document, question, options);
        if (errors === undefined) this.checks.answered(operation, data, answer);
        else this.checks.answeredWithErrors(operation, errors[0]?.message, answer);
      } else this.checks.answered(operation, await session.execute(document, question, options), answer);
    } catch (error) {
      this.checks.failed(operation, error);
    }
    this.#open.delete(operation);
  }

  async subscribe(step: SubscribeStep): Promise<void> {
    const { ledger, clock, session, report } = this.#world;
    const { poisonous = false, answer, events } = step;
    const plan = {
      kind: 'subscription',
      harmful: poisonous,
      deadlineMs: never,
      maxSends: never,
      ownRule: true,
    } as const;
    const operation = ledger.open(plan, clock.now());
    const { token } = operation;
    report.note(() => `program subscribes ${token}, ${poisonous ? 'harmful, ' : ''}${answer}`);
    const question: Question = { token, ms: 0, answer, events };
    const document = (poisonous ? poisonousDocuments : documents).subscription;
    const retry: RetryRule | undefined = step.retriesErrors
      ? { verdict: retriesErrors, delayMs: jitter({ baseMs: 1_500, capMs: 3_000 }) }
      : undefined;
    const subscription = session.subscribe<FeedEvent, Question>(document, question, {
      signal: this.#signalOf(step),
      retry,
      buffer: { whenFull: step.whenFull },
    });
    const consumer = new Consumer(this.#world, this.checks, operation, subscription, step);
    this.consumers.push(consumer);
    await consumer.run();
  }

  async ping({ number, deadlineMs }: Extract<Step, { do: 'ping' }>): Promise<void> {
    const { session, report } = this.#world;
    try {
      const { payload } = await session.ping({ number }, { deadlineMs });
      report.count('ping:answered');
      // A pong of the WebSocket protocol itself carries nothing.
      report.check(payload === undefined || payload.number === number, () => 'A ping got the pong of another.');
    } catch (error) {
      report.count(`ping:${nameOf(error)}`);
      report.check(!holdsToken(error), () => 'A token stands in the error of a ping.');
    }
  }

  async ready(step: Extract<Step, { do: 'ready' }>): Promise<void> {
    const { session, report } = this.#world;
    try {
      await session.ready({ deadlineMs: step.deadlineMs, signal: this.#signalOf(step) });
      report.count('ready:resolved');
    } catch (error) {
      report.count(`ready:${nameOf(error)}`);
      report.check(!holdsToken(error), () => 'A token stands in the error of ready().');
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
    report.note(() => `program calls ${token}, ${kind}, when all is well`);
    try {
      this.checks.answered(operation, await session.execute(documents[kind], question), 'data');
    } catch (error) {
      report.fail(`${token} failed although all is well: ${String(error)}`);
    }
  }

  #signalOf({ abortAfterMs }: { readonly abortAfterMs?: number }): AbortSignal | undefined {
    if (abortAfterMs === undefined) return undefined;
    const controller = new AbortController();
    if (abortAfterMs === 0) controller.abort(new Error('changed my mind before'));
    else this.#world.clock.setTimer(abortAfterMs, () => controller.abort(new Error('changed my mind')));
    return controller.signal;
  }
}

function ruleOf({ attempts, quickly, retriesErrors: retries }: CallStep): false | RetryRule | undefined {
  if (attempts === undefined) return undefined;
  if (attempts === 1) return false;
  return {
    attempts,
    delayMs: quickly ? jitter({ baseMs: 50, capMs: 1_000 }) : undefined,
    verdict: retries ? retriesErrors : undefined,
  };
}

const retriesErrors: RetryRule['verdict'] = (failure) => (failure.code === 'graphql-errors' ? 'retry' : undefined);

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}
