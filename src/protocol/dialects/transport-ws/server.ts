// The server's side of the subprotocol `graphql-transport-ws`, as the GraphQL over WebSocket protocol document defines it:
// whatever is not one of its messages ends the connection with 4400.

import * as CloseCode from '../../close-codes.js';
import { fitCloseReason } from '../../close-reason.js';
import { describe } from '../../options.js';
import type { ClientMessage, ServerDialect } from '../dialect.js';
import { idFault, isObjectOrAbsent, payloadFault, readId, readMessage, readOperation } from '../read.js';
import { operationMessage, plainMessage } from '../write.js';

export const transportWsServer: ServerDialect = Object.freeze<ServerDialect>({
  subprotocol: 'graphql-transport-ws',
  ack: (payload) => plainMessage('connection_ack', payload),
  connectionError: () => undefined,
  next: (id, result) => operationMessage('next', id, result),
  error: (id, errors) => operationMessage('error', id, errors),
  complete: (id) => operationMessage('complete', id),
  ping: (payload) => plainMessage('ping', payload),
  pong: (payload) => plainMessage('pong', payload),

  receive(text) {
    const message = readMessage(text);
    if (typeof message === 'string') return badRequest(message);
    switch (message.type) {
      case 'subscribe': {
        const id = readId(message);
        if (id === undefined) return badRequest(idFault(message));
        const payload = readOperation(message);
        return typeof payload === 'string' ? badRequest(payload) : { type: 'start', id, payload };
      }
      case 'complete': {
        const id = readId(message);
        return id === undefined ? badRequest(idFault(message)) : { type: 'stop', id };
      }
      case 'connection_init':
      case 'ping':
      case 'pong': {
        const { type, payload } = message;
        if (!isObjectOrAbsent(payload)) return badRequest(payloadFault(message));
        return { type: type === 'connection_init' ? 'init' : type, payload: payload ?? undefined };
      }
      default:
        return badRequest(`Message has the unknown type ${describe(message.type)}`);
    }
  },
});

function badRequest(reason: string): ClientMessage {
  return { type: 'close', code: CloseCode.badRequest, reason: fitCloseReason(reason) };
}
