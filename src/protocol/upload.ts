// A file among the variables of an operation, as a program gives it. GraphQL multipart request specification (jaydenseric);
// where it stands among them is found in upload/write-variables.ts, and how it is read in upload/reader.ts.

import { OptionError } from './errors/option-error.js';
import { describe, refuseUnknownOptions } from './options.js';
import {
  checkSource,
  closeSource,
  isBlob,
  isBytes,
  isMediaType,
  isOneShot,
  nameOf,
  toBytes,
  typeOf,
  type UploadSource,
} from './upload/source.js';

export type { UploadContents, UploadSource } from './upload/source.js';

/** How far one file has been handed to the network. */
export interface UploadProgress {
  /** Bytes of the file, without what stands around it in the request. */
  readonly sentBytes: number;
  /** Undefined where only the end of the source tells. */
  readonly totalBytes: number | undefined;
}

export interface UploadOptions {
  /** Default: the name of a File, the last part of the `path` of a stream that has one, else `blob`. */
  readonly filename?: string | undefined;
  /** The media type. Default: the type of a Blob or File, else `application/octet-stream`. */
  readonly contentType?: string | undefined;
  /**
   * Called with 0 bytes when the file's turn comes, and after each piece that the client of HTTP has taken. Each send starts
   * anew, so that the numbers fall when a call is sent again. Never called where the platform takes the whole body at once,
   * as the `fetch` of browsers does.
   */
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
}

/** One file, for any place among the variables: see `upload`. */
export class Upload {
  readonly filename: string;
  readonly contentType: string;
  /** In bytes, where it is known before the file is read. */
  readonly size: number | undefined;
  readonly onProgress: ((progress: UploadProgress) => void) | undefined;
  readonly #source: UploadSource;
  #stage: 'unused' | 'taken' | 'spent' = 'unused';

  constructor(source: UploadSource, options: UploadOptions) {
    const { filename = nameOf(source), contentType = typeOf(source), onProgress } = options;
    this.#source = source;
    this.filename = filename;
    this.contentType = contentType;
    this.onProgress = onProgress;
    this.size = isBlob(source) ? source.size : isBytes(source) ? source.byteLength : undefined;
  }

  /** It could be read only once, and that has begun: it cannot be sent again. */
  get spent(): boolean {
    return this.#stage === 'spent';
  }

  /** @internal What a platform can take as it is; a Blob that a library made is none for it. */
  get asItIs(): Blob | Uint8Array | undefined {
    if (isBytes(this.#source)) return toBytes(this.#source);
    return this.#source instanceof Blob ? this.#source : undefined;
  }

  /** @internal Throws an OptionError where another call has its source already. */
  check(path: string): void {
    if (this.#stage === 'unused') return;
    throw new OptionError(
      path,
      `The upload "${this.filename}" at ${path} belongs to another call, and its source can be read only once. Make an upload for each call, or give a function that makes the source: upload(() => ...).`,
    );
  }

  /** @internal A call has it from now on, and releases it when it ends. */
  take(): void {
    if (isOneShot(this.#source) && this.#stage === 'unused') this.#stage = 'taken';
  }

  /** @internal Its source, for one send. Throws for a source that was opened before and can be read only once. */
  open(): UploadSource {
    if (this.spent) throw new Error(readOnce(this));
    if (isOneShot(this.#source)) this.#stage = 'spent';
    return this.#source;
  }

  /** @internal The call has ended: a source that nobody has opened is closed. */
  release(): void {
    if (this.#stage !== 'taken') return;
    this.#stage = 'spent';
    closeSource(this.#source);
  }

  /** The specification wants `null` in place of each file. */
  toJSON(): null {
    written += 1;
    return null;
  }
}

/** Where an upload stands among the variables. */
export interface UploadField {
  /** As the specification has them: `variables.input.files.0`. */
  readonly paths: readonly string[];
  readonly upload: Upload;
}

/**
 * A file to be sent with an operation: it may stand anywhere among the variables, also deep in lists and input objects, and
 * in several places at once. Uploads go over HTTP; other transports refuse them. A bare Blob or File among the variables is
 * taken as `upload(file)`.
 *
 * A Blob, a File and bytes are sent again where a call is, and so is what a function gives: it is called once for each send.
 * A stream or another async iterable can be read only once: it belongs to the call that it is given to, is closed when that
 * ends, and a call that would have to send it again fails. Bytes are not copied: leave them as they are until the call has
 * ended. A path is not read; Node opens one with `upload(() => createReadStream(path))`.
 *
 * @throws OptionError for what is no source, and for options that cannot work.
 * @example
 * ```ts
 * const avatar = upload(() => createReadStream('ada.png'), { filename: 'ada.png', contentType: 'image/png' });
 * await session.execute('mutation ($avatar: Upload!) { setAvatar(file: $avatar) }', { avatar });
 * ```
 */
export function upload(source: UploadSource, options: UploadOptions = {}): Upload {
  checkSource(source);
  checkUploadOptions(options);
  return new Upload(source, options);
}

let written = 0;

/** How many uploads have been written as JSON so far: whether a text holds one can be told without looking for it. */
export function uploadsWritten(): number {
  return written;
}

/** Why an upload cannot be sent again, and what would make it so. */
export function readOnce({ filename }: Upload): string {
  return `The upload "${filename}" was read before and can be read only once, so it cannot be sent again: give a function that makes its source, as in upload(() => createReadStream(path)).`;
}

function checkUploadOptions(options: UploadOptions): void {
  refuseUnknownOptions('the options of upload()', options, ['filename', 'contentType', 'onProgress']);
  const { filename, contentType, onProgress } = options;
  if (filename !== undefined && (typeof filename !== 'string' || filename === '')) {
    throw new OptionError('filename', `Option "filename" must be a name; it is ${describe(filename)}.`);
  }
  if (contentType !== undefined && !isMediaType(contentType)) {
    throw new OptionError(
      'contentType',
      `Option "contentType" must be a media type, as in "image/png"; it is ${describe(contentType)}.`,
    );
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new OptionError('onProgress', `Option "onProgress" must be a function; it is ${describe(onProgress)}.`);
  }
}
