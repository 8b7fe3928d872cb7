// Waiting for what a session does: by its events where it has some, else turn by turn of the event loop, always bounded.

import type { Session } from '../../../../src/session/session.js';
import type { SessionState } from '../../../../src/session/state.js';

const boundMs = 20_000;

type StateOf<Status> = Extract<SessionState, { readonly status: Status }>;

/** Resolves with the first state of this status, the present one included, that `matching` accepts. */
export function reached<Status extends SessionState['status']>(
  session: Session,
  status: Status,
  matching: (state: StateOf<Status>) => boolean = () => true,
): Promise<StateOf<Status>> {
  return new Promise((resolve, reject) => {
    const look = (state: SessionState): void => {
      if (state.status !== status || !matching(state as StateOf<Status>)) return;
      leave();
      resolve(state as StateOf<Status>);
    };
    const bound = setTimeout(() => {
      leave();
      reject(new Error(`The session did not become ${status}: ${JSON.stringify(session.state)}`));
    }, boundMs);
    const off = session.on('state', look);
    const leave = (): void => {
      off();
      clearTimeout(bound);
    };
    look(session.state);
  });
}

/** Resolves when the session is ready on this generation or a later one. */
export function readyAgain(session: Session, generation: number): Promise<StateOf<'ready'>> {
  return reached(session, 'ready', (state) => state.generation >= generation);
}

/** The states of a session from now on, the present one first. */
export function statesOf(session: Session): SessionState[] {
  const states = [session.state];
  session.on('state', (state) => states.push(state));
  return states;
}

/** Resolves when the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + boundMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`This never came true: ${condition}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Lets the event loop turn, for what must not happen meanwhile. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** What a promise was rejected with; fails where it was not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('It was expected to reject, and did not.');
}

/** Whether a promise has settled already. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  const turn = new Promise((resolve) => setImmediate(() => resolve(pending)));
  return (await Promise.race([promise.catch(() => undefined), turn])) !== pending;
}
