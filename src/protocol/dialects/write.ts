// Writing messages. Encoders run once per operation and once per event, so they join constant text and the JSON of the
// parts instead of building an object around them first.

import { JsonText } from '../json-text.js';
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
  const { query, operationName, variables, extensions } = payload;
  return `{"type":"${type}","id":${idText(id)},"payload":{"query":${quoted(query)}${
    member('operationName', operationName) + member('variables', variables) + member('extensions', extensions)
  }}}`;
}

/** What a legacy peer expects of `error`: one object. Several errors follow in it as a list, where its clients look for them. */
export function singleError(errors: readonly [GraphQLError, ...GraphQLError[]]): object {
  return errors.length === 1 ? errors[0] : { ...errors[0], errors };
}

let lastText = '';
let lastQuoted = '""';

/** A program asks the same few documents over and over. */
function quoted(text: string): string {
  if (text !== lastText) {
    lastText = text;
    lastQuoted = JSON.stringify(text);
  }
  return lastQuoted;
}

function idText(id: string): string {
  return digits.test(id) ? `"${id}"` : JSON.stringify(id);
}

function member(name: string, value: unknown): string {
  if (value === undefined) return '';
  const text: string | undefined = value instanceof JsonText ? value.text : JSON.stringify(value);
  return text === undefined ? '' : `,"${name}":${text}`;
}
