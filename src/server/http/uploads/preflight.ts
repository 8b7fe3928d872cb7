// Forms that a page of another site has sent are not executed. A browser sends multipart/form-data anywhere without asking first;
// with a header of its own it has to ask (Fetch standard, section 3.3 "CORS protocol"), so one of these has to be there.

import type { RequestHeaders } from '../../hook-types.js';

/** The first is ours; the others are what clients of Apollo's servers send. */
export const preflightHeaders: readonly string[] = [
  'graphql-require-preflight',
  'apollo-require-preflight',
  'x-apollo-operation-name',
];

export function hasPreflight(headers: RequestHeaders): boolean {
  return preflightHeaders.some((name) => (headers[name] ?? '') !== '');
}
