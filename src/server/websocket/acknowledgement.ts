// The payload of `connection_ack`: what the application wants to say, and under the one key `holdfast` what this server can do
// for clients that know of it. Other clients look at neither.

import type { JsonObject } from '../../protocol/json.js';
import { bounded } from '../call-hook.js';
import type { ServerCore } from '../core.js';

export type AckPayload = JsonObject | null | undefined;

type Parts = Pick<ServerCore, 'options' | 'timers' | 'report'>;

/**
 * `own` is what the application gave; with null it wants nothing said. `reauth`: whether its client may bring new credentials.
 * Never throws or rejects.
 */
export function makeAckPayload(core: Parts, own: AckPayload, reauth: boolean): AckPayload | Promise<AckPayload> {
  if (own === null) return null;
  const { idempotency } = core.options;
  if (idempotency === undefined || idempotency.hasRoom === false) return merge(own, reauth, undefined);
  const { name, windowMs } = idempotency;
  if (typeof name === 'string') return merge(own, reauth, { windowMs, store: name });
  return nameOf(core, name).then((store) => merge(own, reauth, store === undefined ? undefined : { windowMs, store }));
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

function merge(own: JsonObject | undefined, reauth: boolean, idempotency: JsonObject | undefined): AckPayload {
  if (!reauth && idempotency === undefined) return own;
  const holdfast = { v: 1, ...(reauth && { reauth }), ...(idempotency !== undefined && { idempotency }) };
  return { ...own, holdfast };
}
