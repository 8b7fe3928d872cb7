// The uploads of an operation, as the session sees them: a source that can be read only once belongs to one call, is closed
// when that ends, and keeps it from being sent again once it has been opened.

import { readOnce, type Upload } from '../protocol/upload.js';
import type { Failure, OperationRequest } from '../transport/contract.js';

/** From now on they belong to this call. */
export function takeUploads({ uploads }: OperationRequest): void {
  if (uploads !== undefined) for (const { upload } of uploads) upload.take();
}

/** The call has ended. May be called again. */
export function releaseUploads({ uploads }: OperationRequest): void {
  if (uploads !== undefined) for (const { upload } of uploads) upload.release();
}

/** The first that keeps the request from being sent again. */
export function spentUpload({ uploads }: OperationRequest): Upload | undefined {
  return uploads?.find(({ upload }) => upload.spent)?.upload;
}

/** A failure after which the request would be sent again, were it not for an upload. */
export function cannotRepeat(request: OperationRequest, failure: Failure): Failure {
  const spent = spentUpload(request);
  if (spent === undefined) return failure;
  const why = readOnce(spent);
  return failure.message.includes(why) ? failure : { ...failure, message: `${failure.message} ${why}` };
}
