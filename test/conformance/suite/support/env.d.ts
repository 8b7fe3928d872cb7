import type { Capability, Env, Task, Way } from '../../environment.js';

export interface Place extends Pick<Env, 'holdfast' | 'control' | 'transport'> {
  readonly way: Way;
  readonly lacks: readonly Capability[];
}

/** Runs one task in the place where it is imported, and closes every session that the task has opened. */
export function perform(task: Task, place: Place): Promise<void>;
