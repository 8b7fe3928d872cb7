// The guides to the typed API: their snippets compile, strictly, and run; their links lead somewhere.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deadLinksIn, linksIn } from './links.js';
import { root } from './sources.js';
import { readGuide, TypedFolder } from './typed-guides/typed-folder.js';

describe.each(['typed-api.md', 'from-python.md'])('docs/%s', (name) => {
  const page = readFileSync(join(root, 'docs', name), 'utf8');
  const guide = readGuide(page);

  describe('Every snippet', () => {
    let folder: TypedFolder;
    beforeAll(() => {
      folder = new TypedFolder(guide);
    });
    afterAll(() => folder.remove());

    test('compiles, with the module that is generated from the schema of the page', () => {
      expect(guide.snippets.length).toBeGreaterThan(12);
      expect(folder.compile()).toBe('');
    });

    test.each(guide.snippets)('runs, the one at line $line', async (snippet) => {
      const { code, err } = await folder.run(snippet);
      expect({ code, err }).toEqual({ code: 0, err: '' });
    });
  });

  test('Every link within the page leads to a heading', () => {
    expect(linksIn(page).length).toBeGreaterThan(2);
    expect(deadLinksIn(page)).toEqual([]);
  });
});
