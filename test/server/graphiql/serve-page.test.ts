// GraphiQL as the endpoint serves it, without a browser: to whom, with which headers, and nothing besides. The files are those
// of the built package.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
// @ts-expect-error: a script, without types
import { change } from '../../../scripts/pages/graphiql.js';
import { graphiqlFrom, graphiqlResponse } from '../../../src/server/graphiql/serve-page.js';
import type { PlainRequest, PlainResponse } from '../../../src/server/http/plain.js';
import { builtFile } from '../../support/built.js';

const folder = join(builtFile('pages/graphiql/index.html'), '..');
const base = pathToFileURL(builtFile('server/graphiql/serve-page.js')).href;
const built = graphiqlFrom(base);
const asBrowsersDo = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

function get(url: string, accept: string | undefined = '*/*', method = 'GET'): PlainRequest {
  return {
    method,
    url,
    headers: { accept },
    remoteAddress: undefined,
    signal: new AbortController().signal,
    readText: () => {
      throw new Error('There is no body');
    },
    readChunks: () => {
      throw new Error('There is no body');
    },
  };
}

async function page(url = '/graphql', path = '/graphql'): Promise<PlainResponse> {
  const response = await built(get(url, asBrowsersDo), path);
  if (response === undefined) throw new Error(`There is no page at ${url}`);
  return response;
}

const names = (html: unknown): string[] =>
  Array.from(String(html).matchAll(/"\?graphiql=([^"]+)"/g), ([, name]) => `${name}`);

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a browser that opens the endpoint', () => {
  test('gets the page, which may load nothing from elsewhere and nothing inline', async () => {
    const { status, headers } = await page();
    expect([status, headers]).toEqual([
      200,
      {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'X-Content-Type-Options': 'nosniff',
        Vary: 'Accept',
        'Cache-Control': 'no-cache',
      },
    ]);
  });

  test('finds nothing inline in it, and no address but those of its files', async () => {
    const { body } = await page();
    expect(body).not.toMatch(/<style|\sstyle=|\son\w+=|https?:|<script(?![^>]* src=)/);
    const addresses = Array.from(String(body).matchAll(/(?:href|src)="([^"]*)"/g), ([, address]) => address);
    expect(addresses).toEqual(['data:,', ...names(body).map((name) => `?graphiql=${name}`)]);
  });

  test.each(['/graphql', '/', '/api/', '/deep/down/graphql'])('gets it and its files at %s', async (path) => {
    const { body } = await page(path, path);
    expect(names(body)).toHaveLength(6);
    for (const name of names(body)) {
      const response = await built(get(`${path}?graphiql=${name}`), path);
      expect(response?.body).toBe(readFileSync(join(folder, name), 'utf8'));
      expect(response?.headers).toEqual({
        'Content-Type': name.endsWith('.js') ? 'text/javascript; charset=utf-8' : 'text/css; charset=utf-8',
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'public, max-age=31536000, immutable',
      });
    }
  });

  test('gets it with parameters that are not meant for GraphQL', async () => {
    expect(await page('/graphql?utm=1')).toMatchObject({ status: 200 });
  });
});

describe('GraphiQL does not answer', () => {
  test.each([
    ['a program', get('/graphql', '*/*')],
    ['one that accepts JSON', get('/graphql', 'application/graphql-response+json, application/json')],
    ['one that refuses HTML', get('/graphql', 'application/json, text/html;q=0')],
    ['one that says nothing', { ...get('/graphql'), headers: {} }],
    ['another path', get('/graphql/more', asBrowsersDo)],
    ['another method', get('/graphql', asBrowsersDo, 'POST')],
    ['a query in the address', get('/graphql?query={hello}', asBrowsersDo)],
    ['a document in the address by its id', get('/graphql?documentId=abc', asBrowsersDo)],
    ['a document in the address by its hash', get('/graphql?extensions={}', asBrowsersDo)],
  ])('%s', async (_whom, request) => {
    expect(await built(request, '/graphql')).toBeUndefined();
  });

  test.each([
    'index.html',
    'LICENSES.txt',
    'graphiql.js',
    '',
    '.',
    '../index.js',
    '..%2Findex.js',
    '%2Fetc%2Fpasswd',
    '__proto__',
    'constructor',
  ])('for a file called "%s"', async (name) => {
    expect(await built(get(`/graphql?graphiql=${name}`, asBrowsersDo), '/graphql')).toBeUndefined();
  });

  test('where the platform has no files', async () => {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
    expect(await graphiqlFrom(base)(get('/graphql', asBrowsersDo), '/graphql')).toBeUndefined();
  });

  test('where its files were left behind, or nobody knows where they are', async () => {
    expect(await graphiqlFrom('file:///nowhere/a/b.js')(get('/graphql', asBrowsersDo), '/graphql')).toBeUndefined();
    expect(await graphiqlFrom(undefined)(get('/graphql', asBrowsersDo), '/graphql')).toBeUndefined();
    // Beside the sources there are none that were built.
    expect(await graphiqlResponse(get('/graphql', asBrowsersDo), '/graphql')).toBeUndefined();
  });
});

describe('the files', () => {
  const files = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

  test('are read once, when they are first asked for', async () => {
    const asked = vi.spyOn(process, 'getBuiltinModule');
    const respond = graphiqlFrom(base);
    expect(asked).not.toHaveBeenCalled();
    await Promise.all([
      respond(get('/graphql', asBrowsersDo), '/graphql'),
      respond(get('/graphql', asBrowsersDo), '/graphql'),
    ]);
    await respond(get('/graphql', asBrowsersDo), '/graphql');
    expect(asked).toHaveBeenCalledOnce();
  });

  test('have at most 2 MB together', () => {
    const bytes = files.map(({ name }) => statSync(join(folder, name)).size).reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(bytes).toBeLessThanOrEqual(2_000_000);
  });

  test('are the page, what it refers to, and licences: no source maps, and nobody asks for one', async () => {
    const { body } = await page();
    expect(files.map(({ name }) => name).sort()).toEqual(['LICENSES.txt', 'index.html', ...names(body)].sort());
    expect(files.filter(({ text }) => text.includes('sourceMappingURL')).map(({ name }) => name)).toEqual([]);
  });

  test('have no place in which they make a style element or a style attribute', () => {
    const found = files
      .filter(({ name }) => name.endsWith('.js'))
      .flatMap(
        ({ text }) =>
          text.match(/.{60}(createElement\(["']style["']\)|\["style","|setAttribute\(["']style["'])/g) ?? [],
      );
    expect(found).toEqual([]);
  });

  test('stand beside the licences of the packages that they were made of', () => {
    const licences = files.find(({ name }) => name === 'LICENSES.txt')?.text.split('\n');
    for (const name of [
      'graphiql',
      '@graphiql/react',
      'react',
      'react-dom',
      'codemirror',
      'graphql',
      'markdown-it',
      'framer-motion',
    ]) {
      expect(licences).toContain(name);
    }
  });
});

test('the build stops where a release has something else in a place that is to be changed', () => {
  expect(
    change('one two two', [
      { from: 'one', to: '1', times: 1 },
      { from: /two/g, to: '2', times: 2 },
    ]),
  ).toBe('1 2 2');
  expect(() => change('one two two', [{ from: 'two', to: '2', times: 1 }])).toThrow(
    'two is there 2 times instead of 1',
  );
  expect(() => change('one', [{ from: /two/g, to: '2', times: 1 }])).toThrow('there 0 times');
});
