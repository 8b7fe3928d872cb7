// The guide to sessions: its drawings are what the code draws, its snippets run, its links lead somewhere.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { initialMachine } from '../../src/session/machine.js';
import { placesIn } from './drawings.js';
import { describeGuide } from './guide.js';
import { rulesOf } from './sessions-guide/decision-table.js';
import { drawDiagram } from './sessions-guide/draw-states.js';
import { allTransitions, statusOf } from './sessions-guide/explore-machine.js';
import { drawingNames, withDrawings } from './sessions-guide/page.js';
import { root } from './sources.js';

const path = join(root, 'docs', 'sessions.md');
const page = readFileSync(path, 'utf8');

describe('The drawings', () => {
  test('are what the code draws (npm run docs draws them anew)', async () => {
    await expect(withDrawings(page)).toMatchFileSnapshot(path);
  });

  test('of the states keep to what the language of the diagram takes', () => {
    const [fence, title, ...lines] = drawDiagram().split('\n');
    expect([fence, title, ...lines.splice(-2)]).toEqual(['```mermaid', 'stateDiagram-v2', '  }', '```']);
    const statement = /^ +(\S+ --> \S+( : [^:;`]+)?|state \w+ \{)$/;
    expect(lines.filter((line) => !statement.test(line))).toEqual([]);
  });

  test('have a place each', () => {
    expect([...placesIn(page)].sort()).toEqual([...drawingNames].sort());
  });
});

describe('The exploration of the connection machine', () => {
  const transitions = allTransitions();

  test('meets every status', () => {
    const met = new Set(transitions.flatMap(({ from, to }) => [from, to]));
    const all = ['idle', 'connecting', 'ready', 'waiting', 'failed', 'draining', 'disconnecting', 'closed'];
    expect([statusOf(initialMachine), [...met].sort()]).toEqual(['idle', all.sort()]);
  });

  test('finds nothing that an event of another generation does', () => {
    expect(transitions.filter(({ event }) => event.includes('another generation'))).toEqual([]);
  });

  test('finds no way out of closed', () => {
    expect(transitions.filter(({ from }) => from === 'closed')).toEqual([]);
  });
});

describe('What decides', () => {
  const sample = (answer: string, ...[size, colour]: string[]) => ({
    facts: { size: size ?? '', colour: colour ?? '' },
    answer,
  });

  test('is found without what does not matter, and values that lead to the same are one condition', () => {
    const samples = [
      ...['red', 'green', 'blue'].map((colour) => sample(colour === 'red' ? 'stop' : 'go', 'big', colour)),
      ...['red', 'green', 'blue'].map((colour) => sample(colour === 'red' ? 'stop' : 'go', 'small', colour)),
    ];
    expect(rulesOf(samples, ['size', 'colour'])).toEqual([
      { conditions: ['red'], answer: 'stop' },
      { conditions: ['green or blue'], answer: 'go' },
    ]);
  });

  test('is missed when it is none of the facts', () => {
    expect(() => rulesOf([sample('stop', 'big'), sample('go', 'big')], ['size'])).toThrow('None of the facts decides');
  });
});

describeGuide(page);
