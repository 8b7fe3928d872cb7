// The web site of the browser tests, as a plain web server would serve it: one page with an import map, the built package and
// the tests' own modules as they are. No bundler.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const served = /^\/(dist|test)\/[\w./-]+\.js$/;

/** What a browser takes of an entry in `exports`, in the order of the entry. */
const browserConditions = ['browser', 'import', 'default'];

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers one GET. `contentSecurityPolicy` is the page's. */
export function answer(path: string, contentSecurityPolicy: string | undefined): Answer {
  if (path === '/') {
    const policy: Record<string, string> =
      contentSecurityPolicy === undefined ? {} : { 'content-security-policy': contentSecurityPolicy };
    return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8', ...policy }, body: page() };
  }
  if (served.test(path) && !path.includes('..')) {
    try {
      const body = readFileSync(join(root, path), 'utf8');
      return { status: 200, headers: { 'content-type': 'text/javascript; charset=utf-8' }, body };
    } catch {
      // There is no such file.
    }
  }
  return { status: 404, headers: { 'content-type': 'text/plain' }, body: `${path} is not served here.` };
}

function page(): string {
  return `<!doctype html>
<meta charset="utf-8">
<title>Holdfast in a browser</title>
<link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports: importMap() })}</script>
<script type="module" src="/test/browser/support/run-module.js"></script>
`;
}

/** Every entry point under the name that a program imports it by, and what the package's own `imports` stand for. */
export function importMap(): Readonly<Record<string, string>> {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
    readonly imports: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
  const imports: Record<string, string> = {};
  for (const [entry, conditions] of Object.entries({ ...manifest.exports, ...manifest.imports })) {
    if (typeof conditions === 'string') continue;
    const taken = Object.keys(conditions).find((condition) => browserConditions.includes(condition));
    const file = taken === undefined ? undefined : conditions[taken];
    const name = entry.startsWith('#') ? entry : `holdfast${entry.slice(1)}`;
    if (file !== undefined) imports[name] = file.slice(1);
  }
  return imports;
}

export interface Site {
  /** As in `http://127.0.0.1:40000`. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves the site on loopback. */
export async function serveSite(contentSecurityPolicy: string | undefined): Promise<Site> {
  const server = createServer((request, response) => {
    const { status, headers, body } = answer(request.url ?? '/', contentSecurityPolicy);
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
