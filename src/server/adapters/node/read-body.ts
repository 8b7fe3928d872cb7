// Reading a request body within a bound.

import type { HttpRequest } from './message.js';

/** Beyond the limit the rest is read and dropped, so that the client gets to its answer, but not for ever. */
const toleratedExcess = 4;

/** The body's text; `too-large` beyond `limit` bytes; `gone` where the client went away before its end. */
export function readBody(
  request: HttpRequest,
  limit: number,
): Promise<{ readonly text: string } | 'too-large' | 'gone'> {
  return new Promise((resolve) => {
    // Most bodies come in one piece.
    let first: Buffer | undefined;
    let more: Buffer[] | undefined;
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        first = undefined;
        more = undefined;
        if (size > limit * toleratedExcess) resolve('too-large');
      } else if (first === undefined) first = chunk;
      else if (more === undefined) more = [first, chunk];
      else more.push(chunk);
    });
    request.on('end', () => {
      if (size > limit) resolve('too-large');
      else resolve({ text: more === undefined ? (first?.toString() ?? '') : Buffer.concat(more).toString() });
    });
    request.on('error', () => resolve('gone'));
    request.on('close', () => resolve('gone'));
  });
}
