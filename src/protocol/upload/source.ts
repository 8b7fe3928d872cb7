// What the bytes of an upload may come from: in memory or on a disk, where they can be read again, or out of a stream, which
// gives them once. Told apart by what they can do, so that those of another realm or of a library are known as well.

import { OptionError } from '../errors/option-error.js';
import { describe } from '../options.js';

/** A web stream, as far as it is used. */
export interface ByteStream {
  getReader(): { read(): Promise<IteratorResult<Uint8Array, unknown>>; cancel(): Promise<void> };
}

export type OneShotSource = AsyncIterable<Uint8Array> | ByteStream;

export type UploadContents = Blob | Uint8Array | OneShotSource;

/** A function is called once for each send, and may answer with a promise. */
export type UploadSource = UploadContents | (() => UploadContents | PromiseLike<UploadContents>);

export function isBlob(value: unknown): value is Blob {
  const tag = Object.prototype.toString.call(value);
  return tag === '[object Blob]' || tag === '[object File]';
}

export function isBytes(value: unknown): value is ArrayBufferView {
  return ArrayBuffer.isView(value);
}

/** A stream of Node or of the web, or another async iterable. */
export function isOneShot(value: unknown): value is OneShotSource {
  return typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || 'getReader' in value);
}

/** Without a copy, except of memory that is shared. */
export function toBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer, byteOffset, byteLength);
  return new Uint8Array(new Uint8Array(buffer, byteOffset, byteLength));
}

/** Throws an OptionError for what no bytes can be read from. */
export function checkSource(source: unknown): void {
  if (typeof source === 'function' || isBlob(source) || isBytes(source) || isOneShot(source)) return;
  const hint =
    typeof source === 'string'
      ? 'A path is not read: Node opens one with upload(() => createReadStream(path)). Text becomes a file with new Blob([text]).'
      : 'It takes a Blob, a File, a Uint8Array, a stream or another async iterable of bytes, or a function that makes one.';
  throw new OptionError('source', `upload() was given ${describe(source)}. ${hint}`);
}

/** Of a File, or of a stream that reads one. */
export function nameOf(source: UploadSource): string {
  const { name, path } = source as { readonly name?: unknown; readonly path?: unknown };
  // A function has a name too, which says nothing of what it makes.
  if (isBlob(source) && typeof name === 'string' && name !== '') return name;
  const file = isOneShot(source) && typeof path === 'string' ? path.split(/[\\/]/).at(-1) : undefined;
  return file === undefined || file === '' ? 'blob' : file;
}

export function typeOf(source: UploadSource): string {
  return isBlob(source) && isMediaType(source.type) ? source.type : 'application/octet-stream';
}

/** Whether a header can hold it. */
export function isMediaType(value: unknown): value is string {
  return typeof value === 'string' && /^[\x20-\x7e]+$/.test(value);
}

/** Tells a source that nothing more is wanted of it. What it says to that concerns nobody. */
export function closeSource(source: object): void {
  const { destroy, cancel } = source as { readonly destroy?: unknown; readonly cancel?: unknown };
  // A stream of Node, then one of the web, which refuses while it is being read.
  if (typeof destroy === 'function') quietly(() => destroy.call(source));
  else if (typeof cancel === 'function') quietly(() => cancel.call(source));
}

/** What this throws, or its promise rejects with, concerns nobody. */
export function quietly(run: () => unknown): void {
  try {
    void Promise.resolve(run()).catch(() => {});
  } catch {
    // Nobody.
  }
}
