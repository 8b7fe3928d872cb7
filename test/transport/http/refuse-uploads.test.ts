// An operation with files on a transport that carries none.

import { expect, test } from 'vitest';
import type { Failure, Sink } from '../../../src/transport/contract.js';
import { refuseUploads } from '../../../src/transport/http/refuse-uploads.js';

function listen(): { readonly sink: Sink; readonly failures: Failure[] } {
  const failures: Failure[] = [];
  const never = (): never => {
    throw new Error('It was to hear of its failure alone.');
  };
  return {
    failures,
    sink: { sending: never, next: never, complete: never, error: (failure) => failures.push(failure) },
  };
}

test('hears of it once, after it was started, and that nothing was sent', async () => {
  const { sink, failures } = listen();
  refuseUploads(sink, 'a WebSocket');
  expect(failures).toEqual([]);
  await Promise.resolve();
  expect(failures).toMatchObject([
    { code: 'bad-option', delivery: 'not-sent', message: expect.stringContaining('a WebSocket') },
  ]);
});

test('hears nothing once it was cancelled', async () => {
  const { sink, failures } = listen();
  refuseUploads(sink, 'a WebSocket').cancel();
  await Promise.resolve();
  expect(failures).toEqual([]);
});
