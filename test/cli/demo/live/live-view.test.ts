// The live view over time: when it draws, and how it ends.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveView } from '../../../../src/cli/demo/live/live-view.js';
import { colourless } from '../../../../src/cli/demo/live/palette.js';
import { Screen } from '../../../../src/cli/demo/live/screen.js';
import { FakeTerminal } from './fake-terminal.js';
import { begun, ready } from './happenings.js';

let terminal: FakeTerminal;
let view: LiveView;
let nowMs = 0;

const pass = (ms: number): void => {
  nowMs += ms;
  vi.advanceTimersByTime(ms);
};

beforeEach(() => {
  vi.useFakeTimers();
  nowMs = 0;
  terminal = new FakeTerminal(80, 24);
  view = new LiveView(new Screen(terminal), colourless, () => nowMs);
});
afterEach(() => {
  view[Symbol.dispose]();
  vi.useRealTimers();
});

test('It draws at once', () => {
  expect(terminal.lines[2]).toBe('The shop server starts.');
});

test('However much happens, it draws four times a second', () => {
  terminal.writes.length = 0;
  for (let ms = 0; ms < 1_000; ms += 1) {
    view.tell(begun);
    pass(1);
  }
  expect(terminal.writes).toHaveLength(4);
  expect(terminal.lines[6]).toBe('Calls      0 in flight      1000 waiting');
});

test('Its last frame shows what happened last, and stays; nothing is drawn after it', () => {
  view.tell(ready(1));
  view[Symbol.dispose]();
  expect(terminal.lines[4]).toBe('Session    ready for 0.00 s, generation 1');
  expect(terminal.cursorVisible).toBe(true);
  terminal.writes.length = 0;
  pass(10_000);
  expect(terminal.writes).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test('A narrower terminal gets shorter lines', () => {
  terminal.narrow(30);
  pass(250);
  // Above the block may be left what the terminal had wrapped, and scrolled out of its screen.
  const [first] = terminal.lines.slice(-23);
  expect(first).toBe('One session on a network t...');
});
