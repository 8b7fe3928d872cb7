// Runs one task in the place where it is imported, in Node or in a page, and closes every session that the task has opened.

import { absences } from '../absences.js';
import { cases } from '../index.js';

/** @typedef {import('../../environment.js').Env} Env */
/** @typedef {Pick<Env, 'holdfast' | 'control' | 'transport'>} Place */

/**
 * @param {import('../../environment.js').Task} task
 * @param {Place} place
 */
export async function perform(task, place) {
  /** @type {import('../../../../src/index.js').Session[]} */
  const sessions = [];
  /** @type {Env} */
  const env = {
    ...place,
    open(options = {}) {
      const session = place.holdfast.createSession({
        transport: place.transport(),
        retry: { connect: { delayMs: () => 1 } },
        ...options,
      });
      // Somebody listens: it does not warn of failures that a case is about.
      session.on('state', () => {});
      sessions.push(session);
      return session;
    },
  };
  try {
    await find(task)(env);
  } finally {
    await Promise.all(sessions.map((session) => session.close({ graceMs: 0 })));
  }
}

/**
 * @param {import('../../environment.js').Task} task
 * @returns {(env: Env) => Promise<void>}
 */
function find(task) {
  if ('absent' in task) return absences[task.absent];
  const found = cases.find(({ name }) => name === task.case);
  if (found === undefined) throw new Error(`There is no case "${task.case}".`);
  return (env) => found.run(env);
}
