// What cases wait for: states, notices and events of a session, always bounded, never by time alone.

import { matches } from './assert.js';

/** @typedef {import('../../../../src/index.js').Session} Session */
/** @typedef {import('../../../../src/index.js').SessionState} SessionState */
/** @typedef {import('../../../../src/index.js').OperationNotice} OperationNotice */

const boundMs = 20_000;

/**
 * Settles as `promise` does, or rejects when that takes too long.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {() => string} what
 * @returns {Promise<T>}
 */
export function bounded(promise, what) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`This did not happen within ${boundMs} ms: ${what()}`)), boundMs);
  });
  return Promise.race([promise, /** @type {Promise<never>} */ (late)]).finally(() => clearTimeout(timer));
}

/**
 * Resolves with the first state of this status, the present one included, that `matching` accepts.
 *
 * @template {SessionState['status']} Status
 * @param {Session} session
 * @param {Status} status
 * @param {(state: Extract<SessionState, { readonly status: Status }>) => boolean} [matching]
 * @returns {Promise<Extract<SessionState, { readonly status: Status }>>}
 */
export function reached(session, status, matching = () => true) {
  /** @typedef {Extract<SessionState, { readonly status: Status }>} Wanted */
  /** @type {() => void} */
  let off = () => {};
  /** @type {Promise<Wanted>} */
  const come = new Promise((resolve) => {
    /** @param {SessionState} state */
    const look = (state) => {
      if (state.status === status && matching(/** @type {Wanted} */ (state))) resolve(/** @type {Wanted} */ (state));
    };
    off = session.on('state', look);
    look(session.state);
  });
  return bounded(come, () => `${status}; the state is ${JSON.stringify(session.state)}`).finally(() => off());
}

/**
 * Ends every connection. Resolves when the session knows, and before it connects again; where every request stands for
 * itself, it goes on as it was.
 *
 * @param {Session} session
 * @param {import('../../environment.js').Env} env
 */
export async function cutOff(session, { control, has }) {
  const waiting = has('one-connection') ? reached(session, 'waiting') : undefined;
  await control.cut();
  await waiting;
}

/**
 * Resolves when the session is ready on this generation or a later one; where every request stands for itself, it is.
 *
 * @param {Session} session
 * @param {number} generation
 * @param {import('../../environment.js').Env} env
 */
export async function readyAgain(session, generation, { has }) {
  const ready = await reached(session, 'ready', (state) => state.generation >= generation || !has('one-connection'));
  if (!has('one-connection')) matches(ready, { generation: 1 });
}

/**
 * What a session becomes from now on, the present state first. A state that changes within itself is there once.
 *
 * @param {Session} session
 */
export function statesOf(session) {
  /** @type {SessionState['status'][]} */
  const states = [session.state.status];
  session.on('state', ({ status }) => {
    if (states.at(-1) !== status) states.push(status);
  });
  return states;
}

/**
 * Counts the notices of operations that `matching` accepts; `reached(n)` resolves when there were as many.
 *
 * @param {Session} session
 * @param {(notice: OperationNotice) => boolean} matching
 */
export function counting(session, matching) {
  let count = 0;
  /** @type {{ readonly wanted: number, readonly resolve: () => void }[]} */
  const waiting = [];
  session.on('operation', (notice) => {
    if (!matching(notice)) return;
    count += 1;
    for (const { wanted, resolve } of waiting) if (count >= wanted) resolve();
  });
  return {
    /** @param {number} wanted */
    reached(wanted) {
      /** @type {Promise<void>} */
      const come = new Promise((resolve) => {
        waiting.push({ wanted, resolve });
        if (count >= wanted) resolve();
      });
      return bounded(come, () => `${wanted} notices; there were ${count}`);
    },
  };
}

/**
 * The next event, in short: its data, or the reason of a gap; `end` at the end.
 *
 * @param {AsyncIterator<import('../../../../src/index.js').SubscriptionEvent<any>, undefined>} subscription
 */
export async function nextOf(subscription) {
  const { done, value } = await bounded(subscription.next(), () => 'an event of a subscription');
  if (done === true) return 'end';
  return value.type === 'gap' ? value.gap.reason : value.data;
}

/**
 * Everything up to the end, the error that ended it included. Each event has its own time to come.
 *
 * @param {AsyncIterable<unknown>} events
 */
export async function all(events) {
  /** @type {unknown[]} */
  const seen = [];
  const iterator = events[Symbol.asyncIterator]();
  const next = async () => {
    try {
      return await iterator.next();
    } catch (error) {
      seen.push(error);
      return { done: true, value: undefined };
    }
  };
  for (;;) {
    const { done, value } = await bounded(next(), () => `the end, after ${seen.length} events`);
    if (done === true) return seen;
    seen.push(value);
  }
}

/**
 * @param {number} length
 * @returns {number[]}
 */
export function upTo(length) {
  return Array.from({ length }, (_, n) => n + 1);
}
