// The place that an answer takes which stays open: one among all connections of the server, and one among those of whoever asks.

import { bounded } from '../call-hook.js';
import type { ServerCore } from '../core.js';
import type { PrincipalContext } from '../hook-types.js';
import { type Answer, fault } from './answer.js';
import type { PlainRequest } from './plain.js';

/** What gives the place back, once; or what to answer where there is none. Never rejects. */
export async function takePlace(core: ServerCore, request: PlainRequest): Promise<(() => void) | Answer> {
  const { admission, telemetry, options, report } = core;
  const leave = admission.enter();
  if (leave === undefined) {
    telemetry.limited('limits.connections');
    return noPlace(
      503,
      `The server has ${options.limits.connections} connections, as many as its option "limits.connections" allows.`,
    );
  }
  let principal: string;
  try {
    principal = await principalOf(core, request);
  } catch (error) {
    leave();
    report(error, 'principal');
    return fault(500, 'Internal server error', 'INTERNAL_SERVER_ERROR');
  }
  const leaveAs = admission.enterAs(principal);
  if (leaveAs === undefined) {
    leave();
    telemetry.limited('limits.connectionsPerPrincipal');
    return noPlace(
      429,
      `You have ${options.limits.connectionsPerPrincipal} connections, as many as the server's option "limits.connectionsPerPrincipal" allows. End one of them first.`,
    );
  }
  return () => {
    leave();
    leaveAs();
  };
}

async function principalOf({ options, timers }: ServerCore, { headers, remoteAddress }: PlainRequest): Promise<string> {
  const { principal, hookTimeoutMs } = options;
  if (principal === undefined) return remoteAddress ?? '';
  const of: PrincipalContext = { headers, connectionParams: undefined, connection: {}, remoteAddress };
  return (await bounded('principal', () => principal(of), hookTimeoutMs, timers)) ?? '';
}

function noPlace(status: number, message: string): Answer {
  return fault(status, message, 'LIMIT_EXCEEDED', { 'Retry-After': '5' });
}
