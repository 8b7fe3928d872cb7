import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Escapes } from './support/escapes.js';
import { patienceMs, withinPatience } from './support/patience.js';
import { Game } from './support/play.js';
import { setting, step } from './support/steps.js';

test(
  'in whatever order things happen: nothing runs too early, nothing is sent too late, all is answered, nothing is left',
  async () => {
    const escapes = new Escapes();
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(setting, fc.array(step, { minLength: 5, maxLength: 80, size: 'max' }), async (given, steps) => {
        const game = await Game.begin(given);
        for (const one of steps) await game.play(one);
        await game.settle();
        expect(game.unanswered()).toEqual([]);
        const left = await game.end();
        expect(game.world.faults).toEqual([]);
        expect(left).toEqual([]);
        expect(await escapes.heard()).toEqual([]);
        for (const { operations, socket } of game.peers) {
          for (const { asked, end } of operations) seen.add(`${asked.kind} ${end}`);
          for (const { code } of socket.closes) seen.add(`${code}`);
        }
      }),
      { numRuns: 2_000, ...withinPatience },
    );
    // Whatever can happen did.
    expect([...seen].sort()).toEqual(
      expect.arrayContaining(['1003', '1011', '1012', '1013', '4400', '4401', '4403', '4408', '4409', '4429', '4500']),
    );
    expect(seen).toContain('quick complete');
    expect(seen).toContain('ticks error');
    expect(seen).toContain('late stopped');
  },
  patienceMs,
);
