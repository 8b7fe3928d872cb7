// Which tests have a process of their own: others share one, and would meet what a test has put in the place of something.

import { expect, test } from 'vitest';
import { replacing } from '../../vitest.config.js';
import { readSources } from './sources.js';

/** What has a process for each file in any case. */
const apart = /^test\/(bench|browser|cli|conformance|examples|house|interop|observe|server|testing|transport\/fetch)\//;
const replaces = /\bvi\.(mock|doMock|resetModules|stubGlobal)\(/;

test('Tests that put something in the place of modules or globals have a process of their own', () => {
  const found = readSources('test').filter(({ path, text }) => !apart.test(path) && replaces.test(text));
  expect(found.map(({ path }) => path)).toEqual(replacing);
});
