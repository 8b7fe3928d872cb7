// Renews the credentials of the connection in use before they expire and when the server did not accept them, where the
// connection can take new ones. A provider that fails is asked again while there is time; after that the server decides.

import type { Clock, Credentials, Failure } from '../transport/contract.js';
import { OpenError } from '../transport/open-error.js';
import type { CredentialsSource } from './credentials.js';
import type { Link } from './link.js';

/** How long before they expire, ms; a quarter of what is left where that is less. */
const leadMs = 30_000;
/** With less time than this it is too late, ms. */
const tooLateMs = 500;

/** Whether there are other credentials: `now`, because they were asked for; `before`, since those that were refused; `no`. */
export type Renewed = 'now' | 'before' | 'no';

export interface RenewalOwner {
  renewed(link: Link): void;
  renewalFailed(link: Link, failure: Failure): void;
}

export class Renewal {
  readonly #source: CredentialsSource;
  readonly #clock: Clock;
  readonly #owner: RenewalOwner;
  #link: Link | undefined;
  #cancelTimer: (() => void) | undefined;
  #refreshing: Promise<Renewed> | undefined;

  constructor(source: CredentialsSource, clock: Clock, owner: RenewalOwner) {
    this.#source = source;
    this.#clock = clock;
    this.#owner = owner;
  }

  /** From now on this connection's are renewed. */
  watch(link: Link): void {
    this.#cancelTimer?.();
    this.#link = link;
    const { expiresAt } = link.credentials;
    if (expiresAt === undefined || !this.#source.canRefresh || link.connection.reauthenticate === undefined) return;
    const leftMs = expiresAt - this.#clock.now();
    this.#renewIn(leftMs - Math.min(leadMs, leftMs / 4), link, expiresAt, 1, undefined);
  }

  /** The connection has ended, or takes no new operations. */
  forget(link: Link): void {
    if (this.#link !== link) return;
    this.#cancelTimer?.();
    this.#link = undefined;
  }

  /**
   * The server did not accept what was sent with these credentials: asks for new ones for the connection in use, unless newer
   * ones are there already.
   */
  async refused(link: Link | undefined, failure: Failure, credentials: Credentials): Promise<Renewed> {
    if (!this.#source.canRefresh) return 'no';
    // Another connection, also one that is yet to come, is opened with credentials of its own.
    if (link?.credentials !== credentials) return 'before';
    if (link.connection.reauthenticate === undefined) return 'no';
    const { newest = credentials } = this.#source;
    if (newest !== credentials) {
      this.#use(link, newest);
      return 'before';
    }
    this.#refreshing ??= this.#refresh(link, failure).finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refresh(link: Link, failure: Failure): Promise<Renewed> {
    try {
      const credentials = await this.#source.get({ reason: 'refused', attempt: 1, failure });
      if (this.#link !== link) return 'before';
      this.#use(link, credentials);
      return 'now';
    } catch (error) {
      if (error instanceof OpenError) this.#owner.renewalFailed(link, error.failure);
      return 'no';
    }
  }

  #use(link: Link, credentials: Credentials): void {
    if (this.#link !== link) return;
    link.credentials = credentials;
    link.connection.reauthenticate?.(credentials);
    this.#owner.renewed(link);
    this.watch(link);
  }

  #renewIn(delayMs: number, link: Link, expiresAt: number, attempt: number, failure: Failure | undefined): void {
    if (expiresAt - this.#clock.now() < tooLateMs) return;
    const renew = (): void => void this.#renew(link, expiresAt, attempt, failure);
    this.#cancelTimer = this.#clock.setTimer(delayMs, renew);
  }

  async #renew(link: Link, expiresAt: number, attempt: number, last: Failure | undefined): Promise<void> {
    let credentials: Credentials;
    try {
      credentials = await this.#source.get({ reason: 'expiring', attempt, failure: last });
    } catch (error) {
      if (this.#link !== link || !(error instanceof OpenError)) return;
      const { failure } = error;
      this.#owner.renewalFailed(link, failure);
      this.#renewIn((expiresAt - this.#clock.now()) / 2, link, expiresAt, attempt + 1, failure);
      return;
    }
    this.#use(link, credentials);
  }
}
