// Medians and spreads. Ratios are taken round by round, so that a machine whose speed drifts does not tilt them.

/** @typedef {{ median: number, min: number, max: number }} Spread */

/**
 * @param {readonly number[]} values
 * @returns {Spread}
 */
export function spreadOf(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
  return { median, min: sorted[0], max: sorted[sorted.length - 1] };
}

/**
 * @param {readonly number[]} values One a round.
 * @param {readonly number[]} base The same rounds of who is compared with.
 * @returns {Spread}
 */
export function ratioOf(values, base) {
  return spreadOf(values.map((value, round) => value / base[round]));
}
