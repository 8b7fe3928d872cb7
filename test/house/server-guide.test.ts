// The guide to the server: its table of limits is what the code has, and its snippets run.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Drawings, draw, placesIn } from './drawings.js';
import { deadLinksIn, linksIn } from './links.js';
import { drawLimits } from './server-guide/draw-limits.js';
import { blocksOf, ProgramFolder } from './snippets.js';
import { root } from './sources.js';

const path = join(root, 'docs', 'server.md');
const page = readFileSync(path, 'utf8');
const drawings: Drawings = { limits: drawLimits };

describe('The drawings', () => {
  test('are what the code draws (npm run docs draws them anew)', async () => {
    await expect(draw(page, drawings)).toMatchFileSnapshot(path);
  });

  test('have a place each', () => {
    expect([...placesIn(page)].sort()).toEqual(Object.keys(drawings).sort());
  });
});

describe('Every snippet runs', () => {
  const folder = new ProgramFolder();
  afterAll(() => folder.remove());
  const snippets = blocksOf(page);

  test('and there are some', () => {
    expect(snippets.length).toBeGreaterThan(7);
  });

  test.each(snippets)('the one at line $line', async (snippet) => {
    const { code, err } = await folder.run(snippet);
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });
});

test('Every link within the page leads somewhere', () => {
  expect(linksIn(page).length).toBeGreaterThan(10);
  expect(deadLinksIn(page)).toEqual([]);
});
