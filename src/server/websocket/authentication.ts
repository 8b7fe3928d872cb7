// Who one connection belongs to, and until when: asks the application once when it is opened, and again when its client brings
// new credentials; counts it among those of its principal; and knows when the credentials are over.

import { OptionError } from '../../protocol/errors/option-error.js';
import type { JsonObject } from '../../protocol/json.js';
import { describe } from '../../protocol/options.js';
import { ConnectionRefused } from '../connection-refused.js';
import type { ServerCore } from '../core.js';
import type { ConnectContext, RequestHeaders } from '../hook-types.js';
import { enterAsPrincipal, namePrincipal } from '../principal.js';
import { type AckPayload, makeAckPayload } from './acknowledgement.js';
import { type Authorisation, authorise } from './connection-hooks.js';
import { Expiry } from './expiry.js';
import type { ConnectionScope } from './operation-scope.js';

/** `crowded`: its principal has as many connections as are allowed. */
export type Verdict = Authorisation | { readonly type: 'crowded' };

/** What is known of a peer before it has said anything. */
export interface Stranger {
  readonly headers: RequestHeaders;
  readonly remoteAddress: string | undefined;
  /** The application's own room, one per connection. */
  readonly connection: Record<string, unknown>;
}

export interface AuthenticationOwner {
  /** Whether its client has a way to bring new credentials. */
  readonly canRenew: boolean;
  /** The word on the init, with the payload of the ack; later that on new credentials. */
  judged(verdict: Verdict): void;
  /** What was accepted is good no longer. */
  expired(): void;
}

/** Until when one word of the application is good, as the timers count; `Infinity` where it did not say. */
interface Term {
  endsAt: number;
}

export const credentialsExpired = 'Credentials expired';

export class Authentication {
  /** What operations are told of the connection: with the credentials in force. */
  scope: ConnectionScope;
  readonly #core: ServerCore;
  readonly #stranger: Stranger;
  readonly #owner: AuthenticationOwner;
  /** Most credentials are good for ever. */
  #expiry: Expiry | undefined;
  /** While the application is asked. */
  #asking: AbortController | undefined;
  /** Credentials that came meanwhile: only the last of them count. */
  #next: { readonly connectionParams: JsonObject } | undefined;
  /** Of the credentials in force. */
  #term: Term | undefined;
  #leave: (() => void) | undefined;
  #stopped = false;
  #renewals = 0;

  constructor(core: ServerCore, stranger: Stranger, owner: AuthenticationOwner) {
    this.#core = core;
    this.#stranger = stranger;
    this.scope = { ...stranger, connectionParams: undefined, principal: undefined };
    this.#owner = owner;
  }

