// The guide to transports: its drawings are what the conformance suite proves.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { environments } from '../conformance/environments.js';
import { type Drawings, draw, placesIn } from './drawings.js';
import { describeGuide } from './guide.js';
import { root } from './sources.js';
import { drawReasons, drawWhatApplies } from './transports-guide/draw-what-applies.js';

const path = join(root, 'docs', 'transports.md');
const page = readFileSync(path, 'utf8');
const drawings: Drawings = { 'what-applies': drawWhatApplies, reasons: drawReasons };

describe('The drawings', () => {
  test('are what the code draws (npm run docs draws them anew)', async () => {
    await expect(draw(page, drawings)).toMatchFileSnapshot(path);
  });

  test('have a place each', () => {
    expect([...placesIn(page)].sort()).toEqual(Object.keys(drawings).sort());
  });
});

describeGuide(page);

test('Every environment of the conformance suite is run by one test file', () => {
  const folder = join(root, 'test', 'conformance');
  const files = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
  const run = files.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/^describeSuite\(environments\.(\w+),/gm)].map(
      ([, key]) => key,
    ),
  );
  expect(run.sort()).toEqual(Object.keys(environments).sort());
});
