// Frames of the live view: exactly what stands on the screen.

import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { render } from '../../../../src/cli/demo/live/frame.js';
import { initial, type Model } from '../../../../src/cli/demo/live/model.js';
import { coloured, colourless, paletteFor } from '../../../../src/cli/demo/live/palette.js';
import { begun, connecting, event, fault, gap, modelAfter, ready, recovered, settled, waiting } from './happenings.js';

const frame = (model: Model, nowMs: number, width = 79): string[] =>
  render(model, { nowMs, width, palette: colourless }).map((line) => line.trimEnd());

/** In the middle of a fault, with a query that was sent again and a mutation that is unknown. */
const broken = modelAfter(
  [400, ready(1)],
  [500, settled()],
  [600, event(1)],
  [700, begun],
  [700, begun],
  [1_000, fault],
  [1_010, waiting(800)],
  [1_010, settled({ kind: 'mutation', outcome: 'unknown', tookMs: undefined })],
  [1_010, { type: 'outcomes-unknown', count: 1 }],
);

describe('A frame', () => {
  test('before anything has happened', () => {
    expect(frame(initial, 0)).toEqual([
      'One session on a network that breaks on purpose                          0.00 s',
      '',
      'The shop server starts.',
      '',
      'Session    idle',
      'Cause      -',
      'Calls      0 in flight      0 waiting',
      'Queries    0 answered       0 sent again     0 failed         0 outcome unknown',
      'Mutations  0 answered       0 sent again     0 failed         0 outcome unknown',
      'Latency    median -         worst -          last 5 s [                    ]',
      'Feed       0 events         0 gaps           0 missed         parked 0 times',
      ...Array.from({ length: 11 }, () => ''),
    ]);
  });

  test('in the middle of a fault', () => {
    expect(frame(broken, 1_310)).toEqual([
      'One session on a network that breaks on purpose                          1.31 s',
      '',
      'The connection is cut: both sides see it end.',
      '',
      'Session    waiting, next attempt in 0.50 s, after generation 1',
      'Cause      The peer fell silent.',
      'Calls      0 in flight      0 waiting',
      'Queries    1 answered       0 sent again     0 failed         0 outcome unknown',
      'Mutations  0 answered       0 sent again     0 failed         1 outcome unknown',
      'Latency    median 0.30 s    worst 0.30 s     last 5 s [                -   ]',
      'Feed       1 event          0 gaps           0 missed         parked 0 times',
      '',
      '  1.01 s  callers  1 mutation sent and not answered: outcome unknown',
      '  1.01 s  session  not connected: The peer fell silent.',
      '  1.00 s  FAULT    The connection is cut: both sides see it end.',
      '  0.40 s  session  ready, generation 1',
      ...Array.from({ length: 6 }, () => ''),
    ]);
  });

  test('after a fault', () => {
    const model = modelAfter(
      [1_000, fault],
      [1_400, ready(2)],
      [1_400, gap()],
      [1_500, recovered],
      [1_600, event(10, 2)],
    );
    expect(frame(model, 2_400).filter((line) => line !== '')).toEqual([
      'One session on a network that breaks on purpose                          2.40 s',
      'Recovered from the cut: calls are answered again, 0.50 s after it.',
      'Session    ready for 1.00 s, generation 2',
      'Cause      -',
      'Calls      0 in flight      0 waiting',
      'Queries    0 answered       0 sent again     0 failed         0 outcome unknown',
      'Mutations  0 answered       0 sent again     0 failed         0 outcome unknown',
      'Latency    median -         worst -          last 5 s [                    ]',
      'Feed       1 event          1 gap            2 missed         parked 0 times',
      '  1.60 s  feed     goes on with event 10: 2 events fell into the gap',
      '  1.50 s  session  recovered: ready 0.40 s after the fault',
      '  1.40 s  feed     gap after event 7 (connection-lost)',
      '  1.40 s  session  ready, generation 2',
      '  1.00 s  FAULT    The connection is cut: both sides see it end.',
    ]);
  });

  test('shows calls as waiting while there is no connection, and as in flight while there is one', () => {
    const calls = (model: Model): string | undefined => frame(model, 0)[6];
    expect(calls(modelAfter([0, ready(1)], [0, begun], [0, begun]))).toBe('Calls      2 in flight      0 waiting');
    expect(calls(modelAfter([0, begun], [0, waiting(5)]))).toBe('Calls      0 in flight      1 waiting');
  });

  test('shows which attempt runs', () => {
    expect(frame(modelAfter([100, connecting(3, 2)]), 150)[4]).toBe(
      'Session    connecting for 0.05 s, generation 3, attempt 2',
    );
  });

  test('counts down to the next attempt, and not below zero', () => {
    expect(frame(modelAfter([0, waiting(100)]), 400)[4]).toBe(
      'Session    waiting, next attempt in 0.00 s, after generation 0',
    );
  });

  test.each([
    ['closing for 0.20 s, draining', { status: 'closing', stage: 'draining', since: 0 } as const],
    ['closed', { status: 'closed' } as const],
    [
      'failed after 3 attempts',
      { status: 'failed', attempts: 3, cause: { code: 'network', phase: 'connect', message: 'No.' } } as const,
    ],
  ])('shows a session that is %s', (text, state) => {
    const model = modelAfter([0, { type: 'state', state, nextAttemptInMs: undefined }]);
    expect(frame(model, 200)[4]).toBe(`Session    ${text}`);
  });
});

