// How long a test of many runs may take: seconds where nothing else runs, and more on a machine that is busy.

/** Milliseconds. */
export const patienceMs = 120_000;

/** For runs that wait: what was found is told in time, even where making it smaller takes a long wait each. */
export const withinPatience: { readonly interruptAfterTimeLimit: number; readonly markInterruptAsFailure: true } = {
  interruptAfterTimeLimit: patienceMs - 30_000,
  markInterruptAsFailure: true,
};
