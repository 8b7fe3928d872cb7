// What a mutation is, as text of a fixed length: the SHA-256 of its document, the name of its operation and its variables, in
// the one order that JSON objects do not have. Two mutations with one idempotency key must have the same.

import { sha256 } from '../sha256.js';

export interface Fingerprinted {
  readonly document: string;
  /** An empty one is none. */
  readonly operationName: string | undefined;
  /** Of what is no JSON, as files and streams, only the place counts. */
  readonly variables: { readonly [name: string]: unknown } | undefined;
  /** Counted in where keys of several people may meet. */
  readonly credentials: string | undefined;
}

/** In hexadecimal. Throws where the variables have no end, or no text: a cycle, or nested too deeply. */
export function fingerprint(of: Fingerprinted): string | Promise<string> {
  const { document, operationName, variables = {}, credentials = null } = of;
  return sha256(canonicalJson([document, operationName || null, variables, credentials]));
}

/** JSON with the members of every object in order. Undefined members are left out. Throws as `JSON.stringify` does. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) => {
    if (typeof member === 'bigint') return String(member);
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return isPlain(member) ? sorted(member) : {};
  });
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function sorted(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
