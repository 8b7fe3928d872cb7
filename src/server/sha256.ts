// SHA-256 as hexadecimal text, from the platform.

import { sha256 as webSha256 } from '../protocol/sha256.js';

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
