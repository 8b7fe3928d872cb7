// Runs one task in the place where it is imported, in Node or in a page, and closes every session that the task has opened.

import { absences } from '../absences.js';
import { cases } from '../index.js';

/** @typedef {import('../../environment.js').Env} Env */

/**
 * @param {import('../../environment.js').Task} task
 * @param {import('./env.d.ts').Place} place
 */
export async function perform(task, { way, lacks, ...place }) {
  /** @type {import('../../../../src/index.js').Session[]} */
  const sessions = [];
  const { credentials, lost, retry } = way;
  /** @type {Env} */
  const env = {
    ...place,
    credentials,
    lost,
    has: (capability) => !lacks.includes(capability),
    open(options = {}) {
      const session = place.holdfast.createSession({ transport: place.transport(), retry, ...options });
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
