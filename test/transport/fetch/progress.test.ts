// Uploads that want to hear of their progress, where the platform's fetch takes a body as a whole.

import { afterEach, expect, test, vi } from 'vitest';
import { upload } from '../../../src/protocol/upload.js';
import { UploadBody } from '../../../src/transport/http/upload-body.js';
import { clientOf, send } from './support/exchanges.js';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function formOf(onProgress: () => void): UploadBody {
  const none = undefined;
  const request = {
    kind: 'mutation',
    query: 'mutation ($file: Upload!) { save(file: $file) }',
    operationName: none,
    variables: none,
    extensions: none,
    headers: none,
  } as const;
  return new UploadBody(request, [{ paths: ['variables.file'], upload: upload(new Blob(['hello']), { onProgress }) }]);
}

test('the file is sent whole, nothing is told of its progress, and a program hears of that once', async () => {
  const warnings: string[] = [];
  vi.spyOn(console, 'warn').mockImplementation((message: string) => void warnings.push(message));
  vi.stubGlobal('document', {});
  const bodies: unknown[] = [];
  const fetch: typeof globalThis.fetch = (_address, init) => {
    bodies.push(init?.body);
    return new Promise(() => {});
  };
  const progress = vi.fn();
  const client = clientOf('https://example.com', { fetch });
  for (let count = 0; count < 2; count += 1) send(client, { method: 'POST', body: formOf(progress).body });
  expect(bodies).toHaveLength(2);
  for (const body of bodies) expect(await (body as Blob).text()).toContain('hello');
  expect(progress).not.toHaveBeenCalled();
  expect(warnings).toEqual([expect.stringContaining('onProgress')]);
});
