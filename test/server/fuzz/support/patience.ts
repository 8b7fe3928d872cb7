// How long a test of many runs may take: seconds where nothing else runs, and minutes on a machine that is slow or busy.

/** Milliseconds. */
export const patienceMs = 300_000;

/** For runs that wait: what was found is told in time, even where making it smaller takes a long wait each. */
export const withinPatience: { readonly interruptAfterTimeLimit: number; readonly markInterruptAsFailure: true } = {
  interruptAfterTimeLimit: patienceMs - 30_000,
  markInterruptAsFailure: true,
};
