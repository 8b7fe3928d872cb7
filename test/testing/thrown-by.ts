// What a function throws, for tests that look at more of it than its message.

/** Throws where nothing was thrown. */
export function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}
