// What a client would have heard of an answer: the very message of the GraphQL over WebSocket protocol, written as the server
// writes it and read as the client reads it. Nothing is shared, nothing is passed on that JSON does not know.

import type { ServerMessage } from '../../protocol/dialects/dialect.js';
import { transportWsClient } from '../../protocol/dialects/transport-ws/client.js';
import { transportWsServer } from '../../protocol/dialects/transport-ws/server.js';
import type { Result } from '../../protocol/result.js';
import { type Errors, unserialisable } from '../../protocol/to-graphql-error.js';

export interface Arrival {
  readonly message: ServerMessage;
  /** The size of the message in UTF-8. */
  readonly bytes: number;
  /** Why it is not what it should have been: what JSON could not be made of. */
  readonly cause?: unknown;
}

const encoder = new TextEncoder();

/** `parse`: how the client reads JSON. */
export function resultArrives(id: string, result: Result, parse: (text: string) => unknown): Arrival {
  let text: string;
  try {
    text = transportWsServer.next(id, result);
  } catch (cause) {
    return { ...errorsArrive(id, [unserialisable], parse), cause };
  }
  return arrive(text, parse);
}

export function errorsArrive(id: string, errors: Errors, parse: (text: string) => unknown): Arrival {
  let text: string;
  try {
    text = transportWsServer.error(id, errors);
  } catch (cause) {
    return { ...errorsArrive(id, [unserialisable], parse), cause };
  }
  return arrive(text, parse);
}

function arrive(text: string, parse: (text: string) => unknown): Arrival {
  return { message: transportWsClient.receive(text, parse), bytes: encoder.encode(text).length };
}
