// Sends the parts of a body over one stream, one after the other and no faster than the peer takes them: RFC 9113, section 5.2
// (flow control), as Node's streams tell it.

import type { ClientHttp2Stream } from 'node:http2';
import type { HttpBody, HttpBodyPart } from '../http/exchange.js';

/** Stops where it is when the stream closes. Rejects with what a source throws; the stream is then still open. */
export async function sendBody(stream: ClientHttp2Stream, body: HttpBody): Promise<void> {
  for (const part of body.parts) {
    if (part instanceof Uint8Array) await write(stream, part);
    else await sendSource(stream, sourceOf(part));
    if (stream.closed) return;
  }
  stream.end();
}

async function sendSource(stream: ClientHttp2Stream, source: AsyncIterable<Uint8Array>): Promise<void> {
  const chunks = source[Symbol.asyncIterator]();
  // Nobody waits for it: a source may answer late, or never, and what it then says is for nobody.
  const release = (): void => {
    chunks.return?.().catch(() => {});
  };
  stream.once('close', release);
  for (;;) {
    const step = await chunks.next();
    if (step.done === true || stream.closed) break;
    await write(stream, step.value);
  }
  stream.removeListener('close', release);
  if (stream.closed) release();
}

/** Resolves when more may be written. */
async function write(stream: ClientHttp2Stream, bytes: Uint8Array): Promise<void> {
  if (stream.closed || stream.write(bytes)) return;
  await new Promise<void>((resolve) => {
    const goOn = (): void => {
      stream.removeListener('drain', goOn);
      stream.removeListener('close', goOn);
      resolve();
    };
    stream.on('drain', goOn);
    stream.on('close', goOn);
  });
}

function sourceOf(part: Exclude<HttpBodyPart, Uint8Array>): AsyncIterable<Uint8Array> {
  return typeof part === 'function' ? part() : part.stream();
}
