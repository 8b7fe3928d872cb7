// How a peer is told that it is not accepted, or not any longer: graphql-transport-ws by a close code and a reason, the legacy
// protocol by `connection_error` and a close code that says little.

import * as CloseCode from '../../protocol/close-codes.js';
import type { JsonObject } from '../../protocol/json.js';
import type { ResolvedLimits } from '../server-limits.js';
import type { Verdict } from './authentication.js';

export interface Refusal {
  /** Of the legacy `connection_error`. */
  readonly payload: JsonObject;
  readonly code: number;
  readonly reason: string;
}

export const serverFault = 'Internal server error';

/** `strict` is graphql-transport-ws. */
export function refusalOf(
  verdict: Exclude<Verdict, { readonly type: 'accepted' }>,
  strict: boolean,
  { connectionsPerPrincipal }: Pick<ResolvedLimits, 'connectionsPerPrincipal'>,
): Refusal {
  switch (verdict.type) {
    case 'refused': {
      const { code, reason, payload } = verdict.refusal;
      return { payload, code: strict ? code : CloseCode.internalError, reason };
    }
    case 'failed': {
      const code = strict ? CloseCode.serverError : CloseCode.internalError;
      return { payload: { message: serverFault }, code, reason: serverFault };
    }
    case 'crowded': {
      const reason = `"limits.connectionsPerPrincipal" allows one principal ${connectionsPerPrincipal} connections`;
      return { payload: { message: reason }, code: CloseCode.tryAgainLater, reason };
    }
  }
}
