// Reading a request body within a bound.

import type { BodyText } from '../../http/plain.js';
import type { HttpRequest } from './message.js';

/** Beyond the limit the rest is read and dropped, so that the client gets to its answer, but not for ever. */
const toleratedExcess = 4;

/** Calls back once: in the turn in which the body ends, because a promise for each request costs more than reading it. */
export function readBody(request: HttpRequest, limit: number, read: (body: BodyText) => void): void {
  // Most bodies come in one piece.
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let size = 0;
  let isRead = false;
  const settle = (body: BodyText): void => {
    if (isRead) return;
    isRead = true;
    read(body);
  };
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) {
      first = undefined;
      more = undefined;
      if (size > limit * toleratedExcess) settle('too-large');
    } else if (first === undefined) first = chunk;
    else if (more === undefined) more = [first, chunk];
    else more.push(chunk);
  });
  request.on('end', () => {
    if (size > limit) settle('too-large');
    else settle({ text: more === undefined ? (first?.toString() ?? '') : Buffer.concat(more).toString() });
  });
  request.on('error', () => settle('gone'));
  request.on('close', () => settle('gone'));
}
