// Why a form with files is not executed: what its client is told.

export interface UploadFault {
  readonly status: 400 | 413 | 415;
  /** Says what to do. */
  readonly message: string;
  /** For `extensions.code`. */
  readonly code: string;
}

export function badForm(message: string): UploadFault {
  return { status: 400, message, code: 'BAD_MULTIPART_REQUEST' };
}

export function tooMuch(message: string): UploadFault {
  return { status: 413, message, code: 'LIMIT_EXCEEDED' };
}

/** What a client sent, as far as a sentence can hold it. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}...` : text);
}
