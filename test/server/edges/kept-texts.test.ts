// What is kept for clients that send hashes of their documents is bounded in bytes, and a text that is tiny costs what it costs to
// keep it: a client may invent any number of them.

import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { DocumentLookup } from '../../../src/server/execution/document-lookup.js';
import { ManualTimers } from '../support/manual-timers.js';

test('tiny texts without number are not kept, those in use are', async () => {
  const lookup = new DocumentLookup({ documents: undefined, hookTimeoutMs: 1_000 }, new ManualTimers(), () => {});
  const find = (query: string, text: string) => {
    const sha256Hash = createHash('sha256').update(text).digest('hex');
    return lookup.find({ query, extensions: { persistedQuery: { version: 1, sha256Hash } } } as never);
  };
  const inUse = '{ inUse }';
  await find(inUse, inUse);
  await find('#0', '#0');
  for (let n = 1; n < 40_000; n += 1) {
    await find(`#${n}`, `#${n}`);
    if (n % 1_000 === 0) expect(await find('', inUse)).toEqual({ text: inUse });
  }
  expect(await find('', '#0')).toMatchObject({ fault: { message: 'PersistedQueryNotFound' } });
  expect(await find('', '#39999')).toEqual({ text: '#39999' });
});
