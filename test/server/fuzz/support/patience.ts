// How long a test of many runs may take, ms: seconds where nothing else runs, and more on a machine that is busy.

export const patienceMs = 120_000;
