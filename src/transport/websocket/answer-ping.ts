// Answers a server's ping: with a pong that returns its payload, or as the program's own `onPing` says.

import type { ClientDialect } from '../../protocol/dialects/dialect.js';
import type { JsonObject } from '../../protocol/json.js';
import type { ServerPing } from './options.js';

export function answerPing(
  payload: JsonObject | undefined,
  dialect: ClientDialect,
  onPing: ((ping: ServerPing) => void) | undefined,
  send: (text: string) => void,
): void {
  const answer = (answerPayload?: JsonObject): void => {
    const text = dialect.pong(answerPayload);
    if (text !== undefined) send(text);
  };
  if (onPing === undefined) {
    answer(payload);
    return;
  }
  try {
    onPing({ payload, answer });
  } catch (error) {
    // A program's mistake must not end the connection, and must not stay unseen.
    console.error('holdfast: the WebSocket option "onPing" threw; the server may get no pong.', error);
  }
}
