// What a page loads when it imports the package: our own files and nothing else, neither a module of Node nor a package.

import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf } from '../house/sources.js';
import { builtFile } from '../support/built.js';
import { openPage } from './support/open-page.js';
import { importMap } from './support/site.js';

/**
 * The built files that `start` leads to, itself included, and every import on the way that is no file of ours. `when`: what is
 * loaded with it, or also what it may load later.
 */
function walk(
  start: string,
  when: 'early' | 'early or late' = 'early or late',
): { readonly files: ReadonlySet<string>; readonly foreign: readonly string[] } {
  const files = new Set<string>();
  const foreign: string[] = [];
  const queue = [start];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const { specifier, dynamic } of importsOf(file, readFileSync(builtFile(file), 'utf8'))) {
      if (dynamic && when === 'early') continue;
      if (specifier === '#platform') queue.push('transport/route/browser.js');
      else if (specifier.startsWith('.')) queue.push(posix.join(posix.dirname(file), specifier));
      else foreign.push(`${file} imports ${specifier}`);
    }
  }
  return { files, foreign };
}

const entries = {
  holdfast: 'index.js',
  'holdfast/websocket': 'transport/websocket/browser.js',
  'holdfast/fetch': 'transport/fetch/index.js',
  'holdfast/route': 'transport/route/index.js',
  'holdfast/appsync': 'transport/appsync/browser.js',
  'holdfast/phoenix': 'transport/phoenix/browser.js',
};

describe('the built package', () => {
  test('leads a browser to the file that is made for it', () => {
    const taken = importMap();
    for (const [name, file] of Object.entries(entries)) expect(taken[name]).toBe(`/dist/${file}`);
  });

  test.each(Object.values(entries))('reaches nothing of Node and no package from %s, early or late', (file) => {
    const { files, foreign } = walk(file);
    expect(foreign).toEqual([]);
    expect(files.size).toBeGreaterThan(10);
  });

  test('reaches graphql from the typed API, late and alone: for SDL and plain documents', () => {
    expect(importMap()['holdfast/schema']).toBe('/dist/schema/index.js');
    expect(walk('schema/index.js', 'early').foreign).toEqual([]);
    expect(new Set(walk('schema/index.js').foreign)).toEqual(
      new Set(['schema/sources/graphql-js/load.js imports graphql']),
    );
    expect(walk('schema/codegen/index.js', 'early').foreign).toEqual([]);
  });

  test('loads the transports of the default route only when a session is opened by an address', () => {
    const { files } = walk('index.js', 'early');
    expect([...files].filter((file) => /^transport\/(fetch|http|websocket)\//.test(file))).toEqual([]);
    expect(walk('index.js').files.has('transport/websocket/browser.js')).toBe(true);
  });

  test('is walked to the end: from the file for Node one comes to ws and to modules of Node', () => {
    const { foreign } = walk('transport/websocket/index.js');
    expect(foreign).toContain('transport/websocket/node.js imports ws');
    expect(foreign).toContain('transport/websocket/proxy.js imports node:net');
  });
});

test('Chromium loads exactly these files', async (t) => {
  const page = await openPage(t);
  const loaded = new Set<string>();
  page.playwright.on('request', (request) => loaded.add(new URL(request.url()).pathname));
  const names = await page.run('test/browser/modules/loading.js', { names: Object.keys(entries) });
  expect(names).toMatchObject({ holdfast: expect.arrayContaining(['connect', 'createSession']) });
  expect(names).toMatchObject({ 'holdfast/websocket': ['webSocket'] });
  const own = [...loaded].filter((path) => path.startsWith('/dist/')).map((path) => path.slice('/dist/'.length));
  const walked = Object.values(entries).flatMap((file) => [...walk(file, 'early').files]);
  expect(own.sort()).toEqual([...new Set(walked)].sort());
  expect([...loaded].filter((path) => !path.startsWith('/dist/'))).toEqual(['/test/browser/modules/loading.js']);
});
