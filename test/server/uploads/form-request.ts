// A request with a form, byte by byte as a test wants it.

import type { PlainRequest } from '../../../src/server/http/plain.js';
import { type ReadUploadOptions, readUpload, type UploadRead } from '../../../src/server/http/uploads/read-upload.js';
import type { UploadedFile } from '../../../src/server/http/uploads/uploaded-file.js';

export const boundary = 'a-boundary';

export interface Part {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly filename?: string;
  readonly type?: string;
}

export function form(parts: readonly Part[], end: string = `--${boundary}--\r\n`): Buffer {
  const pieces = parts.flatMap(({ name, content, filename, type }) => [
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"`,
    filename === undefined ? '' : `; filename="${filename}"`,
    type === undefined ? '' : `\r\nContent-Type: ${type}`,
    '\r\n\r\n',
    content,
    '\r\n',
  ]);
  return Buffer.concat([...pieces, end].map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
}

export const operations = (value: unknown): Part => ({ name: 'operations', content: JSON.stringify(value) });
export const map = (value: unknown): Part => ({ name: 'map', content: JSON.stringify(value) });
export const file = (name: string, content: string | Uint8Array, filename = `${name}.txt`): Part => ({
  name,
  content,
  filename,
  type: 'text/plain',
});

export interface FormRequest extends PlainRequest {
  /** How many bytes of the body were asked for. */
  readonly taken: () => number;
}

export function formRequest(
  chunks: readonly Uint8Array[] | AsyncIterable<Uint8Array>,
  headers: PlainRequest['headers'] = {},
): FormRequest {
  let taken = 0;
  return {
    method: 'POST',
    url: '/graphql',
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'graphql-require-preflight': '1',
      ...headers,
    },
    remoteAddress: undefined,
    signal: new AbortController().signal,
    readText: () => {
      throw new Error('not used');
    },
    async *readChunks() {
      for await (const chunk of chunks) {
        taken += chunk.byteLength;
        yield chunk;
      }
    },
    taken: () => taken,
  };
}

export const limits: ReadUploadOptions = { uploads: { maxFiles: 3, maxFileBytes: 1_000 }, messageBytes: 2_000 };

export function read(parts: readonly Part[], options: ReadUploadOptions = limits): Promise<UploadRead> {
  return readUpload(formRequest([form(parts)]), options);
}

/** The operations that were read, with every file written as its name, type and text. */
export async function shown(read: UploadRead): Promise<unknown> {
  if (read === 'gone' || 'fault' in read) return read;
  return show(read.operations);
}

async function show(value: unknown): Promise<unknown> {
  if (value instanceof File) return [value.name, value.type, await text(value as UploadedFile)];
  if (Array.isArray(value)) return Promise.all(value.map(show));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([name, one]) => [name, await show(one)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function text(upload: UploadedFile): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of upload.stream()) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}
