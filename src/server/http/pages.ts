// What is served beside the endpoint, each on a path of its own: whether the process lives, whether it is ready, and its figures.

import type { ServerCore } from '../core.js';
import { metricsContentType, renderMetrics } from '../telemetry/metrics.js';
import type { ResolvedEndpointOptions } from './endpoint-options.js';
import type { PlainRequest, PlainResponse } from './plain.js';
import { plainText } from './replies.js';

/** Undefined where the path is none of theirs. */
export function answerPage(
  core: ServerCore,
  { healthPath, readinessPath, metricsPath }: ResolvedEndpointOptions,
  path: string,
  { method }: PlainRequest,
): PlainResponse | undefined {
  if (path !== healthPath && path !== readinessPath && path !== metricsPath) return undefined;
  if (method !== 'GET' && method !== 'HEAD') {
    const refused = plainText(405, 'Ask with GET.\n');
    return { ...refused, headers: { ...refused.headers, Allow: 'GET, HEAD' } };
  }
  if (path === healthPath) return plainText(200, 'ok\n');
  if (path === readinessPath) return core.life.isReady ? plainText(200, 'ready\n') : plainText(503, 'draining\n');
  return { status: 200, headers: { 'Content-Type': metricsContentType }, body: renderMetrics(core) };
}
