// When a silent peer is asked, and when it is called dead: the bookkeeping alone.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Liveness } from '../../src/session/liveness.js';

const policy = { silenceMs: 15_000, answerMs: 5_000 };

describe.each(['ping', 'query'] as const)('a peer that can be asked by %s', (mode) => {
  test('is asked after the silence, and dead when it has not answered in time', () => {
    const liveness = new Liveness(policy, 0);
    expect(liveness.check(0, mode)).toEqual({ type: 'wait', ms: 15_000 });
    expect(liveness.check(14_999, mode)).toEqual({ type: 'wait', ms: 1 });
    expect(liveness.check(15_000, mode)).toEqual({ type: 'ask', ms: 5_000 });
    expect(liveness.check(19_999, mode)).toEqual({ type: 'wait', ms: 1 });
    expect(liveness.check(20_000, mode)).toEqual({ type: 'dead', silentMs: 20_000 });
  });

  test('is asked once per silence', () => {
    const liveness = new Liveness(policy, 0);
    expect(liveness.check(15_000, mode).type).toBe('ask');
    expect(liveness.check(16_000, mode).type).toBe('wait');
  });

  test('any sign of life starts the silence anew, also while an answer is due', () => {
    const liveness = new Liveness(policy, 0);
    liveness.check(15_000, mode);
    liveness.heard(19_000);
    expect(liveness.check(20_000, mode)).toEqual({ type: 'wait', ms: 14_000 });
    expect(liveness.check(34_000, mode)).toEqual({ type: 'ask', ms: 5_000 });
    expect(liveness.lastHeard).toBe(19_000);
  });

  test('a timer that comes late, after a sleep, asks before it judges', () => {
    expect(new Liveness(policy, 0).check(3_600_000, mode)).toEqual({ type: 'ask', ms: 5_000 });
  });
});

describe('a peer that cannot be asked', () => {
  test('is never called dead when it sent no keep-alive, or only one', () => {
    const liveness = new Liveness(policy, 0);
    expect(liveness.check(3_600_000, 'none')).toEqual({ type: 'wait', ms: 15_000 });
    liveness.keepAlive(3_600_000);
    expect(liveness.check(3_615_000, 'keep-alive')).toEqual({ type: 'wait', ms: 15_000 });
  });

  test('is dead when three intervals of its keep-alive passed in silence', () => {
    const liveness = new Liveness(policy, 0);
    for (const at of [0, 8_000, 18_000]) {
      liveness.heard(at);
      liveness.keepAlive(at);
    }
    expect(liveness.check(47_999, 'keep-alive')).toEqual({ type: 'wait', ms: 1 });
    expect(liveness.check(48_000, 'keep-alive')).toEqual({ type: 'dead', silentMs: 30_000 });
  });

  test('a short interval does not make it die before the silence', () => {
    const liveness = new Liveness(policy, 0);
    for (const at of [0, 100]) {
      liveness.heard(at);
      liveness.keepAlive(at);
    }
    expect(liveness.check(15_099, 'keep-alive').type).toBe('wait');
    expect(liveness.check(15_100, 'keep-alive').type).toBe('dead');
  });

  test('lives on other messages too', () => {
    const liveness = new Liveness(policy, 0);
    for (const at of [0, 10_000]) {
      liveness.heard(at);
      liveness.keepAlive(at);
    }
    liveness.heard(39_000);
    expect(liveness.check(60_000, 'keep-alive').type).toBe('wait');
  });
});

test('whoever looks again when told to never finds a wait of nothing, and finds a silent peer dead in 20 s', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 25_000 }), { maxLength: 30 }), (gaps) => {
      const liveness = new Liveness(policy, 0);
      let now = 0;
      let silentSince = 0;
      for (const gap of [...gaps, Number.POSITIVE_INFINITY]) {
        const heardAt = silentSince + gap;
        for (let checks = 0; ; checks++) {
          expect(checks).toBeLessThan(100);
          const action = liveness.check(now, 'ping');
          if (action.type === 'dead') {
            expect(now - silentSince).toBe(20_000);
            return;
          }
          expect(action.ms).toBeGreaterThan(0);
          if (now + action.ms >= heardAt) break;
          now += action.ms;
        }
        now = heardAt;
        silentSince = heardAt;
        liveness.heard(now);
      }
    }),
  );
});
