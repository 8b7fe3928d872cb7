// Writing messages. Encoders run once per operation and once per event, so they join constant text and the JSON of the
// parts instead of building an object around them first.

import { member, operationText } from '../operation-text.js';
import type { GraphQLError } from '../result.js';
import type { OperationStart } from './dialect.js';

const digits = /^\d+$/;

/** A message of `type`, with no id. */
export function plainMessage(type: string, payload: unknown): string {
  return `{"type":"${type}"${member('payload', payload)}}`;
}

/** A message of `type` about one operation. */
export function operationMessage(type: string, id: string, payload?: unknown): string {
  return `{"type":"${type}","id":${idText(id)}${member('payload', payload)}}`;
}

/** The message that starts an operation. */
export function startMessage(type: string, id: string, payload: OperationStart): string {
  return `{"type":"${type}","id":${idText(id)},"payload":${operationText(payload, 'empty')}}`;
}

/** What a legacy peer expects of `error`: one object. Several errors follow in it as a list, where its clients look for them. */
export function singleError(errors: readonly [GraphQLError, ...GraphQLError[]]): object {
  return errors.length === 1 ? errors[0] : { ...errors[0], errors };
}

function idText(id: string): string {
  return digits.test(id) ? `"${id}"` : JSON.stringify(id);
}
