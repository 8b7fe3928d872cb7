// Where the credentials of each connection come from: a plain object, or a provider that is asked for every one.

import { OptionError } from '../protocol/errors/option-error.js';
import { writeDown } from '../protocol/json-text.js';
import { describe, refuseUnknownOptions } from '../protocol/options.js';
import type { Clock, Credentials, Failure } from '../transport/contract.js';
import { OpenError } from '../transport/open-error.js';

/**
 * Asked before every connection is opened. `refused`: the server did not accept the last ones, which `failure` tells.
 * A provider that throws or takes longer than 10 s is a failed attempt to connect.
 */
export type CredentialsProvider = (why: {
  readonly reason: 'open' | 'expiring' | 'refused';
  readonly attempt: number;
  readonly failure?: Failure | undefined;
  /** Aborted when the answer is not needed any more. */
  readonly signal: AbortSignal;
}) => Credentials | Promise<Credentials>;

/** How long a provider may take, ms. */
const providerTimeoutMs = 10_000;

const none: Credentials = {};

export class CredentialsSource {
  readonly #source: Credentials | CredentialsProvider;
  readonly #clock: Clock;

  constructor(source: Credentials | CredentialsProvider | undefined, clock: Clock) {
    if (source !== undefined && typeof source !== 'function') checkCredentials('credentials', source);
    this.#source = source ?? none;
    this.#clock = clock;
  }

  /** A plain object stays what it is: asking again gives the same. */
  get canRefresh(): boolean {
    return typeof this.#source === 'function';
  }

  /** Rejects with an OpenError whose message holds nothing of the credentials. */
  async get(attempt: number, refused: Failure | undefined, signal: AbortSignal): Promise<Credentials> {
    const provider = this.#source;
    if (typeof provider !== 'function') return provider;
    const why = { reason: refused === undefined ? 'open' : 'refused', attempt, failure: refused } as const;
    try {
      const credentials = await this.#withinTime(async (asked) => provider({ ...why, signal: asked }), signal);
      checkCredentials('credentials', credentials);
      return credentials;
    } catch (cause) {
      if (cause instanceof OpenError) throw cause;
      throw failed('The credentials provider failed.', cause);
    }
  }

  #withinTime(ask: (asked: AbortSignal) => Promise<Credentials>, signal: AbortSignal): Promise<Credentials> {
    return new Promise((resolve, reject) => {
      const asking = new AbortController();
      const giveUp = (message: string): void => {
        asking.abort();
        reject(failed(message, undefined));
      };
      const cancelTimer = this.#clock.setTimer(providerTimeoutMs, () => {
        giveUp(`The credentials provider took longer than ${providerTimeoutMs} ms.`);
      });
      const aborted = (): void => {
        cancelTimer();
        giveUp('The session was closed while the credentials provider was asked.');
      };
      signal.addEventListener('abort', aborted, { once: true });
      ask(asking.signal)
        .then(resolve, reject)
        .finally(() => {
          cancelTimer();
          signal.removeEventListener('abort', aborted);
        });
    });
  }
}

function failed(message: string, cause: unknown): OpenError {
  return new OpenError({ code: 'credentials', phase: 'connect', message, cause });
}

function checkCredentials(option: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    // Text may be the secret itself: it is not repeated.
    const what = typeof value === 'string' ? 'text' : describe(value);
    throw new OptionError(
      option,
      `Option "${option}" must be an object or a function that returns one; it is ${what}.`,
    );
  }
  refuseUnknownOptions(option, value, ['headers', 'connectionParams', 'expiresAt']);
  const { connectionParams } = value as Credentials;
  writeDown(`${option}.connectionParams`, connectionParams);
}
