// Who a client counts as, where the connections of one principal are bounded: the name that the application gives, or else the
// address of its socket. What the bound turns away is told to the operator once, because behind a proxy it may be everybody.

import { HoldfastError } from '../protocol/errors/holdfast-error.js';
import { describe } from '../protocol/options.js';
import { bounded } from './call-hook.js';
import type { ServerCore } from './core.js';
import type { PrincipalContext } from './hook-types.js';

/** What the application calls a client; undefined where it gives no names, or none to this one. Throws or rejects as the hook does. */
export function namePrincipal(
  core: Pick<ServerCore, 'options' | 'timers'>,
  of: PrincipalContext,
): string | undefined | Promise<string | undefined> {
  const { principal, hookTimeoutMs } = core.options;
  if (principal === undefined) return undefined;
  const named = bounded<unknown>('principal', () => principal(of), hookTimeoutMs, core.timers);
  return named instanceof Promise ? named.then(checkName) : checkName(named);
}

function checkName(name: unknown): string | undefined {
  if (name === undefined || typeof name === 'string') return name;
  throw new HoldfastError(`The hook "principal" returned ${describe(name)}. Return a text, or undefined for nobody.`, {
    code: 'bad-hook-result',
    phase: 'handshake',
  });
}

/**
 * Takes a place among the connections of one principal; what it returns gives it back, once. Undefined where there is none.
 * A client whose address is not known, and that nobody names, counts for itself.
 */
export function enterAsPrincipal(
  core: Pick<ServerCore, 'options' | 'admission' | 'report' | 'telemetry'>,
  name: string | undefined,
  remoteAddress: string | undefined,
): (() => void) | undefined {
  // Those whom the application does not name are not told apart.
  const countedAs = core.options.principal === undefined ? remoteAddress : (name ?? '');
  if (countedAs === undefined) return () => {};
  const leave = core.admission.enterAs(countedAs);
  if (leave === undefined) turnedAway(core);
  return leave;
}

const told = new WeakSet<object>();

function turnedAway(core: Pick<ServerCore, 'options' | 'admission' | 'report' | 'telemetry'>): void {
  core.telemetry.limited('limits.connectionsPerPrincipal');
  if (told.has(core.admission)) return;
  told.add(core.admission);
  const { limits, principal } = core.options;
  const advice =
    principal === undefined
      ? 'Every address counts as one principal, so behind a proxy all clients do: tell them apart with the option "principal".'
      : 'Raise it where one principal may have more, and see that the option "principal" tells clients apart.';
  const message = `A client was turned away: one principal has ${limits.connectionsPerPrincipal} connections, as many as the option "limits.connectionsPerPrincipal" allows. ${advice} This is said once.`;
  core.report(new HoldfastError(message, { code: 'too-many-connections', phase: 'handshake' }), 'limit');
}
