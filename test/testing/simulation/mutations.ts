// Deliberate mistakes in the rules, as patches to the source. Each has to be found by the simulation: a check that no mistake
// can trip checks nothing.

export interface Patch {
  /** Under `src/`. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

export interface Mutation {
  readonly name: string;
  readonly patches: readonly Patch[];
}

export function mutation(name: string, file: string, find: string, replace: string): Mutation {
  return { name, patches: [{ file, find, replace }] };
}

const changes = 'session/connection-changes.ts';
const connection = 'transport/websocket/connection.ts';
const dispatcher = 'session/dispatcher.ts';
const machine = 'session/machine.ts';
const operations = 'session/operations.ts';
const subscription = 'session/subscription.ts';

const delivery: readonly Mutation[] = [
  mutation('sending() is not called', connection, '    sink.sending();\n', ''),
  mutation(
    'sending() is called late',
    connection,
    '    sink.sending();\n    this.#send(text);',
    '    this.#send(text);\n    this.#context.clock.setTimer(50, () => sink.sending());',
  ),
  mutation('what was sent is said to be not-sent', 'session/operation.ts', 'this.place.attempt.delivery', "'not-sent'"),
  mutation('a stopped attempt is forgotten', 'session/endings.ts', '    operation.delivery = operation.reached;\n', ''),
  mutation(
    'an interrupted attempt is forgotten',
    'session/recovery.ts',
    "    if (operation.delivery !== 'unknown') operation.delivery = delivery;\n",
    '',
  ),
  mutation(
    'a session that gave up says not-sent',
    'session/operation-errors.ts',
    'attempts, false, reached)',
    'attempts, false)',
  ),
  mutation(
    'a completion is taken for an answer',
    'session/call.ts',
    'override finish(): void {',
    'override finish(): void {\n    this.deliver({ data: {} });',
  ),
  mutation(
    'an answer beyond the soft limit is delivered',
    connection,
    'if (bytes > maxMessageBytes) {',
    'if (bytes > 9 * maxMessageBytes) {',
  ),
  mutation(
    'the server is not told of a cancellation',
    connection,
    '    this.#forget(entry);\n    this.#send(this.#dialect.stop(id));',
    '    this.#forget(entry);',
  ),
  {
    name: 'an attempt that is over is still heard',
    patches: [
      { file: 'session/operation.ts', find: 'return this.operation.place === this.place;', replace: 'return true;' },
      {
        file: connection,
        find: '    this.#forget(entry);\n    this.#send(this.#dialect.stop(id));',
        replace: '    this.#send(this.#dialect.stop(id));',
      },
    ],
  },
];

const repetition: readonly Mutation[] = [
  mutation(
    'a lost mutation is to be sent again',
    'session/fate.ts',
    "return isHeld(operation, now) && hasAttempts(operation) ? 'again' : 'unknown';",
    "return hasAttempts(operation) ? 'again' : 'unknown';",
  ),
  mutation(
    'a mutation is sent again to a server that advertises no keys',
    'session/fate.ts',
    'return idempotencyWindowMs > 0 && isKnownThere && isHeld(operation, now);',
    'return true;',
  ),
  mutation(
    'it does not matter which memory holds a key',
    'session/fate.ts',
    'const isKnownThere = operation.key?.heldBy === idempotencyStore;',
    'const isKnownThere = true;',
  ),
  mutation('the window of a key is ignored', 'session/fate.ts', ' && operation.key.heldUntil > now', ''),
  mutation(
    'each send has a key of its own',
    'session/outgoing.ts',
    'const { key = randomKey(), heldUntil = now + windowMs, heldBy = store } = operation.key ?? {};',
    'const { heldUntil = now + windowMs, heldBy = store } = operation.key ?? {};\n    const key = randomKey();',
  ),
  mutation(
    'attempts are not counted',
    'session/fate.ts',
    'return operation.sends < operation.rule.attempts;',
    'return true;',
  ),
  {
    name: 'ids start anew on each connection',
    patches: [
      { file: dispatcher, find: 'import type { Outgoing }', replace: 'import { Outgoing }' },
      { file: dispatcher, find: 'readonly #outgoing: Outgoing;', replace: '#outgoing: Outgoing;' },
      {
        file: dispatcher,
        find: '  flush(): void {',
        replace: '  flush(): void {\n    if (this.#table.size === 1) this.#outgoing = new Outgoing();',
      },
    ],
  },
];

const trials: readonly Mutation[] = [
  mutation('nobody is suspected', changes, 'raisesSuspicion(failure)', 'false'),
  mutation('nobody is convicted', operations, 'culprit: current ? operation : undefined', 'culprit: undefined'),
  {
    name: 'what was cancelled before it proved harmless is forgotten',
    patches: [
      {
        file: operations,
        find: '    operation.place = settled;\n',
        replace: '    operation.place = settled;\n    if (this.onTrial === operation) this.#trial = undefined;\n',
      },
      {
        file: 'session/trials.ts',
        find: 'this.#stoppedOn.set(generation, { harmless: before && harmless });',
        replace: 'void before;',
      },
    ],
  },
  {
    name: 'suspects are tried in company',
    patches: [
      { file: dispatcher, find: '!this.#trials.mayBegin(link)', replace: 'false' },
      { file: operations, find: '!current || !inCompany || operation.accused', replace: 'true' },
    ],
  },
  mutation('what was not sent is suspected', operations, " || operation.place.attempt.delivery === 'not-sent'", ''),
  mutation('others are sent during a trial', operations, '    if (this.#trial !== undefined) return undefined;\n', ''),
];

const subscriptions: readonly Mutation[] = [
  mutation(
    'a gap is withheld',
    subscription,
    'if (pull === undefined) this.#waiting.pushGap(gap);',
    'if (pull === undefined) return;',
  ),
  mutation('a gap is swallowed by the one before it', 'session/event-buffer.ts', 'joined(last.gap, gap)', 'last.gap'),
  mutation(
    'a gap begins after the connection was lost',
    changes,
    "operation.interrupt('going-away', lastHeard);",
    "operation.interrupt('going-away', lastHeard + 2_000);",
  ),
  mutation(
    'a gap ends before the new start was sent',
    dispatcher,
    '    const request = this.#outgoing',
    '    operation.started(now);\n    const request = this.#outgoing',
  ),
  mutation('a full buffer does not park', subscription, 'if (buffer.full) this.#relieve(buffer);', ''),
  mutation(
    'what is parked stays parked',
    subscription,
    'if (this.heldBack && this.#buffer?.low) this.#owner.letGo(this);',
    '',
  ),
  mutation(
    'the server is not told of parking',
    'session/backpressure.ts',
    '#park(operation: Operation): void {\n    this.#endings.stop(operation);',
    '#park(operation: Operation): void {',
  ),
  mutation(
    'buffered events are lost at the end',
    subscription,
    'override finish(): void {',
    'override finish(): void {\n    this.#buffer = undefined;',
  ),
];

const connections: readonly Mutation[] = [
  mutation(
    'the end of an old connection is taken for that of the new one',
    machine,
    'state.generation !== event.generation) return unchanged(machine);\n  const [next, effects] = failed(',
    'false) return unchanged(machine);\n  const [next, effects] = failed(',
  ),
  mutation(
    'generations are used again',
    machine,
    'const generation = memory.generation + 1;',
    'const generation = Math.max(memory.generation, 1);',
  ),
  mutation(
    'a dead peer is not noticed',
    'session/link.ts',
    'if (this.watched) this.#act(this.#liveness.check(this.#clock.now(), this.mode));',
    '',
  ),
  mutation(
    'a retiring connection takes operations',
    'session/driver.ts',
    "return state.status === 'ready' ? this.#links.get(state.generation) : undefined;",
    "return this.#links.get(state.status === 'ready' ? state.generation : (this.retiring.at(-1) ?? 0));",
  ),
  mutation(
    'a retiring connection is forgotten for the next one',
    machine,
    '[...memory.retiring.slice(full ? 1 : 0), event.generation]',
    '[event.generation]',
  ),
  mutation('the backoff has no cap', 'session/retry.ts', 'Math.min(capMs, baseMs * 2 **', 'Math.max(0, baseMs * 2 **'),
  mutation(
    'every connection counts as stable',
    machine,
    'memory: { ...memory, contacted: true,',
    'memory: { ...memory, failures: 0, contacted: true,',
  ),
  mutation('Retry-After is ignored', machine, 'Math.max(backoffMs, cause.retryAfterMs ?? 0)', 'backoffMs'),
];

const queues: readonly Mutation[] = [
  mutation('any number may wait', operations, 'if (this.#waiting.size >= this.#bounds.maxWaiting) return false;', ''),
  mutation('any number may be in flight', operations, 'this.#callsInFlight >= this.#bounds.maxInFlight', 'false'),
  mutation(
    'a backlog holds nothing back',
    dispatcher,
    'link.backlogged ? undefined : this.#table.next()',
    'this.#table.next()',
  ),
  mutation(
    'a backlog is never over',
    'session/link.ts',
    "this.backlogged = level === 'high';",
    "this.backlogged ||= level === 'high';",
  ),
  mutation('who was interrupted comes back in reverse', operations, 'one.turn - other.turn', 'other.turn - one.turn'),
  mutation(
    'who was interrupted comes back last',
    operations,
    '[...operations, ...this.#waiting].sort((one, other) => one.turn - other.turn)',
    '[...this.#waiting, ...operations]',
  ),
];

const endings: readonly Mutation[] = [
  mutation('deadlines are swept once', 'session/deadlines.ts', '    this.#arm(next);\n', ''),
  mutation('closing leaves the timer of the deadlines', changes, '    deadlines.stop();\n', ''),
  mutation(
    'closing leaves the timer of the backoff',
    machine,
    "      cancel('backoff'),\n      cancel('stable'),",
    "      cancel('stable'),",
  ),
  mutation('closing gives no grace', machine, 'delayMs: event.graceMs', 'delayMs: 0'),
  mutation(
    'the grace has no end',
    machine,
    "      { type: 'set-timer', timer: 'grace', delayMs: event.graceMs },\n",
    '',
  ),
  mutation(
    'who comes back to a session that gave up is stranded',
    dispatcher,
    "if (state.status === 'failed') this.changes.gaveUp(state.cause, state.attempts);",
    '',
  ),
];

export const mutations: readonly Mutation[] = [
  ...delivery,
  ...repetition,
  ...trials,
  ...subscriptions,
  ...connections,
  ...queues,
  ...endings,
];
