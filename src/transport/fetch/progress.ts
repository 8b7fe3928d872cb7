// Uploads that want to hear of their progress, on platforms that take a request's body only as a whole: they are sent, without
// the progress, and a program is told once.

import type { HttpRequest } from '../http/exchange.js';
import { withoutProgress } from '../http/upload-body.js';
import { streamsBodies } from './platform.js';

let warned = false;

/** The request as this platform can send it. */
export function withWholeBody(request: HttpRequest): HttpRequest {
  const { body } = request;
  if (typeof body !== 'object' || streamsBodies()) return request;
  const whole = withoutProgress(body);
  if (whole === body) return request;
  if (!warned) {
    warned = true;
    console.warn(
      "holdfast: an upload's onProgress is not called here: this platform's fetch takes the body of a request as a whole, and does not tell how much of it is sent. The file is sent all the same.",
    );
  }
  return { ...request, body: whole };
}
