// What transports that are none of HTTP say to an operation with files: it fails at once, and for good, and is told what would
// carry it.

import type { Failure, Handle, Sink } from '../contract.js';

/** `carrier`: what the message says of the transport, as in `a WebSocket`. */
export function refuseUploads(sink: Sink, carrier: string): Handle {
  const failure: Failure = {
    code: 'bad-option',
    phase: 'operation',
    message: `It holds a file, and ${carrier} carries none. Files go over HTTP: endpoint(address) of "holdfast/route" sends queries and mutations there, undici(address) of "holdfast/undici" and viaFetch(address) of "holdfast/fetch" send everything.`,
    delivery: 'not-sent',
  };
  let cancelled = false;
  // A sink hears of no failure while its operation is being started.
  queueMicrotask(() => {
    if (!cancelled) sink.error(failure);
  });
  return {
    cancel: () => {
      cancelled = true;
    },
  };
}
