// How much work is done with bytes: how many are copied and how many are searched, whoever does it.

import { vi } from 'vitest';

const prototype = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;

/** Counts the bytes that `run` copies with `set` and goes through with `indexOf`. */
export function workOf(run: () => void): { readonly copied: number; readonly searched: number } {
  let copied = 0;
  let searched = 0;
  const { set, indexOf } = prototype;
  const setting = vi.spyOn(prototype, 'set').mockImplementation(function (this: Uint8Array, source, offset) {
    copied += source.length;
    set.call(this, source, offset);
  });
  const searching = vi.spyOn(prototype, 'indexOf').mockImplementation(function (this: Uint8Array, byte, from = 0) {
    const index = indexOf.call(this, byte, from);
    searched += (index < 0 ? this.length : index + 1) - Math.min(from, this.length);
    return index;
  });
  try {
    run();
  } finally {
    setting.mockRestore();
    searching.mockRestore();
  }
  return { copied, searched };
}
