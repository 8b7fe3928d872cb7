// Links from page to page: each leads to a file that the package brings along, and to a heading that is there.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { anchorsOf, fileLinksIn } from './links.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly files: readonly string[] };
const guides = readdirSync(join(root, 'docs')).map((name) => `docs/${name}`);

const pages = ['README.md', ...guides].map(
  (page) => [page, fileLinksIn(readFileSync(join(root, page), 'utf8'))] as const,
);

test('pages link to each other', () => {
  expect(pages.flatMap(([, links]) => links).length).toBeGreaterThan(20);
});

describe.each(pages)('the links of %s', (page, links) => {
  test('lead to files that are published', () => {
    for (const { path } of links) {
      const found = relative(root, join(root, dirname(page), path));
      expect(existsSync(join(root, found)), `${path} is there`).toBe(true);
      expect(
        files.some((one) => found === one || found.startsWith(`${one}/`)),
        `${path} is in the package`,
      ).toBe(true);
    }
  });

  test('lead to headings', () => {
    for (const { path, anchor } of links) {
      if (anchor === undefined) continue;
      expect(anchorsOf(readFileSync(join(root, dirname(page), path), 'utf8')), `${path}#${anchor}`).toContain(anchor);
    }
  });
});
