// The real session in 10,000 simulated worlds, each with faults of its own: no promise is broken, and each half has met
// everything that is declared. In two files, so that both cores have one. More: HOLDFAST_SIMULATION_SEEDS=100000 npm test, or
// `npm run simulate -- --seeds 100000`.

import { expect, test } from 'vitest';
import { explain, shrinkLimits } from '../../../src/testing/simulation/failure.js';
import { runBatch } from '../../../src/testing/simulation/run-batch.js';

const half = Math.ceil(Number(process.env.HOLDFAST_SIMULATION_SEEDS ?? 10_000) / 2);

/** Slow machines under load need a multiple of what a run takes by itself, ms for each seed. */
const longestMs = 40;

export function simulateHalf(index: 0 | 1): void {
  const first = 1 + index * half;
  test(
    `seeds ${first} to ${first + half - 1} break no promise, and meet every fault, state and outcome often enough`,
    async () => {
      const { seeds, failure, belowFloor } = await runBatch(first, half);
      expect(failure === undefined ? '' : (await explain(failure, shrinkLimits)).lines.join('\n')).toBe('');
      expect(belowFloor).toEqual([]);
      expect(seeds).toBe(half);
    },
    60_000 + half * longestMs,
  );
}
