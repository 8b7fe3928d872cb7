// Reads the source of one upload for one send: opens it when its turn comes, tells how far it has come, and closes it whatever
// happens, also while the source keeps everybody waiting.

import type { Upload } from '../upload.js';
import {
  checkSource,
  closeSource,
  isBlob,
  isBytes,
  isOneShot,
  quietly,
  toBytes,
  type UploadContents,
} from './source.js';

/** So much of what lies ready is handed over at a time. */
const pieceBytes = 65_536;

type Piece = IteratorResult<Uint8Array, undefined>;

interface Pieces {
  next(): PromiseLike<IteratorResult<unknown, unknown>>;
  return?(): unknown;
}

/** What a client of HTTP sees where it wants more: an error of its own kind, so that it is taken for none of the network's. */
export class UnreadableUpload extends Error {
  override readonly name: string = 'UnreadableUpload';
  readonly code = 'UNREADABLE_UPLOAD';
}

export interface ReaderOwner {
  readonly onProgress: Upload['onProgress'];
  /** The source failed: in our words, and with its own error as it was. */
  failed(error: UnreadableUpload, cause: unknown): void;
}

const done: IteratorReturnResult<undefined> = { done: true, value: undefined };

export class UploadReader implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #upload: Upload;
  readonly #owner: ReaderOwner;
  #contents: UploadContents | undefined;
  #pieces: Pieces | undefined;
  #sentBytes = 0;
  /** Handed over, and taken when more is asked for. */
  #given = 0;
  #end: 'read' | UnreadableUpload | undefined;
  #giveUp: ((error: UnreadableUpload) => void) | undefined;

  constructor(upload: Upload, owner: ReaderOwner) {
    this.#upload = upload;
    this.#owner = owner;
  }

  next(): Promise<Piece> {
    if (this.#end === 'read') return Promise.resolve(done);
    if (this.#end !== undefined) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => {
      this.#giveUp = reject;
      this.#step().then(resolve, reject);
    });
  }

  return(): Promise<Piece> {
    this.close();
    return Promise.resolve(done);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Nothing more is wanted. Who still asks is not told that the file ends here: half a file must not pass for a whole one. */
  close(): void {
    if (this.#end === undefined) this.#stop(new UnreadableUpload(`The upload "${this.#upload.filename}" was stopped.`));
  }

  async #step(): Promise<Piece> {
    try {
      this.#pieces ??= await this.#open();
      this.#taken();
      const { done: last, value } = await this.#pieces.next();
      if (this.#end !== undefined) throw this.#end;
      if (last === true) {
        this.#end = 'read';
        return done;
      }
      if (!isBytes(value))
        throw new Error('It gave something else than bytes; a stream of Node must have no encoding.');
      this.#given = value.byteLength;
      return { done: false, value: toBytes(value) };
    } catch (cause) {
      throw this.#fault(cause);
    }
  }

  async #open(): Promise<Pieces> {
    const source = this.#upload.open();
    const contents = typeof source === 'function' ? await source() : source;
    if (this.#end !== undefined) {
      closeSource(contents);
      throw this.#end;
    }
    if (typeof source === 'function') checkContents(contents);
    this.#contents = contents;
    this.#tell();
    return piecesOf(contents);
  }

  #taken(): void {
    if (this.#given === 0) return;
    this.#sentBytes += this.#given;
    this.#given = 0;
    this.#tell();
  }

  #tell(): void {
    try {
      this.#owner.onProgress?.({ sentBytes: this.#sentBytes, totalBytes: totalOf(this.#contents) });
    } catch (error) {
      // A listener's mistake must not cost the upload, and must not stay unseen.
      console.error('holdfast: onProgress of an upload threw.', error);
    }
  }

  #fault(cause: unknown): UnreadableUpload {
    if (this.#end instanceof UnreadableUpload) return this.#end;
    const detail = cause instanceof Error ? cause.message : String(cause);
    const sentence = /[.!?]$/.test(detail) ? detail : `${detail}.`;
    const message = `The upload "${this.#upload.filename}" could not be read: ${sentence}`;
    const fault = new UnreadableUpload(message, { cause });
    this.#owner.failed(fault, cause);
    this.#stop(fault);
    return fault;
  }

  #stop(end: UnreadableUpload): void {
    const contents = this.#contents;
    const pieces = this.#pieces;
    this.#end = end;
    this.#giveUp?.(end);
    if (contents !== undefined) closeSource(contents);
    quietly(() => pieces?.return?.());
  }
}

function checkContents(contents: unknown): void {
  if (typeof contents === 'function') throw new Error('Its function answered with another function.');
  checkSource(contents);
}

function piecesOf(contents: UploadContents): Pieces {
  if (isBlob(contents) || isBytes(contents)) return inPieces(contents);
  if (!isOneShot(contents) || !('getReader' in contents)) return contents[Symbol.asyncIterator]();
  // Not all browsers can iterate over their streams.
  const reader = contents.getReader();
  return { next: () => reader.read(), return: () => reader.cancel() };
}

async function* inPieces(contents: Blob | Uint8Array): AsyncIterator<Uint8Array, undefined> {
  const size = totalOf(contents) ?? 0;
  for (let at = 0; at < size; at += pieceBytes) {
    const piece = isBlob(contents)
      ? await contents.slice(at, at + pieceBytes).arrayBuffer()
      : toBytes(contents).subarray(at, at + pieceBytes);
    yield isBytes(piece) ? piece : new Uint8Array(piece);
  }
}

function totalOf(contents: UploadContents | undefined): number | undefined {
  if (isBlob(contents)) return contents.size;
  return isBytes(contents) ? contents.byteLength : undefined;
}
