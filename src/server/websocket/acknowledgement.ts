// The payload of `connection_ack`: what the application wants to say, and under the one key `holdfast` what this server can do
// for clients that know of it. Other clients look at neither.

import type { JsonObject } from '../../protocol/json.js';
import { bounded } from '../call-hook.js';
import type { ServerCore } from '../core.js';
import type { ResolvedLimits } from '../server-limits.js';

export type AckPayload = JsonObject | null | undefined;

type Parts = Pick<ServerCore, 'options' | 'timers' | 'report'>;

/**
 * `own` is what the application gave; with null it wants nothing said. `reauth`: whether its client may bring new credentials.
 * Never throws or rejects.
 */
export function makeAckPayload(core: Parts, own: AckPayload, reauth: boolean): AckPayload | Promise<AckPayload> {
  if (own === null) return null;
  const { idempotency, limits } = core.options;
  const said = { v: 1, limits: boundsOf(limits), ...(reauth && { reauth }) };
  if (idempotency === undefined || idempotency.hasRoom === false) return { ...own, holdfast: said };
  const { name, windowMs } = idempotency;
  const naming = (store: string): AckPayload => ({ ...own, holdfast: { ...said, idempotency: { windowMs, store } } });
  if (typeof name === 'string') return naming(name);
  return nameOf(core, name).then((store) => (store === undefined ? { ...own, holdfast: said } : naming(store)));
}

/** What one connection may ask for: a session of ours keeps within it. Rates without a bound are left out. */
function boundsOf({ operationsPerConnection, messagesPerSecond, messageBurst }: ResolvedLimits): JsonObject {
  const isBounded = Number.isFinite(messagesPerSecond) && Number.isFinite(messageBurst);
  return { operations: operationsPerConnection, ...(isBounded && { messagesPerSecond, burst: messageBurst }) };
}

/** Undefined where the store cannot say: then clients make no keys of their own. */
async function nameOf(core: Parts, name: Promise<string>): Promise<string | undefined> {
  try {
    return await bounded('name of the idempotency store', () => name, core.options.hookTimeoutMs, core.timers);
  } catch (error) {
    core.report(error, 'idempotency');
    return undefined;
  }
}
