// The decision about an upgrade request before any WebSocket is opened: whether the server takes part at all, whether the page
// that asks may, and whether there is a place. What refuses is an ordinary HTTP response, which every runtime can send.

import type { ServerCore } from '../core.js';
import type { RequestHeaders } from '../hook-types.js';
import type { PlainResponse } from '../http/plain.js';
import { isOriginAllowed } from '../origin.js';
import { originRefused } from '../refused-origin.js';

/** `leave` gives back the place that was taken, once; whoever opens the socket hands it on with it. */
export type Screened =
  | { readonly type: 'welcome'; readonly leave: () => void }
  | { readonly type: 'refused'; readonly response: PlainResponse & { readonly body: string } };

export function screenUpgrade(
  core: Pick<ServerCore, 'options' | 'life' | 'admission' | 'telemetry' | 'report'>,
  headers: RequestHeaders,
): Screened {
  if (!core.life.isReady) return refused(503, 'The server is shutting down. Connect again.', 1);
  const { allowedOrigins, limits } = core.options;
  const { origin, host } = headers;
  if (origin !== undefined && !isOriginAllowed(origin, host, allowedOrigins)) {
    originRefused(core, origin);
    return refused(
      403,
      `Pages of ${origin} may not open a WebSocket to ${host ?? 'this server'}. Name their origin in the server's option "allowedOrigins" if they should.`,
    );
  }
  const leave = core.admission.enter();
  if (leave !== undefined) return { type: 'welcome', leave };
  core.telemetry.limited('limits.connections');
  return refused(
    503,
    `The server has ${limits.connections} connections, as many as its option "limits.connections" allows. Try again later.`,
    5,
  );
}

function refused(status: number, sentence: string, retryAfterSeconds?: number): Screened {
  const headers: Record<string, string> = { 'Content-Type': 'text/plain; charset=utf-8' };
  if (retryAfterSeconds !== undefined) headers['Retry-After'] = `${retryAfterSeconds}`;
  return { type: 'refused', response: { status, headers, body: `${sentence}\n` } };
}
