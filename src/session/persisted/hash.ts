// SHA-256 of the text of a document, at once where it has been computed before: a program runs the same documents over and
// over, and none of them is to wait a turn for what is known.

import { type PreparedDocument, prepareDocument } from '../../protocol/document.js';

const known = new WeakMap<PreparedDocument, string>();

/** In hexadecimal. */
export function hashOf(text: string): string | Promise<string> {
  const document = prepareDocument(text);
  const hash = known.get(document);
  if (hash !== undefined) return hash;
  return document.hash().then((computed) => {
    known.set(document, computed);
    return computed;
  });
}

/** Browsers hash on secure origins only. */
export function canHash(): boolean {
  return globalThis.crypto?.subtle !== undefined;
}
