// The hash that shows whether an entry is what was once fetched.

import { sha256 } from '../../../protocol/sha256.js';
import type { Introspection } from '../introspection/write.js';

/** SHA-256 of it as JSON, in hexadecimal. Rejects where the platform has none: browsers have it on secure origins only. */
export async function hashOf(introspection: Introspection): Promise<string> {
  return sha256(JSON.stringify(introspection));
}
