// What is true of every guide: its snippets run, and its links lead somewhere.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deadLinksIn, linksIn } from './links.js';
import { blocksOf, ProgramFolder } from './snippets.js';

export function describeGuide(page: string): void {
  describe('Every snippet runs', () => {
    let folder: ProgramFolder;
    beforeAll(() => {
      folder = new ProgramFolder();
    });
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

  test('Every link within the page leads to a heading', () => {
    expect(linksIn(page).length).toBeGreaterThan(10);
    expect(deadLinksIn(page)).toEqual([]);
  });
}
