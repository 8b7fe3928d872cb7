// The screen against a terminal that shows what a person would see.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Screen } from '../../../../src/cli/demo/live/screen.js';
import { FakeTerminal } from './fake-terminal.js';

let terminal: FakeTerminal;
let screen: Screen;

beforeEach(() => {
  terminal = new FakeTerminal(40, 10);
  terminal.write('before\n');
  screen = new Screen(terminal);
});
afterEach(() => screen.close());

describe('A block is drawn again in place', () => {
  test('and what stood above it stays', () => {
    screen.draw(['one', 'two']);
    screen.draw(['three', 'four']);
    expect(terminal.lines).toEqual(['before', 'three', 'four', '']);
    expect(terminal.cursor).toEqual({ row: 3, column: 0 });
  });

  test('in one write, which holds only the lines that changed', () => {
    screen.draw(['one', 'two', 'three']);
    terminal.writes.length = 0;
    screen.draw(['one', '2', 'three']);
    expect(terminal.writes).toEqual(['\r\x1b[3A\n2\x1b[K\n\n\x1b[J']);
  });

  test('with no write at all where nothing changed', () => {
    screen.draw(['one']);
    terminal.writes.length = 0;
    screen.draw(['one']);
    expect(terminal.writes).toEqual([]);
  });

  test('and leaves nothing of a longer line, or of a line that is gone', () => {
    screen.draw(['a long line', 'another']);
    screen.draw(['short']);
    expect(terminal.lines).toEqual(['before', 'short', '']);
    screen.draw(['short', 'again two']);
    expect(terminal.lines).toEqual(['before', 'short', 'again two', '']);
  });

  test('and what something else wrote over it is gone after a while', () => {
    screen.draw(['one', 'two']);
    terminal.write('\r\x1b[2Agarbage\n\n');
    for (let drawing = 0; drawing < 10; drawing += 1) screen.draw(['one', 'two']);
    expect(terminal.lines).toEqual(['before', 'one', 'two', '']);
  });

  test('over what Ctrl-C left at the cursor', () => {
    screen.draw(['one']);
    terminal.write('^C');
    screen.draw(['two']);
    expect(terminal.lines).toEqual(['before', 'two', '']);
  });
});

describe('The size of the terminal', () => {
  test('bounds the height of the block: what does not fit is left out, and the block does not scroll away', () => {
    terminal.rows = 4;
    const lines = ['one', 'two', 'three', 'four', 'five'];
    screen.draw(lines);
    screen.draw(lines.map((line) => `${line}!`));
    expect(terminal.lines).toEqual(['before', 'one!', 'two!', 'three!', '']);
  });

  test('leaves the last column free', () => {
    expect(screen.width).toBe(39);
  });

  test('is taken as 80 columns and 24 rows where the terminal does not tell', () => {
    terminal.columns = 0;
    terminal.rows = 0;
    expect(screen.width).toBe(79);
    terminal.columns = 80;
    screen.draw(Array.from({ length: 30 }, (_, index) => `${index}`));
    expect(terminal.lines).toHaveLength(1 + 23 + 1);
  });

  test('may shrink: lines that the terminal wrapped are replaced as well, colours not counted', () => {
    screen.draw(['x'.repeat(38), 'short', `\x1b[31m${'y'.repeat(20)}\x1b[39m`]);
    terminal.narrow(20);
    expect(terminal.lines).toHaveLength(1 + 4 + 1);
    screen.draw(['X', 'Y', 'Z']);
    expect(terminal.lines).toEqual(['before', 'X', 'Y', 'Z', '']);
  });

  test('may grow, and then everything is drawn anew', () => {
    screen.draw(['one', 'two']);
    terminal.columns = 60;
    terminal.writes.length = 0;
    screen.draw(['one', 'two']);
    expect(terminal.writes).toEqual(['\r\x1b[2Aone\x1b[K\ntwo\x1b[K\n\x1b[J']);
  });
});

describe('The cursor', () => {
  test('is hidden while the screen is open, and rests below the block when it is closed', () => {
    expect(terminal.cursorVisible).toBe(false);
    screen.draw(['one', 'two']);
    screen.close();
    expect(terminal.cursorVisible).toBe(true);
    terminal.write('after\n');
    expect(terminal.lines).toEqual(['before', 'one', 'two', 'after', '']);
  });

  test('is shown once, and nothing is drawn after that', () => {
    screen.close();
    terminal.writes.length = 0;
    screen.close();
    screen.draw(['late']);
    expect(terminal.writes).toEqual([]);
  });

  test('is watched over until then: a screen that is closed listens to nothing', () => {
    const listeners = process.listenerCount('exit');
    screen.close();
    expect(process.listenerCount('exit')).toBe(listeners - 1);
  });
});
