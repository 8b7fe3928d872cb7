// SHA-256 as hexadecimal text, as the web platform has it.

/** Rejects where the platform has none: browsers have it on secure origins only. */
export async function sha256(text: string): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
