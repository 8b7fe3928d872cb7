// An operation with files as one multipart body: GraphQL multipart request specification (jaydenseric), section "Multipart form
// field structure", in the form of RFC 7578, with names escaped as the HTML standard has it for multipart/form-data.

import { operationText } from '../../protocol/operation-text.js';
import { UploadReader } from '../../protocol/upload/reader.js';
import type { Upload, UploadField } from '../../protocol/upload.js';
import type { Failure, OperationRequest } from '../contract.js';
import type { HttpBody, HttpBodyPart } from './exchange.js';

/**
 * Servers that guard against forged requests answer a form only where it carries a header that no page can send without asking
 * first. Apollo Server and Apollo Router take this one. A server of another origin has to allow it by
 * `Access-Control-Allow-Headers`. One that wants a header of its own (GraphQL Yoga's plugin `x-graphql-yoga-csrf`, Hot
 * Chocolate `graphql-preflight`) is given it by the `headers` of the transport or of the call.
 */
export const preflightHeaders: Readonly<Record<string, string>> = { 'apollo-require-preflight': 'true' };

interface SizedPart {
  readonly part: HttpBodyPart;
  readonly bytes: number | undefined;
}

/** Parts that tell progress, and the same without. */
const untold = new WeakMap<object, HttpBodyPart>();

/**
 * For platforms that take a body as a whole: the same body, with no part that is opened only to tell its progress. Answers
 * with the body it was given where nothing in it does.
 */
export function withoutProgress(body: HttpBody): HttpBody {
  if (!body.parts.some((part) => untold.has(part))) return body;
  return { ...body, parts: body.parts.map((part) => untold.get(part) ?? part) };
}

const utf8 = new TextEncoder();

/** One send of a request with files. */
export class UploadBody {
  readonly body: HttpBody;
  readonly contentType: string;
  readonly #boundary: string = randomBoundary();
  readonly #readers = new Set<UploadReader>();
  #failure: Failure | undefined;

  constructor(request: OperationRequest, uploads: readonly UploadField[]) {
    this.contentType = `multipart/form-data; boundary=${this.#boundary}`;
    const spent = uploads.find(({ upload }) => upload.spent)?.upload;
    // Not a byte of what cannot be completed: some servers begin to run an operation before its files have come.
    const parts = spent === undefined ? this.#parts(request, uploads) : [this.#refusal(spent)];
    const length = parts.reduce<number | undefined>((sum, { bytes }) => add(sum, bytes), 0);
    this.body = { parts: parts.map(({ part }) => part), length };
  }

  /** Why the body could not be sent to its end, where a source failed: whatever the client of HTTP made of that. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** The exchange is over: sources that are still open are closed, also one that keeps everybody waiting. */
  close(): void {
    for (const reader of this.#readers) reader.close();
    this.#readers.clear();
  }

  #parts(request: OperationRequest, uploads: readonly UploadField[]): readonly SizedPart[] {
    const parts: SizedPart[] = [];
    const map = Object.fromEntries(uploads.map(({ paths }, index) => [index, paths]));
    let text = this.#field('operations', operationText(request)) + this.#field('map', JSON.stringify(map));
    uploads.forEach(({ upload }, index) => {
      parts.push(textPart(text + this.#fileHead(String(index), upload)), this.#filePart(upload));
      text = '\r\n';
    });
    parts.push(textPart(`${text}--${this.#boundary}--\r\n`));
    return parts;
  }

  #field(name: string, value: string): string {
    return `--${this.#boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  }

  #fileHead(name: string, { filename, contentType }: Upload): string {
    const disposition = `Content-Disposition: form-data; name="${name}"; filename="${escapeName(filename)}"`;
    return `--${this.#boundary}\r\n${disposition}\r\nContent-Type: ${contentType}\r\n\r\n`;
  }

  #filePart(upload: Upload): SizedPart {
    const { asItIs, onProgress, size } = upload;
    const quiet = asItIs ?? ((): UploadReader => this.#read(upload, undefined));
    if (onProgress === undefined) return { part: quiet, bytes: size };
    const telling = (): UploadReader => this.#read(upload, onProgress);
    untold.set(telling, quiet);
    return { part: telling, bytes: size };
  }

  #refusal(spent: Upload): SizedPart {
    return { part: () => this.#read(spent, undefined), bytes: undefined };
  }

  #read(upload: Upload, onProgress: Upload['onProgress']): UploadReader {
    const reader = new UploadReader(upload, {
      onProgress,
      failed: (error, cause) => {
        this.#failure = { code: 'aborted', phase: 'operation', message: error.message, cause };
      },
    });
    this.#readers.add(reader);
    return reader;
  }
}

function textPart(text: string): SizedPart {
  const bytes = utf8.encode(text);
  return { part: bytes, bytes: bytes.length };
}

function add(sum: number | undefined, bytes: number | undefined): number | undefined {
  return sum === undefined || bytes === undefined ? undefined : sum + bytes;
}

/** HTML standard, section "Multipart form data": what would end the name is written in percent. */
function escapeName(name: string): string {
  return name.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');
}

/** 128 random bits: a file cannot be made to hold the boundary of the request that it is sent in. */
function randomBoundary(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  return `holdfast-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
