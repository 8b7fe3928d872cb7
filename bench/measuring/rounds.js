// Interleaved rounds: in every round, each cell is measured with all contenders one after the other, each time beginning with
// another one. What slows the machine down for a while slows all of them.

import { ratioOf, spreadOf } from './statistics.js';

/**
 * @typedef {{ cell: string, unit: string, task: object }} Cell
 * @param {readonly string[]} contenders The first is who the others are compared with.
 * @param {readonly Cell[]} cells
 * @param {{ seconds: number, fewest: number }} until No round begins after so many seconds, once there are enough.
 * @param {(contender: string, task: object) => Promise<number | undefined>} measure
 * @param {(name: string, values: Map<string, number[]>) => string | undefined} besides Whom a contender is compared with as well,
 * given what all of them took in this cell.
 */
export async function interleavedRounds(contenders, cells, { seconds, fewest }, measure, besides = () => undefined) {
  const until = performance.now() + seconds * 1_000;
  const found = cells.map(() => new Map(contenders.map((name) => [name, []])));
  let rounds = 0;
  while (rounds < fewest || performance.now() < until) {
    for (const [index, { task }] of cells.entries()) {
      for (let turn = 0; turn < contenders.length; turn += 1) {
        const name = contenders[(rounds + turn) % contenders.length];
        const value = await measure(name, task);
        if (value !== undefined) found[index].get(name).push(value);
      }
    }
    rounds += 1;
  }
  return {
    rounds,
    cells: cells.map(({ cell, unit }, index) => ({ cell, unit, figures: figuresOf(found[index], besides) })),
  };
}

/** @param {Map<string, number[]>} values */
function figuresOf(values, besides) {
  const [base = []] = values.values();
  const measured = [...values].filter(([, rounds]) => rounds.length > 0);
  return Object.fromEntries(
    measured.map(([name, rounds]) => {
      const ratio = base.length === rounds.length ? ratioOf(rounds, base) : undefined;
      const other = besides(name, values);
      const second = other === undefined ? undefined : { to: other, ratio: ratioOf(rounds, values.get(other)) };
      return [name, { ...spreadOf(rounds), ratio, second, rounds }];
    }),
  );
}

/**
 * To be compared with as well: the best of some contenders, in each cell.
 *
 * @param {readonly string[]} names
 * @param {Map<string, number[]>} values
 */
export function bestOf(names, values) {
  const measured = names.filter((name) => values.get(name)?.length > 0);
  const median = (name) => spreadOf(values.get(name)).median;
  return measured.sort((one, other) => median(one) - median(other))[0];
}
