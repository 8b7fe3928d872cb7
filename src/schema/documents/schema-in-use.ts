// The schema that a session's calls are checked against: loaded from somewhere, again after failures, and again where it may
// be older than its server. It has no timers: what is due is done when a call comes.

import type { InterceptorSession } from '../../session/interceptors.js';
import type { Schema } from '../schema.js';

/** How long what a server told is believed to be what it would tell now, and how long it is left alone after a failure, ms. */
const believedMs = 60_000;
/** The same after many failures in a row, ms. */
const longestPauseMs = 60 * 60_000;

export interface LoadedNow {
  readonly schema: Schema;
  /** When its server was asked for it, ms since the epoch; `-Infinity` where nobody knows. */
  readonly askedAt: number;
}

export interface SchemaInUseSettings {
  readonly clock: InterceptorSession['clock'];
  /** `anew`: out of no cache. */
  readonly load: (anew: boolean) => Promise<LoadedNow>;
  readonly failed: (error: unknown) => void;
}

export class SchemaInUse {
  readonly #settings: SchemaInUseSettings;
  #latest: LoadedNow | undefined;
  #loading: Promise<Schema | undefined> | undefined;
  #failures = 0;
  #pauseUntil = Number.NEGATIVE_INFINITY;

  constructor(settings: SchemaInUseSettings) {
    this.#settings = settings;
  }

  /** Undefined: there is none yet. */
  get schema(): Schema | undefined {
    return this.#latest?.schema;
  }

  /** Loads it. Undefined, at once or in the end, where that failed lately or fails now. */
  load(): Promise<Schema | undefined> | undefined {
    if (this.#loading === undefined && this.#settings.clock.now() >= this.#pauseUntil) {
      this.#loading = this.#load().finally(() => {
        this.#loading = undefined;
      });
    }
    return this.#loading;
  }

  /** As its server has it now. Undefined where that cannot be had. */
  async upToDate(): Promise<Schema | undefined> {
    const { schema, askedAt = Number.NEGATIVE_INFINITY } = this.#latest ?? {};
    return this.#settings.clock.now() - askedAt < believedMs ? schema : this.load();
  }

  async #load(): Promise<Schema | undefined> {
    const { clock, load, failed } = this.#settings;
    try {
      this.#latest = await load(this.#latest !== undefined);
      this.#failures = 0;
      return this.#latest.schema;
    } catch (error) {
      this.#pauseUntil = clock.now() + Math.min(longestPauseMs, believedMs * 2 ** this.#failures);
      this.#failures += 1;
      failed(error);
      return undefined;
    }
  }
}
