// Bodies that come compressed (RFC 9110, section 8.4.1), for Node's clients of HTTP, which leave them as they are. Nobody is
// asked for them, unless a program sends the header accept-encoding.

import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

const unpackers: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** `none` is not in the registry; graphql-sse sends it, so that proxies leave its streams alone. */
const untouched: readonly string[] = ['', 'identity', 'none'];

/** The value of a content-encoding header that means something; undefined where the body is what it is. */
export function codingOf(header: string | undefined): string | undefined {
  const coding = header?.trim().toLowerCase() ?? '';
  return untouched.includes(coding) ? undefined : coding;
}

/** Undefined where the coding is not known. */
export function unpackerFor(coding: string): Transform | undefined {
  return unpackers[coding]?.();
}

export const readableCodings: string = 'gzip, deflate, br';
