// How often a ready-made misbehaviour shows itself, before the server is healthy again.

import { checkNumberOption } from '../../../protocol/options.js';

export interface Limited {
  /** How often. Default: always. */
  readonly times?: number | undefined;
}

/** True for the first `times` calls, false afterwards. */
export function limit({ times }: Limited): () => boolean {
  checkNumberOption('times', times, 0);
  let left = times ?? Number.POSITIVE_INFINITY;
  return () => left-- > 0;
}
