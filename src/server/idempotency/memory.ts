// A store of idempotency keys within one process.

import type { IdempotencyStore } from './store.js';

export function memoryIdempotency(): IdempotencyStore {
  return { windowMs: 24 * 60 * 60 * 1000, name: '', begin: () => ({ type: 'full' }) };
}
