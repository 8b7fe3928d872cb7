// The guide to the server: its table of limits is what the code has, and its snippets run.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Drawings, draw, placesIn } from './drawings.js';
import { describeGuide } from './guide.js';
import { drawLimits } from './server-guide/draw-limits.js';
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

describeGuide(page);
