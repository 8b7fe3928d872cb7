// Which of the known names an unknown one may have been meant to be: by the number of letters that differ.

/** At most so many are named. */
const mostNames = 3;

/** The likeliest first; none where nothing is near. */
export function suggestionsFor(name: string, known: Iterable<string>): readonly string[] {
  const limit = Math.max(1, Math.floor(name.length * 0.4));
  const near: { readonly name: string; readonly distance: number }[] = [];
  for (const candidate of known) {
    const distance = distanceOf(name, candidate, limit);
    if (distance <= limit) near.push({ name: candidate, distance });
  }
  near.sort((one, other) => one.distance - other.distance || (one.name < other.name ? -1 : 1));
  return near.slice(0, mostNames).map((one) => one.name);
}

/** Letters to insert, delete, replace or swap with their neighbour, whatever their case; more than `limit` is not counted out. */
function distanceOf(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  const from = one.toLowerCase().replaceAll('_', '');
  const to = other.toLowerCase().replaceAll('_', '');
  if (from === to) return 0;
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1];
      const swapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    before = row;
    row = next;
  }
  return row[to.length] ?? 0;
}
