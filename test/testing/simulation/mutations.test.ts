// The test of the test: whoever breaks a rule of the session is found by the simulation.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Mutants } from './mutants.js';
import { mutations as olderMutations } from './mutations.js';
import { newerMutations } from './newer-mutations.js';

const seeds = 500;
const mutations = [...olderMutations, ...newerMutations];
let mutants: Mutants;

beforeAll(async () => {
  mutants = await Mutants.build(mutations);
}, 300_000);

afterAll(() => mutants?.remove());

describe.concurrent(`within ${seeds} seeds the simulation finds it when`, () => {
  test.each(mutations.map(({ name }, index) => ({ name, index })))(
    '$name',
    async ({ index }) => {
      expect(await mutants.simulate(index, seeds)).toMatchObject({ violation: expect.any(String) });
    },
    300_000,
  );
});
