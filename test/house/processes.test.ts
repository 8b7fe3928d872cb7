// Which tests have a process of their own: most share one, and would meet modules that another has put in the place of ours.

import { expect, test } from 'vitest';
import { replacingModules } from '../../vitest.config.js';
import { readSources } from './sources.js';

const replaces = /\bvi\.(mock|doMock|resetModules)\(/;

test('Tests that replace modules have a process of their own', () => {
  const found = readSources('test').filter(({ text }) => replaces.test(text));
  expect(found.map(({ path }) => path)).toEqual(replacingModules);
});
