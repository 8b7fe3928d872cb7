// A page of an origin that may not use the server was turned away. Browsers do not tell a page why, and it may be one of the
// operator's own: so the operator is told, once, because anybody may put a page anywhere.

import { HoldfastError } from '../protocol/errors/holdfast-error.js';
import type { ServerCore } from './core.js';

/** Of what a peer says. */
const maxShownLength = 200;

const told = new WeakSet<object>();

export function originRefused({ telemetry, report }: Pick<ServerCore, 'telemetry' | 'report'>, origin: string): void {
  telemetry.limited('allowedOrigins');
  if (told.has(telemetry)) return;
  told.add(telemetry);
  const shown = JSON.stringify(origin.slice(0, maxShownLength));
  const message = `A page of ${shown} was turned away, and its browser does not tell it why. If it may use this server, name its origin in the option "allowedOrigins". This is said once.`;
  report(new HoldfastError(message, { code: 'origin-not-allowed', phase: 'handshake' }), 'limit');
}
