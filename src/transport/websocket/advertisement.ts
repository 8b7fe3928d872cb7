// What a Holdfast server says about itself under the one key `holdfast`: its abilities in the acknowledgement, and notices in
// ping and keep-alive payloads. Other servers say nothing, and get a client that assumes nothing.

import { isJsonObject, type JsonObject } from '../../protocol/json.js';
import type { TokenBucketOptions } from '../../protocol/token-bucket.js';
import type { Capabilities } from '../contract.js';

const plain: Capabilities = {
  kind: 'connection',
  operations: ['query', 'mutation', 'subscription'],
  resume: false,
  reauthenticate: false,
  idempotencyWindowMs: 0,
};

/** What a server lets one connection ask for; undefined where it says nothing. */
export interface PeerLimits {
  /** Operations at one time, subscriptions included. */
  readonly operations: number | undefined;
  readonly messages: TokenBucketOptions | undefined;
}

/** Out of the acknowledgement's payload: `{ holdfast: { v: 1, reauth: true, idempotency: { windowMs, store } } }`. */
export function readCapabilities(ack: JsonObject | undefined): Capabilities {
  const { reauth, idempotency } = advertisedIn(ack);
  return { ...plain, reauthenticate: reauth === true, ...readIdempotency(idempotency) };
}

/** Out of the same: `{ holdfast: { v: 1, limits: { operations, messagesPerSecond, burst } } }`. */
export function readLimits(ack: JsonObject | undefined): PeerLimits {
  const { limits } = advertisedIn(ack);
  const { operations, messagesPerSecond: perSecond, burst } = isJsonObject(limits) ? limits : {};
  return {
    operations: isBound(operations) ? operations : undefined,
    messages: isBound(perSecond) && isBound(burst) ? { perSecond, burst } : undefined,
  };
}

function advertisedIn(ack: JsonObject | undefined): JsonObject {
  const advertised = ack?.holdfast;
  return isJsonObject(advertised) && advertised.v === 1 ? advertised : {};
}

function isBound(value: unknown): value is number {
  return typeof value === 'number' && value >= 1;
}

/** What a server says of its memory of keys: `{ windowMs, store }`; null where no keys are to be made any more. */
export function readIdempotency(said: unknown): Pick<Capabilities, 'idempotencyWindowMs' | 'idempotencyStore'> {
  const { windowMs, store } = isJsonObject(said) ? said : {};
  return {
    idempotencyWindowMs: typeof windowMs === 'number' && windowMs > 0 ? windowMs : 0,
    idempotencyStore: typeof store === 'string' ? store : undefined,
  };
}

/** Out of a notice: `{ goingAway: { reason, withinMs } }`. */
export function readGoingAway(
  control: JsonObject,
): { readonly reason: string; readonly withinMs: number | undefined } | undefined {
  const notice = control.goingAway;
  if (!isJsonObject(notice)) return undefined;
  const { reason, withinMs } = notice;
  return {
    reason: typeof reason === 'string' ? reason : '',
    withinMs: typeof withinMs === 'number' && withinMs >= 0 ? withinMs : undefined,
  };
}
