// The client's side of the legacy subprotocol `graphql-ws`, as Apollo's subscriptions-transport-ws and the servers written
// after it speak it. It has no ping: the server's `ka` is its only sign of life.

import { isJsonObject } from '../../json.js';
import type { ClientDialect } from '../dialect.js';
import { isObjectOrAbsent, payloadFault, readMessage } from '../read.js';
import { invalid, readComplete, readError, readNext, unknownType } from '../read-answer.js';
import { operationMessage, plainMessage, startMessage } from '../write.js';

export const legacyWsClient: ClientDialect = Object.freeze<ClientDialect>({
  subprotocol: 'graphql-ws',
  // Its own client always sends an object, so there are servers that expect one.
  init: (payload) => plainMessage('connection_init', payload ?? {}),
  start: (id, payload) => startMessage('start', id, payload),
  stop: (id) => operationMessage('stop', id),
  ping: () => undefined,
  pong: () => undefined,
  terminate: () => '{"type":"connection_terminate"}',

  receive(text, parse) {
    const message = readMessage(text, parse);
    if (typeof message === 'string') return invalid(message);
    const { payload } = message;
    switch (message.type) {
      case 'data':
        return readNext(message);
      case 'error':
        return readError(message);
      case 'complete':
        return readComplete(message);
      case 'connection_ack':
        return isObjectOrAbsent(payload)
          ? { type: 'ack', payload: payload ?? undefined }
          : invalid(payloadFault(message), message);
      // A refusal and a sign of life are what they are, whatever they carry.
      case 'connection_error':
        if (typeof payload === 'string') return { type: 'refused', payload: { message: payload } };
        return { type: 'refused', payload: isJsonObject(payload) ? payload : undefined };
      // `ping` and `pong` are no messages of this protocol; a server that sends them here means a sign of life.
      case 'ka':
      case 'ping':
      case 'pong':
        return { type: 'alive', payload: isJsonObject(payload) ? payload : undefined };
      default:
        return unknownType(message);
    }
  },
});
