// What a Holdfast server says about itself in the headers of its answers: `Holdfast-Idempotency: 86400000;store=NAME;shared`, for
// how many milliseconds it remembers idempotency keys, and where. Requests of a pool may reach any server behind an address, so
// only a memory that all of them share counts.

import type { Capabilities, ResponseHead } from '../contract.js';

const shared = /^(\d{1,12});store=([\w.~%!'()*-]{1,256});shared$/;

/** The same capabilities where the answer says nothing new. */
export function withAdvertised(known: Capabilities, { headers }: ResponseHead): Capabilities {
  const advertised = headers['holdfast-idempotency'];
  if (advertised === undefined) return known;
  const [, windowMs, store] = shared.exec(advertised) ?? [];
  const idempotencyWindowMs = windowMs === undefined ? 0 : Number(windowMs);
  if (known.idempotencyWindowMs === idempotencyWindowMs && known.idempotencyStore === store) return known;
  return { ...known, idempotencyWindowMs, idempotencyStore: store };
}