  /** With the payload of the init; the owner gets the verdict, perhaps at once. */
  begin(connectionParams: JsonObject | undefined): void {
    this.scope = { ...this.scope, connectionParams };
    this.#ask(connectionParams, 'connect', (word, term) => {
      if (word.type !== 'accepted') this.#owner.judged(word);
      else this.#findPrincipal(connectionParams, (name) => this.#enter(word.payload, term, name));
    });
  }

  /** New credentials for what was accepted. One at a time; a word on what has been replaced meanwhile counts for nothing. */
  renew(connectionParams: JsonObject): void {
    if (this.#asking !== undefined) {
      this.#next = { connectionParams };
      return;
    }
    this.#renewals += 1;
    this.#ask(connectionParams, 'reauthenticate', (word, term) => {
      const next = this.#next;
      if (next !== undefined) {
        this.#next = undefined;
        this.renew(next.connectionParams);
        return;
      }
      if (word.type !== 'accepted') this.#owner.judged(word);
      else {
        this.#findPrincipal(connectionParams, (name) => this.#goOn(word, connectionParams, term, name));
      }
    });
  }

  /** The connection is ending. */
  stop(): void {
    this.#stopped = true;
    this.#expiry?.stop();
    this.#asking?.abort();
    this.#asking = undefined;
  }

  /** The socket has ended. */
  leave(): void {
    this.#leave?.();
  }

  #ask(
    connectionParams: JsonObject | undefined,
    reason: ConnectContext['reason'],
    settled: (word: Authorisation, term: Term) => void,
  ): void {
    const asking = new AbortController();
    this.#asking = asking;
    const term: Term = { endsAt: Number.POSITIVE_INFINITY };
    const settle = (word: Authorisation): void => {
      // Whoever asked has gone: what the hook says, or how it failed, concerns nobody any more.
      if (this.#asking !== asking) return;
      this.#asking = undefined;
      settled(word.type === 'accepted' && this.#isOver(term) ? tooLate : word, term);
    };
    const word = authorise(this.#core, {
      ...this.#stranger,
      connectionParams,
      signal: asking.signal,
      reason,
      expireAt: (timeMs) => this.#limit(term, timeMs),
    });
    if (word instanceof Promise) void word.then(settle);
    else settle(word);
  }

  /** The moment that the application names is the calendar's, which may be set; the wait for it is not. */
  #limit(term: Term, timeMs: number): void {
    if (typeof timeMs !== 'number' || Number.isNaN(timeMs)) {
      throw new OptionError('expireAt', `expireAt takes milliseconds since 1970; it was given ${describe(timeMs)}.`);
    }
    term.endsAt = this.#core.timers.now() + (timeMs - Date.now());
    if (this.#term === term && !this.#stopped) this.#enforce(term);
  }

  #isOver(term: Term): boolean {
    return term.endsAt <= this.#core.timers.now();
  }

  #enforce(term: Term): void {
    this.#term = term;
    if (term.endsAt === Number.POSITIVE_INFINITY && this.#expiry === undefined) return;
    this.#expiry ??= new Expiry(this.#core.timers, () => this.#owner.expired());
    this.#expiry.setIn(term.endsAt - this.#core.timers.now());
  }

  #findPrincipal(connectionParams: JsonObject | undefined, then: (name: string | undefined) => void): void {
    const renewal = this.#renewals;
    const isOutdated = (): boolean => this.#stopped || renewal !== this.#renewals;
    const found = (name: string | undefined): void => {
      if (!isOutdated()) then(name);
    };
    const failed = (error: unknown): void => {
      if (!isOutdated()) this.#owner.judged({ type: 'failed', error, source: 'principal' });
    };
    let named: string | undefined | Promise<string | undefined>;
    try {
      named = namePrincipal(this.#core, { ...this.#stranger, connectionParams });
    } catch (error) {
      failed(error);
      return;
    }
    if (named instanceof Promise) void named.then(found, failed);
    else found(named);
  }

  /** With new credentials of the same principal: what it was counted as, and its idempotency keys, stay its own. */
  #goOn(word: Authorisation, connectionParams: JsonObject, term: Term, principal: string | undefined): void {
    if (principal !== this.scope.principal) {
      this.#owner.judged(somebodyElse);
      return;
    }
    this.scope = { ...this.scope, connectionParams };
    this.#enforce(term);
    this.#owner.judged(word);
  }

  #enter(own: AckPayload, term: Term, principal: string | undefined): void {
    this.scope = { ...this.scope, principal };
    this.#leave = enterAsPrincipal(this.#core, principal, this.#stranger.remoteAddress);
    if (this.#leave === undefined) {
      this.#owner.judged({ type: 'crowded' });
      return;
    }
    this.#enforce(term);
    const accepted = (payload: AckPayload): void => {
      if (!this.#stopped) this.#owner.judged({ type: 'accepted', payload });
    };
    const payload = makeAckPayload(this.#core, own, this.#owner.canRenew);
    if (payload instanceof Promise) void payload.then(accepted);
    else accepted(payload);
  }
}

const somebodyElse: Authorisation = {
  type: 'refused',
  refusal: new ConnectionRefused('These credentials belong to somebody else: open a connection for them'),
};
const tooLate: Authorisation = { type: 'refused', refusal: new ConnectionRefused(credentialsExpired) };
