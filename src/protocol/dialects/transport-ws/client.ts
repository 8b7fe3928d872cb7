// The client's side of the subprotocol `graphql-transport-ws`, as the GraphQL over WebSocket protocol document defines it.
// Operations may be sent only after `ack`; that rule belongs to the connection, which has the state.

import type { ClientDialect } from '../dialect.js';
import { isObjectOrAbsent, payloadFault, readMessage } from '../read.js';
import { invalid, readComplete, readError, readNext, unknownType } from '../read-answer.js';
import { operationMessage, plainMessage, startMessage } from '../write.js';

export const transportWsClient: ClientDialect = Object.freeze<ClientDialect>({
  subprotocol: 'graphql-transport-ws',
  init: (payload) => plainMessage('connection_init', payload),
  start: (id, payload) => startMessage('subscribe', id, payload),
  stop: (id) => operationMessage('complete', id),
  ping: (payload) => plainMessage('ping', payload),
  pong: (payload) => plainMessage('pong', payload),
  terminate: () => undefined,

  receive(text, parse) {
    const message = readMessage(text, parse);
    if (typeof message === 'string') return invalid(message);
    switch (message.type) {
      case 'next':
        return readNext(message);
      case 'error':
        return readError(message);
      case 'complete':
        return readComplete(message);
      case 'connection_ack':
      case 'ping':
      case 'pong': {
        const { type, payload } = message;
        if (!isObjectOrAbsent(payload)) return invalid(payloadFault(message), message);
        return { type: type === 'connection_ack' ? 'ack' : type, payload: payload ?? undefined };
      }
      default:
        return unknownType(message);
    }
  },
});
