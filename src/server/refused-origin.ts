// A page of an origin that may not use the server was turned away. Browsers do not tell a page why, and it may be one of the
// operator's own: so the operator is told of the first few origins, and of no more, because anybody may put a page anywhere.

import { HoldfastError } from '../protocol/errors/holdfast-error.js';
import type { ServerCore } from './core.js';

const mostTold = 5;
/** Of what a peer says. */
const maxShownLength = 200;

/** By server. */
const told = new WeakMap<object, Set<string>>();

/** @param origin As the page's browser says it, or as anybody says who is none: what is no origin is counted and not told. */
export function originRefused({ telemetry, report }: Pick<ServerCore, 'telemetry' | 'report'>, origin: string): void {
  telemetry.limited('allowedOrigins');
  const known = told.get(telemetry) ?? new Set();
  told.set(telemetry, known);
  if (known.size === mostTold || known.has(origin) || origin.length > maxShownLength || !isOrigin(origin)) return;
  known.add(origin);
  const message = `A page of "${origin}" was turned away, and its browser does not tell it why. If it is yours, name its origin in the option "allowedOrigins". Each origin is told of once, and ${mostTold} of them at the most.`;
  report(new HoldfastError(message, { code: 'origin-not-allowed', phase: 'handshake' }), 'limit');
}

/** RFC 6454, section 6.2: ASCII, so that nothing in it is read as something else. */
function isOrigin(text: string): boolean {
  return text === 'null' || /^[a-z][a-z\d+.-]*:\/\/[\w.:[\]-]+$/i.test(text);
}
