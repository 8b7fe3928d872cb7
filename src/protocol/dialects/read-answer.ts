// Reading what answers an operation, for clients, in both subprotocols: a result, errors, the end. Generous with what real
// servers send (GraphQL specification, section 7, in many dialects), strict where a wrong guess would lose an answer.

import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import { describe } from '../options.js';
import type { GraphQLError, Result } from '../result.js';
import type { ServerMessage } from './dialect.js';
import { idFault, type Message, payloadFault, readId } from './read.js';

type Errors = readonly [GraphQLError, ...GraphQLError[]];

export function invalid(reason: string, message?: Message): ServerMessage {
  return { type: 'invalid', reason, id: message === undefined ? undefined : readId(message) };
}

export function unknownType(message: Message): ServerMessage {
  return invalid(`Message has the unknown type ${describe(message.type)}`, message);
}

/** A message from which nothing follows. */
export const noNews: ServerMessage = Object.freeze<ServerMessage>({ type: 'several', messages: [] });

/** A message that carries a result: `next`, or the legacy `data`. */
export function readNext(message: Message): ServerMessage {
  const id = readId(message);
  if (id === undefined) return invalid(idFault(message));
  const { payload } = message;
  if (!isJsonObject(payload)) return invalid(payloadFault(message), message);
  const result = readResult(payload);
  return typeof result === 'string'
    ? invalid(`Message ${describe(message.type)}: "payload" is no result: ${result}`, message)
    : { type: 'next', id, result };
}

/** A message that ends an operation with errors. */
export function readError(message: Message): ServerMessage {
  const id = readId(message);
  if (id === undefined) return invalid(idFault(message));
  const errors = readErrors(message.payload);
  return errors === undefined
    ? invalid(`Message "error": "payload" must hold at least one error, not ${describe(message.payload)}`, message)
    : { type: 'error', id, errors };
}

/** A message that ends an operation. Some legacy servers put a payload into it, which means nothing. */
export function readComplete(message: Message): ServerMessage {
  const id = readId(message);
  return id === undefined ? invalid(idFault(message)) : { type: 'complete', id };
}

/** A well-formed payload is the result itself, whatever else it holds; only what our type forbids is replaced. */
export function readResult(payload: JsonObject): Result | string {
  const { data, errors, extensions, hasNext } = payload;
  if (data !== undefined && data !== null && !isJsonObject(data)) {
    return `"data" must be an object, not ${describe(data)}`;
  }
  if (errors !== undefined && errors !== null && !isList(errors)) {
    return `"errors" must be a list, not ${describe(errors)}`;
  }
  const entries = isList(errors) ? readErrorList(errors) : undefined;
  if (data === undefined && entries === undefined && typeof hasNext !== 'boolean') {
    return 'it holds neither data nor errors';
  }
  const asItIs =
    errors === undefined &&
    (extensions === undefined || isJsonObject(extensions)) &&
    (hasNext === undefined || typeof hasNext === 'boolean');
  return asItIs
    ? (payload as Result)
    : {
        ...payload,
        errors: entries,
        extensions: isJsonObject(extensions) ? extensions : undefined,
        hasNext: typeof hasNext === 'boolean' ? hasNext : undefined,
      };
}

/**
 * One error, a list of errors, an object that holds such a list, or bare text: servers send all four. Undefined where there
 * is none.
 */
export function readErrors(payload: JsonValue | undefined): Errors | undefined {
  if (isList(payload)) return readErrorList(payload);
  if (typeof payload === 'string' && payload !== '') return [readErrorEntry(payload)];
  if (!isJsonObject(payload) || Object.keys(payload).length === 0) return undefined;
  return (isList(payload.errors) ? readErrorList(payload.errors) : undefined) ?? [readErrorEntry(payload)];
}

/** Every entry becomes an error; undefined where there is none. */
export function readErrorList(entries: readonly JsonValue[]): Errors | undefined {
  const [first, ...rest] = entries;
  return first === undefined ? undefined : [readErrorEntry(first), ...rest.map(readErrorEntry)];
}

/** An operation that failed must be told so, even where the server said it badly: every entry becomes an error. */
function readErrorEntry(entry: JsonValue): GraphQLError {
  if (!isJsonObject(entry)) return { message: typeof entry === 'string' && entry !== '' ? entry : noMessage };
  const { message, locations, path, extensions } = entry;
  return {
    ...entry,
    message: typeof message === 'string' ? message : noMessage,
    locations: isList(locations) && locations.every(isLocation) ? locations : undefined,
    path: isList(path) && path.every(isPathStep) ? path : undefined,
    extensions: isJsonObject(extensions) ? extensions : undefined,
  };
}

const noMessage = 'The server reported an error without a message.';

function isLocation(value: JsonValue): value is { readonly line: number; readonly column: number } {
  return isJsonObject(value) && typeof value.line === 'number' && typeof value.column === 'number';
}

function isPathStep(value: JsonValue): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
