// What Holdfast's own clients and servers tell each other besides GraphQL, under the one key `holdfast` in the payloads of ping,
// pong and keep-alive messages: peers that do not know of it answer and ignore them.

import { isJsonObject, type JsonObject } from '../../protocol/json.js';

/** The new credentials in a client's ping: `{ holdfast: { auth: { ... } } }`. */
export function readCredentials(payload: JsonObject | undefined): JsonObject | undefined {
  const control = payload?.holdfast;
  return isJsonObject(control) && isJsonObject(control.auth) ? control.auth : undefined;
}

/** The payload of the pong that says that they were accepted. */
export const credentialsAccepted: JsonObject = { holdfast: { auth: true } };

/** The payload that says that clients should make no idempotency keys by themselves any more: there is no room for them. */
export const keysWithdrawn: JsonObject = { holdfast: { idempotency: null } };

/** The payload that says that a connection will be closed, by then at the latest. */
export function goingAway(reason: string, withinMs: number): JsonObject {
  return { holdfast: { goingAway: { reason, withinMs } } };
}
