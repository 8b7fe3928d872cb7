// How an application's connect hook turns a peer away: graphql-transport-ws closes with a code and a reason, the legacy
// protocol sends `connection_error` with a payload first.

import * as CloseCode from '../protocol/close-codes.js';
import { fitCloseReason } from '../protocol/close-reason.js';
import { OptionError } from '../protocol/errors/option-error.js';
import { isJsonObject, type JsonObject } from '../protocol/json.js';
import { describe } from '../protocol/options.js';

export interface ConnectionRefusedOptions {
  /** The close code for graphql-transport-ws, 4000 to 4999. Default 4403. The legacy protocol always closes with 1011. */
  readonly code?: number | undefined;
  /** The payload of the legacy `connection_error`. Default: an object with the reason as its `message`. */
  readonly payload?: JsonObject | undefined;
}

/**
 * Thrown or returned by `onConnect`: the peer is not accepted, and is told why. The reason reaches the peer, so keep
 * secrets out of it; what is beyond 123 bytes of UTF-8 is cut off.
 *
 * @example
 * ```ts
 * onConnect: ({ connectionParams }) => {
 *   if (connectionParams?.token !== secret) throw new ConnectionRefused('Unknown token');
 * }
 * ```
 */
export class ConnectionRefused extends Error {
  override readonly name: string = 'ConnectionRefused';
  readonly code: number;
  /** The reason in the close frame. */
  readonly reason: string;
  readonly payload: JsonObject;

  /** @throws OptionError for a code that is no application's code, or a payload that is no object. */
  constructor(reason: string = 'Forbidden', options: ConnectionRefusedOptions = {}) {
    super(reason);
    const { code = CloseCode.forbidden, payload = { message: reason } } = options;
    if (!Number.isInteger(code) || code < 4000 || code > 4999) {
      throw new OptionError(
        'code',
        `Option "code" of ConnectionRefused must be from 4000 to 4999; it is ${describe(code)}.`,
      );
    }
    if (!isJsonObject(payload)) {
      throw new OptionError(
        'payload',
        `Option "payload" of ConnectionRefused must be an object; it is ${describe(payload)}.`,
      );
    }
    this.code = code;
    this.reason = fitCloseReason(reason);
    this.payload = payload;
  }
}
