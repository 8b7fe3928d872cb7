// Reading what every message of both subprotocols has in common: a JSON object with a `type`, perhaps an `id`, perhaps a
// payload. Nothing here throws; a fault is a sentence that says what is wrong.

import { isJsonObject, type JsonObject } from '../json.js';
import { describe } from '../options.js';
import type { OperationPayload } from './dialect.js';

export interface Message extends JsonObject {
  readonly type: string;
}

/** The message in `text`, or the fault that makes it none. */
export function readMessage(text: string, parse: (text: string) => unknown = JSON.parse): Message | string {
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    return 'Message is not valid JSON';
  }
  if (!isJsonObject(value)) return `Message must be a JSON object, not ${describe(value)}`;
  return hasType(value) ? value : `Message "type" must be a string, not ${describe(value.type)}`;
}

function hasType(value: JsonObject): value is Message {
  return typeof value.type === 'string';
}

/** The operation that a message names, undefined where it names none. */
export function readId(message: JsonObject): string | undefined {
  const { id } = message;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** The fault of a message that should name an operation and does not. */
export function idFault(message: Message): string {
  return `Message ${describe(message.type)}: "id" must be a non-empty string, not ${describe(message.id)}`;
}

/** The fault of a message whose payload should be an object. */
export function payloadFault(message: Message): string {
  return `Message ${describe(message.type)}: "payload" must be an object, not ${describe(message.payload)}`;
}

/** Whether a payload that may be left out is an object or left out; `null` counts as left out. */
export function isObjectOrAbsent(value: unknown): value is JsonObject | null | undefined {
  return value === undefined || value === null || isJsonObject(value);
}

/** What to run, or the fault that makes it unusable. Members that are `null` count as left out. */
export function readOperation(message: Message): OperationPayload | string {
  const { payload } = message;
  if (!isJsonObject(payload)) return payloadFault(message);
  const { query, documentId, operationName, variables, extensions } = payload;
  if (typeof query !== 'string') return memberFault(message, 'query', 'a string', query);
  if (documentId !== undefined && documentId !== null && typeof documentId !== 'string')
    return memberFault(message, 'documentId', 'a string', documentId);
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string')
    return memberFault(message, 'operationName', 'a string', operationName);
  if (!isObjectOrAbsent(variables)) return memberFault(message, 'variables', 'an object', variables);
  if (!isObjectOrAbsent(extensions)) return memberFault(message, 'extensions', 'an object', extensions);
  return {
    query,
    documentId: documentId ?? undefined,
    operationName: operationName ?? undefined,
    variables: variables ?? undefined,
    extensions: extensions ?? undefined,
  };
}

function memberFault(message: Message, member: string, wanted: string, value: unknown): string {
  return `Message "${message.type}": "payload.${member}" must be ${wanted}, not ${describe(value)}`;
}
