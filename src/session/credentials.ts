// Where the credentials of each connection come from: a plain object, or a provider that is asked for every one.

import { OptionError } from '../protocol/errors/option-error.js';
import { writeDown } from '../protocol/json-text.js';
import {
  checkHeadersOption,
  checkNumberOption,
  describe,
  hidesItsContents,
  refuseUnknownOptions,
} from '../protocol/options.js';
import type { Clock, Credentials, Failure } from '../transport/contract.js';
import { OpenError } from '../transport/open-error.js';

/** Why credentials are wanted. */
export interface CredentialsReason {
  /**
   * - `open`: for a new connection;
   * - `refused`: for a new connection, after the server did not accept the last ones: they must not come out of a cache;
   * - `expiring`: for the connection in use, before the last ones expire.
   */
  readonly reason: 'open' | 'expiring' | 'refused';
  /** Which try in a row this is, from 1. */
  readonly attempt: number;
  /** How the server refused, or why the last renewal failed. */
  readonly failure?: Failure | undefined;
}

/**
 * Asked before every connection is opened, and before the credentials in use expire where they can be renewed; never twice at
 * a time. A provider that throws or takes longer than 10 s is a failed attempt.
 */
export type CredentialsProvider = (
  why: CredentialsReason & {
    /** Aborted when the answer is not needed any more. */
    readonly signal: AbortSignal;
  },
) => Credentials | Promise<Credentials>;

/** How long a provider may take, ms. */
const providerTimeoutMs = 10_000;

const none: Credentials = {};

interface Asking {
  readonly answer: Promise<Credentials>;
  readonly giveUp: () => void;
}

export class CredentialsSource {
  readonly #source: Credentials | CredentialsProvider;
  readonly #clock: Clock;
  /** The question that is out, for everybody who wants its answer. */
  #asking: Asking | undefined;
  #newest: Credentials | undefined;

  constructor(source: Credentials | CredentialsProvider | undefined, clock: Clock) {
    if (source !== undefined && typeof source !== 'function') checkCredentials('credentials', source);
    this.#source = source ?? none;
    this.#clock = clock;
  }

  /** A plain object stays what it is: asking again gives the same. */
  get canRefresh(): boolean {
    return typeof this.#source === 'function';
  }

  /** What came instead of others that were refused or about to expire, where no connection was opened with newer ones since. */
  get newest(): Credentials | undefined {
    return this.#newest;
  }

  /** Every answer is an object of its own. Rejects with an OpenError whose message holds nothing of the credentials. */
  async get(why: CredentialsReason): Promise<Credentials> {
    const provider = this.#source;
    if (typeof provider !== 'function') return provider;
    this.#asking ??= this.#ask(provider, why);
    return this.#asking.answer;
  }

  /** The session is being closed: nobody needs the answer any more. */
  giveUp(): void {
    this.#asking?.giveUp();
  }

  #ask(provider: CredentialsProvider, why: CredentialsReason): Asking {
    const asked = new AbortController();
    let giveUp = (): void => {};
    const answer = new Promise<Credentials>((resolve, reject) => {
      const fail = (failure: Failure): void => {
        asked.abort();
        reject(new OpenError(failure));
      };
      const cancelTimer = this.#clock.setTimer(providerTimeoutMs, () => {
        fail(failed(`The credentials provider took longer than ${providerTimeoutMs} ms.`));
      });
      giveUp = () => {
        cancelTimer();
        fail({ ...failed('The session was closed while the credentials provider was asked.'), code: 'aborted' });
      };
      answerOf(provider, { ...why, signal: asked.signal })
        .then(resolve, reject)
        .finally(cancelTimer);
    });
    const over = (newest: Credentials | undefined): void => {
      this.#asking = undefined;
      this.#newest = newest;
    };
    answer.then(
      (credentials) => over(why.reason === 'open' ? undefined : credentials),
      () => over(this.#newest),
    );
    return { answer, giveUp };
  }
}

async function answerOf(provider: CredentialsProvider, why: Parameters<CredentialsProvider>[0]): Promise<Credentials> {
  try {
    const given = await provider(why);
    checkCredentials('credentials', given);
    // A provider may keep one object and change it.
    const { headers, connectionParams, expiresAt } = given;
    return { headers, connectionParams, expiresAt };
  } catch (cause) {
    throw new OpenError(failed('The credentials provider failed.', cause));
  }
}

function failed(message: string, cause?: unknown): Failure {
  return { code: 'credentials', phase: 'connect', message, cause };
}

function checkCredentials(option: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || hidesItsContents(value)) {
    // Text may be the secret itself: it is not repeated.
    const what = typeof value === 'string' ? 'text' : value instanceof Promise ? 'a promise' : describe(value);
    throw new OptionError(
      option,
      `Option "${option}" must be an object or a function that returns one; it is ${what}.`,
    );
  }
  refuseUnknownOptions(option, value, ['headers', 'connectionParams', 'expiresAt']);
  const { headers, connectionParams, expiresAt } = value as Credentials;
  checkHeadersOption(`${option}.headers`, headers);
  checkNumberOption(`${option}.expiresAt`, expiresAt, 0);
  writeDown(`${option}.connectionParams`, connectionParams);
}
