// How an adapter is closed: what all of them take.

import { checkNumberOption, refuseUnknownOptions } from '../../protocol/options.js';
import { longestWaitMs } from '../timers.js';

export interface CloseOptions {
  /** How long requests and streams in flight and the closing handshakes may take, ms; then they are cut off. Default 1,000. */
  readonly graceMs?: number | undefined;
}

/** @throws OptionError */
export function resolveGrace(options: CloseOptions): number {
  refuseUnknownOptions('the options of close', options, ['graceMs']);
  const { graceMs = 1_000 } = options;
  checkNumberOption('graceMs', graceMs, 0, longestWaitMs);
  return graceMs;
}
