// Reading a request body within a bound.

import type { HttpRequest } from '../adapters/node/message.js';

/** Beyond the limit the rest is read and dropped, so that the client gets to its answer, but not for ever. */
const toleratedExcess = 4;

/** The body's text; `too-large` beyond `limit` bytes; `gone` where the client went away before its end. */
export function readBody(
  request: HttpRequest,
  limit: number,
): Promise<{ readonly text: string } | 'too-large' | 'gone'> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else chunks = [];
      if (size > limit * toleratedExcess) resolve('too-large');
    });
    request.on('end', () => resolve(size > limit ? 'too-large' : { text: Buffer.concat(chunks).toString() }));
    request.on('error', () => resolve('gone'));
    request.on('close', () => resolve('gone'));
  });
}
