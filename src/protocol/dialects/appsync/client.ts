// The client's side of what AWS AppSync speaks over its real-time WebSocket, under the name `graphql-ws` and unlike it: "Building
// a real-time WebSocket client" in the AppSync Developer Guide. Operations are subscriptions only, each with its own proof of
// who asks, in `extensions.authorization`.

import * as CloseCode from '../../close-codes.js';
import { isJsonObject } from '../../json.js';
import { JsonText } from '../../json-text.js';
import { member, operationText } from '../../operation-text.js';
import type { ClientDialect, OperationStart, ServerMessage } from '../dialect.js';
import { isObjectOrAbsent, type Message, payloadFault, readId, readMessage } from '../read.js';
import { invalid, noNews, readComplete, readError, readErrors, readNext, unknownType } from '../read-answer.js';
import { operationMessage } from '../write.js';

/** What is asked for, as the text that `start` carries and that a signature is made of. */
export function appSyncData({ query, operationName, variables }: OperationStart): string {
  return operationText({ query, operationName, variables }, 'empty');
}

export const appSyncClient: ClientDialect = Object.freeze<ClientDialect>({
  subprotocol: 'graphql-ws',
  // Who connects has been said in the address.
  init: () => '{"type":"connection_init"}',
  start: (id, payload) => operationMessage('start', id, startPayload(payload)),
  stop: (id) => operationMessage('stop', id),
  ping: () => undefined,
  pong: () => undefined,
  terminate: () => undefined,

  receive(text, parse) {
    const message = readMessage(text, parse);
    if (typeof message === 'string') return invalid(message);
    const { payload } = message;
    switch (message.type) {
      case 'data':
        return readNext(message);
      case 'error':
        return readId(message) === undefined ? readTrouble(message) : readError(message);
      case 'complete':
        return readComplete(message);
      case 'connection_ack':
        return isObjectOrAbsent(payload)
          ? { type: 'ack', payload: payload ?? undefined }
          : invalid(payloadFault(message), message);
      case 'connection_error':
        return readTrouble(message);
      case 'ka':
        return { type: 'alive', payload: isJsonObject(payload) ? payload : undefined };
      case 'start_ack':
        return noNews;
      default:
        return unknownType(message);
    }
  },
});

/** What an error of AppSync says besides what GraphQL knows. Types may stand behind the name of a service. */
interface AppSyncError {
  readonly errorType?: unknown;
  readonly errorCode?: unknown;
  readonly message?: unknown;
}

/** Whether who asks was not recognised, or may not ask for that. */
export function isUnauthorized({ errorType, errorCode }: AppSyncError): boolean {
  return (typeof errorType === 'string' && /Unauthorized/i.test(errorType)) || errorCode === 401 || errorCode === 403;
}

function isTemporary({ errorType, errorCode }: AppSyncError): boolean {
  if (typeof errorCode === 'number' && (errorCode === 429 || errorCode >= 500)) return true;
  return typeof errorType === 'string' && /LimitExceeded|Throttl|InternalFailure/i.test(errorType);
}

/** Trouble with the connection as a whole: it was refused, or something on it went wrong that names no operation. */
function readTrouble({ type, payload }: Message): ServerMessage {
  const errors: readonly AppSyncError[] = readErrors(payload) ?? [];
  const reason = [errors[0]?.errorType, errors[0]?.message].filter((part) => typeof part === 'string').join(': ');
  if (errors.some(isTemporary)) return { type: 'ended', code: CloseCode.tryAgainLater, reason };
  if (type === 'connection_error' || errors.some(isUnauthorized)) {
    return { type: 'refused', payload: isJsonObject(payload) ? payload : undefined };
  }
  return { type: 'ended', code: CloseCode.badRequest, reason };
}

function startPayload(payload: OperationStart): JsonText {
  const data = JSON.stringify(appSyncData(payload));
  return new JsonText(`{"data":${data}${member('extensions', payload.extensions)}}`);
}
