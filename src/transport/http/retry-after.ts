// When a server wants to be asked again. RFC 9110, section 10.2.3.

/** From the value of a Retry-After header, seconds or a date, to ms from `now`. Undefined where it is neither. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? undefined : Math.max(ms, 0);
}