describe('Whatever happens', () => {
  test('a frame has the same number of lines, and they fit into 23 rows', () => {
    const full = modelAfter(...Array.from({ length: 30 }, (_, index) => [index, gap()] as const));
    expect(frame(full, 0)).toHaveLength(frame(initial, 0).length);
    expect(frame(full, 0).length).toBeLessThanOrEqual(23);
  });

  test.each([1, 2, 10, 40, 60, 79, 200])('no line is longer than %i columns', (width) => {
    for (const model of [initial, broken]) {
      for (const line of render(model, { nowMs: 1_310, width, palette: coloured })) {
        expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(width);
      }
    }
  });

  test('a line that was cut says so', () => {
    expect(frame(broken, 1_310, 40).slice(2, 6)).toEqual([
      'The connection is cut: both sides see...',
      '',
      'Session    waiting, next attempt in 0...',
      'Cause      The peer fell silent.',
    ]);
  });

  test('what a peer wrote cannot move the cursor', () => {
    const model = modelAfter([0, waiting(100, 'a\x1b[2Jb\nc\x9bd')]);
    expect(frame(model, 0)[5]).toBe('Cause      a [2Jb c d');
  });
});

describe('Colours', () => {
  test('change no character', () => {
    const lines = render(broken, { nowMs: 1_310, width: 60, palette: coloured });
    expect(lines.join('\n')).toContain('\x1b[31mFAULT');
    expect(lines.map((line) => stripVTControlCharacters(line).trimEnd())).toEqual(frame(broken, 1_310, 60));
  });

  test.each([
    ['nothing is set', {}, coloured],
    ['NO_COLOR is set', { NO_COLOR: '1' }, colourless],
    ['NO_COLOR is set to anything, and FORCE_COLOR as well', { NO_COLOR: 'false', FORCE_COLOR: '1' }, colourless],
    ['NO_COLOR is empty, which means that it is not set', { NO_COLOR: '' }, coloured],
    ['FORCE_COLOR is 0', { FORCE_COLOR: '0' }, colourless],
  ])('are chosen where %s', (_name, env, palette) => {
    expect(paletteFor(env)).toBe(palette);
  });

  test('leave no code behind where there are none', () => {
    expect(frame(broken, 1_310).join('')).not.toContain('\x1b');
  });
});
