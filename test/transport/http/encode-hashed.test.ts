// How requests without a text are asked over HTTP: by which method, and in which forms their answer may come, which nobody can
// read in a hash.

import { describe, expect, test } from 'vitest';
import { JsonText } from '../../../src/protocol/json-text.js';
import type { OperationRequest } from '../../../src/transport/contract.js';
import { RequestEncoder } from '../../../src/transport/http/encode.js';
import { type HttpOptions, resolveHttpOptions } from '../../../src/transport/http/options.js';

const extensions = JsonText.of({ persistedQuery: { version: 1, sha256Hash: 'a0' } });

function encoded(request: Partial<OperationRequest>, options: HttpOptions = {}): ReturnType<RequestEncoder['encode']> {
  const none = undefined;
  const encoder = new RequestEncoder(resolveHttpOptions('http://127.0.0.1/graphql', options), none);
  return encoder.encode({
    kind: 'query',
    query: '',
    operationName: none,
    variables: none,
    extensions: none,
    headers: none,
    ...request,
  });
}

describe('a request without its text', () => {
  test.each([
    ['a hash', { extensions }, `extensions=${encodeURIComponent(extensions.text)}`],
    ['an id', { documentId: 'sha256:a0' }, 'documentId=sha256%3Aa0'],
  ])('with %s is sent by GET where that is wanted, as a query only', (_what, known, search) => {
    const asked = encoded(known, { hashedQueryMethod: 'GET' });
    expect(asked).toMatchObject({ method: 'GET', path: `/graphql?${search}`, body: undefined });
    expect(encoded({ ...known, query: '{ a }' }, { hashedQueryMethod: 'GET' }).method).toBe('POST');
    expect(encoded({ ...known, kind: 'mutation' }, { hashedQueryMethod: 'GET' }).method).toBe('POST');
    expect(encoded(known).method).toBe('POST');
  });

  test('is asked in parts where its text was', () => {
    const accepted = (incremental: boolean | undefined): string =>
      encoded({ extensions, incremental }).headers.accept ?? '';
    expect(accepted(true)).toContain('multipart/mixed');
    expect(accepted(false)).not.toContain('multipart/mixed');
    expect(accepted(undefined)).not.toContain('multipart/mixed');
  });
});
