// The place that an answer takes which stays open: one among all connections of the server, and one among those of whoever asks.

import { toGraphQLError } from '../../protocol/to-graphql-error.js';
import type { ServerCore } from '../core.js';
import { isMeantForClients } from '../execution/masking.js';
import { enterAsPrincipal, namePrincipal } from '../principal.js';
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
  const { headers, remoteAddress } = request;
  let name: string | undefined;
  try {
    name = await namePrincipal(core, { headers, connectionParams: undefined, connection: {}, remoteAddress });
  } catch (error) {
    leave();
    if (isMeantForClients(error)) return { status: 400, result: { errors: [toGraphQLError(error)] } };
    report(error, 'principal');
    return fault(500, 'Internal server error', 'INTERNAL_SERVER_ERROR');
  }
  const leaveAs = enterAsPrincipal(core, name, remoteAddress);
  if (leaveAs === undefined) {
    leave();
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

function noPlace(status: number, message: string): Answer {
  return fault(status, message, 'LIMIT_EXCEEDED', { 'Retry-After': '5' });
}
