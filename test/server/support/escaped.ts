// What a test lets escape fails it: rejections that nobody handles, and errors that nobody catches.

import { afterEach, beforeEach, expect } from 'vitest';

/** For every test of the file that calls this. */
export function failsOnEscapedErrors(): void {
  const escaped: unknown[] = [];
  const note = (error: unknown): void => void escaped.push(error);
  beforeEach(() => {
    escaped.length = 0;
    process.on('unhandledRejection', note);
    process.on('uncaughtException', note);
  });
  afterEach(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    process.off('uncaughtException', note);
    expect(escaped).toEqual([]);
  });
}
