// How much one subscription holds for a slow consumer, and what happens when that is not enough.

import { OptionError } from '../protocol/errors/option-error.js';
import { checkNumberOption, describe, refuseUnknownOptions } from '../protocol/options.js';

/**
 * What happens when the buffer is full:
 * - `park`: the server is told to stop, and the subscription is started again when a quarter is left, with a gap. Where the
 *   transport can hold back one operation alone, it does that first, and nothing is missed;
 * - `drop-oldest`: the oldest events give way to the newest, and a gap in their place says how many;
 * - `latest`: everything gives way to the newest event, and a gap in its place says how many;
 * - `fail`: the subscription ends with a BufferFullError after what is buffered.
 */
export type WhenFull = 'park' | 'drop-oldest' | 'latest' | 'fail';

export interface BufferOptions {
  /** Events that wait for a slow consumer of one subscription. Default 1,000. */
  readonly maxEvents?: number | undefined;
  /** Bytes of them, as received. Default 4 MiB. A single event may be larger: it is kept alone. */
  readonly maxBytes?: number | undefined;
  /** Default `park`, which loses nothing where the server can resume and tells of a gap where it cannot. */
  readonly whenFull?: WhenFull | undefined;
}

export interface BufferSize {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

export interface BufferBounds extends BufferSize {
  readonly whenFull: WhenFull;
}

export const defaultBuffer: BufferBounds = { maxEvents: 1_000, maxBytes: 4 * 2 ** 20, whenFull: 'park' };

const policies: readonly unknown[] = ['park', 'drop-oldest', 'latest', 'fail'] satisfies WhenFull[];

/** What is given, and the rest from `defaults`. Throws an OptionError. */
export function resolveBuffer(buffer: BufferOptions | undefined, defaults: BufferBounds): BufferBounds {
  if (buffer === undefined) return defaults;
  if (typeof buffer !== 'object' || buffer === null || Array.isArray(buffer)) {
    throw new OptionError('buffer', `Option "buffer" must be an object; it is ${describe(buffer)}.`);
  }
  refuseUnknownOptions('buffer', buffer, Object.keys(defaultBuffer));
  checkNumberOption('buffer.maxEvents', buffer.maxEvents, 1);
  checkNumberOption('buffer.maxBytes', buffer.maxBytes, 1);
  const { maxEvents = defaults.maxEvents, maxBytes = defaults.maxBytes, whenFull = defaults.whenFull } = buffer;
  if (!policies.includes(whenFull)) {
    const message = `Option "buffer.whenFull" must be one of ${policies.join(', ')}; it is ${describe(whenFull)}.`;
    throw new OptionError('buffer.whenFull', message);
  }
  return { maxEvents, maxBytes, whenFull };
}
