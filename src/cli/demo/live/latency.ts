// How long calls took lately, as two numbers and as a row of characters. Pure.

export interface Answer {
  readonly atMs: number;
  /** From the call to its answer, waits and retries included. */
  readonly tookMs: number;
}

const stepMs = 250;
const steps = 20;
/** What all of it is about: no older answer is needed. */
export const latelyMs: number = steps * stepMs;
/** From quick to slow. */
const ramp = '.:-=+*#%@';
/** The row's top, unless a call was slower. */
const slowMs = 1_000;

export interface LatencySummary {
  readonly medianMs: number;
  readonly worstMs: number;
}

/** Undefined where nothing was answered lately. */
export function summarise(answers: readonly Answer[], nowMs: number): LatencySummary | undefined {
  const times = answers.filter(({ atMs }) => atMs > nowMs - latelyMs).map(({ tookMs }) => tookMs);
  times.sort((one, other) => one - other);
  const medianMs = times[Math.floor(times.length / 2)];
  const worstMs = times.at(-1);
  return medianMs === undefined || worstMs === undefined ? undefined : { medianMs, worstMs };
}

/** The slowest answer of each quarter of a second, oldest first; a space where there was none. */
export function sparkline(answers: readonly Answer[], nowMs: number): string {
  const slowest = Array.from({ length: steps }, () => -1);
  const step = (ms: number): number => Math.floor(ms / stepMs);
  for (const { atMs, tookMs } of answers) {
    const index = steps - 1 - (step(nowMs) - step(atMs));
    if (index >= 0 && index < steps) slowest[index] = Math.max(slowest[index] ?? -1, tookMs);
  }
  const top = Math.max(slowMs, ...slowest);
  return slowest.map((ms) => (ms < 0 ? ' ' : ramp.charAt(Math.round((ms / top) * (ramp.length - 1))))).join('');
}
