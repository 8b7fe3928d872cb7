// Files for operations of tests, and a client of HTTP that reads them.

import { writeVariables } from '../../../../src/protocol/upload/write-variables.js';
import { upload } from '../../../../src/protocol/upload.js';
import type { HttpRequest } from '../../../../src/transport/http/exchange.js';

/** For the variable `f`. Default: one of three bytes. */
export function withFile(source?: AsyncIterable<Uint8Array>): ReturnType<typeof writeVariables> {
  return writeVariables({ f: source === undefined ? new File(['abc'], 'a.txt') : upload(source, { filename: 'a' }) });
}

/** Reads the body of a request as a client of HTTP does. */
export async function read({ request: { body } }: { readonly request: HttpRequest }): Promise<void> {
  if (typeof body !== 'object') throw new Error('It has no form.');
  try {
    for (const part of body.parts) if (typeof part === 'function') for await (const _piece of part());
  } catch {
    // A client of HTTP gives up the request.
  }
}

export async function* brokenSource(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(1);
  throw new Error('The disk is gone');
}

export function endlessSource(): AsyncGenerator<Uint8Array> & {
  readonly begun: Promise<void>;
  readonly left: Promise<void>;
} {
  let begin = (): void => {};
  let leave = (): void => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const pieces = (async function* () {
    try {
      begin();
      for (;;) {
        yield new Uint8Array(1);
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      leave();
    }
  })();
  return Object.assign(pieces, { begun, left });
}
