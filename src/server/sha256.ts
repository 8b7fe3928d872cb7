// SHA-256 as hexadecimal text, from the platform.

interface NodeCrypto {
  createHash(algorithm: string): { update(text: string): { digest(encoding: 'hex'): string } };
}

interface Platform {
  readonly process?: { getBuiltinModule?(id: string): unknown } | undefined;
}

const nodeCrypto = (globalThis as Platform).process?.getBuiltinModule?.('node:crypto') as NodeCrypto | undefined;

/** At once where Node is, which takes a fifteenth of the time; elsewhere as the web platform has it. */
export function sha256(text: string, node: NodeCrypto | null = nodeCrypto ?? null): string | Promise<string> {
  return node === null ? webSha256(text) : node.createHash('sha256').update(text).digest('hex');
}

async function webSha256(text: string): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
