// The server's side of the legacy subprotocol `graphql-ws`, as the clients of Apollo's subscriptions-transport-ws speak it.
// It has no close codes of its own: a bad message is answered, and the socket stays open.

import { describe } from '../../options.js';
import type { ServerDialect } from '../dialect.js';
import { idFault, isObjectOrAbsent, payloadFault, readId, readMessage, readOperation } from '../read.js';
import { operationMessage, plainMessage, singleError } from '../write.js';

export const legacyWsServer: ServerDialect = Object.freeze<ServerDialect>({
  subprotocol: 'graphql-ws',
  ack: (payload) => plainMessage('connection_ack', payload),
  connectionError: (payload) => plainMessage('connection_error', payload),
  next: (id, result) => operationMessage('data', id, result),
  error: (id, errors) => operationMessage('error', id, singleError(errors)),
  complete: (id) => operationMessage('complete', id),
  ping: (payload) => plainMessage('ka', payload),
  pong: () => undefined,

  receive(text) {
    const message = readMessage(text);
    if (typeof message === 'string') return { type: 'bad-message', reason: message };
    switch (message.type) {
      case 'start': {
        const id = readId(message);
        if (id === undefined) return { type: 'bad-message', reason: idFault(message) };
        const payload = readOperation(message);
        return typeof payload === 'string'
          ? { type: 'bad-operation', id, reason: payload }
          : { type: 'start', id, payload };
      }
      case 'stop': {
        const id = readId(message);
        return id === undefined ? { type: 'bad-message', reason: idFault(message) } : { type: 'stop', id };
      }
      case 'connection_init': {
        const { payload } = message;
        return isObjectOrAbsent(payload)
          ? { type: 'init', payload: payload ?? undefined }
          : { type: 'bad-message', reason: payloadFault(message) };
      }
      case 'connection_terminate':
        return { type: 'terminate' };
      default:
        return { type: 'ignored', reason: `Message has the unknown type ${describe(message.type)}` };
    }
  },
});
