// Opening a TCP listener for a testing tool: a promise instead of two events, and an error that says what to do.

import type { AddressInfo, Server } from 'node:net';
import { HoldfastError } from '../protocol/errors/holdfast-error.js';

/** Resolves with the port, once `server` listens. `what` names the tool in the error. */
export function listen(what: string, server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (cause: Error) => {
      const message = `${what} cannot listen on ${host}:${port}: ${cause.message}. Free the port, or leave it out for any free one.`;
      reject(new HoldfastError(message, { code: 'cannot-listen', phase: 'prepare', cause }));
    };
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
