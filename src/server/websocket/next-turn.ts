// Waits until the event loop has had a turn: for what would otherwise go on and on without ever letting it.

/** Not every runtime has it; all have timers. */
const { setImmediate: immediately } = globalThis as { readonly setImmediate?: (callback: () => void) => unknown };

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (immediately === undefined) setTimeout(resolve, 0);
    else immediately(resolve);
  });
}
