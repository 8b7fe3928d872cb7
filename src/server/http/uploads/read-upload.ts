// A request with files: GraphQL multipart request specification (jaydenseric). The whole form is read before anything runs: no
// mutation begins that lacks a file, and every fault of a form has a status. That costs memory: a request may hold
// `uploads.maxFiles` files of `uploads.maxFileBytes` each until it is answered.

import type { PlainRequest } from '../plain.js';
import { loadBusboy, type MakeBusboy } from './busboy.js';
import { hasPreflight, preflightHeaders } from './preflight.js';
import { readForm } from './read-form.js';
import type { UploadFault } from './upload-fault.js';

export interface ReadUploadOptions {
  /** Undefined where files are not taken. */
  readonly uploads: { readonly maxFiles: number; readonly maxFileBytes: number } | undefined;
  /** Of each of the fields `operations` and `map`. */
  readonly messageBytes: number;
  /** What tests put in the place of the package. */
  readonly load?: (() => Promise<MakeBusboy>) | undefined;
}

export type UploadRead =
  /** What the same request would have as its JSON body, one operation or a list, with the files in their places. */
  | { readonly operations: unknown }
  /** `dropsRequest`: the rest of the body has not been read, and is not wanted. */
  | { readonly fault: UploadFault; readonly dropsRequest: boolean }
  | 'gone';

/** Whether a Content-Type header says that the body is a form which may hold files. */
export function isForm(contentType: string | undefined): boolean {
  return /^\s*multipart\/form-data\s*(;|$)/i.test(contentType ?? '');
}

/**
 * Reads the body of a request for which `isForm` holds.
 *
 * @throws MissingDependencyError where @fastify/busboy is not installed.
 */
export async function readUpload(request: PlainRequest, options: ReadUploadOptions): Promise<UploadRead> {
  const { uploads, messageBytes, load = loadBusboy } = options;
  if (uploads === undefined) return { fault: uploadsOff, dropsRequest: false };
  if (!hasPreflight(request.headers)) return { fault: preflightRequired, dropsRequest: false };
  const make = await load();
  return readForm(request.readChunks(), request.headers['content-type'] ?? '', { ...uploads, messageBytes }, make);
}

const uploadsOff: UploadFault = {
  status: 415,
  message:
    'This server takes no files: its option "uploads" is off. Send GraphQL requests as JSON, with the Content-Type "application/json".',
  code: 'UPLOADS_DISABLED',
};

const preflightRequired: UploadFault = {
  status: 400,
  message: `A form is executed only with a header that no page of another site can send: add "${preflightHeaders[0]}: 1".`,
  code: 'PREFLIGHT_REQUIRED',
};
