// The hash that shows whether an entry is what was once fetched.

import type { Introspection } from '../introspection/write.js';

/** SHA-256 of it as JSON, in hexadecimal. Rejects where the platform has none: browsers have it on secure origins only. */
export async function hashOf(introspection: Introspection): Promise<string> {
  return sha256(JSON.stringify(introspection));
}

export async function sha256(text: string): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
