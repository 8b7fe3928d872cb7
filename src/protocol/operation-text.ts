// An operation as JSON: the payload of `subscribe` over WebSocket, and the body of a request over HTTP (GraphQL over HTTP,
// section "Request Parameters"). Written once per send, so constant text and the JSON of the parts are joined.

import type { OperationStart } from './dialects/dialect.js';
import { JsonText } from './json-text.js';

/** A document known by its id has no text: over HTTP it is left out, the WebSocket subprotocols demand an empty one. */
export function operationText(operation: OperationStart, withoutText: 'omit' | 'empty' = 'omit'): string {
  const { query, documentId, operationName, variables, extensions } = operation;
  const members =
    (query === '' && withoutText === 'omit' ? '' : `,"query":${quoted(query)}`) +
    member('documentId', documentId) +
    member('operationName', operationName) +
    member('variables', variables) +
    member('extensions', extensions);
  return `{${members.slice(1)}}`;
}

/** `,"name":value`, or nothing where there is no value. */
export function member(name: string, value: unknown): string {
  if (value === undefined) return '';
  const text: string | undefined = value instanceof JsonText ? value.text : JSON.stringify(value);
  return text === undefined ? '' : `,"${name}":${text}`;
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
