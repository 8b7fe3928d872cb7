// Whose idempotency key it is: of a principal, where the application names one, else of the credentials that it came with.

import type { PrincipalContext } from '../hook-types.js';
import { canonicalJson } from './fingerprint.js';

export interface IdempotencyScope {
  /** Keys of different scopes have nothing to do with each other. */
  readonly scope: string;
  /** What has to be the same beside the operation when a key comes again; undefined where the scope says enough. */
  readonly credentials: string | undefined;
}

/**
 * The scope of an operation's idempotency key.
 *
 * With a principal, its keys are its own, whatever credentials it shows: a write that is repeated with a new token is known.
 *
 * Without one, all keys share one scope, and the credentials count as a part of the operation (the headers `authorization`
 * and `cookie`, and the connection's parameters): somebody else who uses the same key is told that it was used for something
 * else, instead of getting an answer that is not theirs, and so is the same client with a rotated token, instead of running its
 * write a second time. Where tokens or cookies change while keys are remembered, give the server the hook `principal`.
 */
export function idempotencyScope(
  principal: string | undefined,
  { headers, connectionParams }: Pick<PrincipalContext, 'headers' | 'connectionParams'>,
): IdempotencyScope {
  if (principal !== undefined) return { scope: `principal:${principal}`, credentials: undefined };
  const { authorization = null, cookie = null } = headers;
  return { scope: 'everybody', credentials: canonicalJson([authorization, cookie, connectionParams ?? null]) };
}
