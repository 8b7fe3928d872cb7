// What persisted documents need in tests: hashes, the answers of servers that know such documents, and what was sent.

import { createHash } from 'node:crypto';
import type { GraphQLError } from '../../../src/protocol/result.js';
import { hashOf } from '../../../src/session/persisted/hash.js';
import type { Request } from '../../../src/transport/contract.js';

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Lets documents be as if they had been run before: their hashes are known, and nothing waits for them. */
export async function hashed(...documents: readonly string[]): Promise<void> {
  await Promise.all(documents.map((document) => hashOf(document)));
}

export const notFound: GraphQLError = {
  message: 'PersistedQueryNotFound',
  extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
};
export const notSupported: GraphQLError = {
  message: 'PersistedQueryNotSupported',
  extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
};

/** What was sent of a document: `hash`, `text`, `hash and text`, or the id. */
export function sentAs({ query, documentId, extensions }: Request): string {
  const hash = extensions?.value.persistedQuery === undefined ? [] : ['hash'];
  return [...hash, ...(query === '' ? [] : ['text']), ...(documentId === undefined ? [] : [documentId])].join(' and ');
}
