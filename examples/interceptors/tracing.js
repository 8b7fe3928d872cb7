// Traces calls and, inside of them, every send: when each began, how long it took and how it ended. The ids travel in the
// extensions as W3C's traceparent, so that a server can go on with the same trace.

import { randomBytes } from 'node:crypto';
import { JsonText } from 'holdfast';

const traceparent = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/;

/** `report` gets each span when it has ended: { level, name, traceId, spanId, parentId, startedAt, durationMs, outcome }. */
export function tracing(report) {
  return { call: spans('call', report), attempt: spans('attempt', report) };
}

function spans(level, report) {
  return (next) => (request, sink) => {
    const [, traceId = id(16), parentId] = traceparent.exec(request.extensions?.value.traceparent) ?? [];
    const spanId = id(8);
    const startedAt = performance.now();
    let reported = false;
    const end = (outcome) => {
      if (reported) return;
      reported = true;
      const durationMs = performance.now() - startedAt;
      const name = `${request.kind} ${request.operationName ?? '(anonymous)'}`;
      report({ level, name, traceId, spanId, parentId, startedAt, durationMs, outcome });
    };
    const extensions = { ...request.extensions?.value, traceparent: `00-${traceId}-${spanId}-01` };
    const handle = next(
      { ...request, extensions: JsonText.of(extensions) },
      {
        ...sink,
        next: (result, bytes) => {
          // With its answer a query or mutation is over; a subscription goes on.
          if (request.kind !== 'subscription') end(result.errors === undefined ? 'answered' : 'answered with errors');
          sink.next(result, bytes);
        },
        error: (failure) => {
          end(failure.code);
          sink.error(failure);
        },
        complete: () => {
          end('completed');
          sink.complete();
        },
      },
    );
    return {
      ...handle,
      cancel: () => {
        end('cancelled');
        handle.cancel();
      },
    };
  };
}

/** So many random bytes in hexadecimal. */
function id(bytes) {
  return randomBytes(bytes).toString('hex');
}
