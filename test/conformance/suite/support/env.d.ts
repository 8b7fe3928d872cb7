import type { Env, Task } from '../../environment.js';

/** Runs one task in the place where it is imported, and closes every session that the task has opened. */
export function perform(task: Task, place: Pick<Env, 'holdfast' | 'control' | 'transport'>): Promise<void>;
