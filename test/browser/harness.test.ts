// The harness of the browser tests itself: what it carries into a page and out of it, what it can emulate, and that it leaves
// no process and no profile behind.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, type TestContext, test, vi } from 'vitest';
import { startScripted } from '../session/behaviour/support/starting.js';
import { until } from '../session/behaviour/support/waiting.js';
import { findChromium, launchChromium, missingChromium } from './support/chromium.js';
import { openPage } from './support/open-page.js';

const echo = 'test/browser/modules/echo.js';

test('carries JSON into a module and out of it, and calls of the module to its test', async (t) => {
  const page = await openPage(t);
  const host = { add: (a: number, b: number) => Promise.resolve(a + b) };
  const told = await page.run(echo, { say: 'grüß dich', add: [1, 2] }, host);
  expect(told).toEqual({ said: 'grüß dich', sum: 3, hosts: ['add'] });
  expect(page.log).toEqual(['log: grüß dich']);
});

test('rejects with what a module threw, and with what the page wrote', async (t) => {
  const page = await openPage(t);
  const failure = page.run(echo, { say: 'before', fail: 'on purpose' });
  await expect(failure).rejects.toThrow(/echo\.js failed in the page: .*on purpose[\s\S]*log: before/);
  await expect(page.run('test/browser/modules/nowhere.js')).rejects.toThrow(/nowhere\.js/);
});

test('serves the built package and the tests, and nothing else of the machine', async (t) => {
  const page = await openPage(t);
  const status = (path: string) => page.playwright.evaluate(async (url) => (await fetch(url)).status, path);
  expect(await status('/dist/index.js')).toBe(200);
  for (const path of [
    '/package.json',
    '/dist/%2e%2e/vitest.config.ts',
    '/test/..%2f..%2fetc/passwd',
    '/.git/config.js',
  ])
    expect(await status(path)).toBe(404);
});

test('emulates a network that goes and comes back, and a page that is hidden and shown', async (t) => {
  const page = await openPage(t);
  const server = await startScripted();
  const host = {
    offline: () => page.setOffline(true),
    online: () => page.setOffline(false),
    hide: () => page.setVisible(false),
    show: () => page.setVisible(true),
  };
  expect(await page.run('test/browser/modules/emulation.js', { url: server.url }, host)).toEqual([
    'offline false',
    'no new socket',
    'online true',
    'hidden true',
    'visible false',
    'the socket from before is open',
  ]);
});

test('leaves no process and no profile behind', async (t) => {
  const executable = findChromium();
  if (executable === undefined) return t.skip(missingChromium);
  // Processes are looked up where Linux shows them.
  if (!existsSync('/proc/self/stat')) return t.skip('There is no /proc here.');
  // The browser of the other tests has processes that come and go.
  const before = children(process.pid);
  const browser = await launchChromium(executable);
  onTestFinished(() => browser.close());
  await (await browser.newPage()).goto('data:text/html,open');
  const own = children(process.pid).filter((pid) => !before.includes(pid));
  expect(own).toHaveLength(1);
  const started = own.flatMap((pid) => [pid, ...descendants(pid)]);
  const profiles = new Set(started.flatMap((pid) => /--user-data-dir=([^\0 ]+)/.exec(commandLine(pid))?.[1] ?? []));
  expect(started.length).toBeGreaterThan(2);
  expect(profiles.size).toBe(1);
  for (const profile of profiles) expect(existsSync(profile)).toBe(true);
  await browser.close();
  await until(() => !started.some((pid) => commandLine(pid) !== ''));
  for (const profile of profiles) expect(existsSync(profile)).toBe(false);
});

test('finds the program on the PATH, and only one that may be run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-path-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = ['/nowhere', folder].join(delimiter);
  expect(findChromium(path)).toBeUndefined();
  writeFileSync(join(folder, 'chromium'), '', { mode: 0o600 });
  expect(findChromium(path)).toBeUndefined();
  rmSync(join(folder, 'chromium'));
  writeFileSync(join(folder, 'chromium'), '', { mode: 0o700 });
  expect(findChromium(path)).toBe(join(folder, 'chromium'));
});

test('without Chromium a test is skipped with the package to install, and fails where CI is set', async () => {
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const skip = (note: string): never => {
    throw new Error(`skipped: ${note}`);
  };
  vi.stubEnv('PATH', '/nowhere');
  vi.stubEnv('CI', undefined);
  await expect(openPage({ skip } as unknown as TestContext)).rejects.toThrow(`skipped: ${missingChromium}`);
  vi.stubEnv('CI', 'true');
  await expect(openPage({ skip } as unknown as TestContext)).rejects.toThrow(/^Chromium is not installed/);
  expect(missingChromium).toContain('apt-get install chromium');
});

/** All processes that this one started, directly or not. */
function descendants(root: number): readonly number[] {
  return children(root).flatMap((pid) => [pid, ...descendants(pid)]);
}

function children(parent: number): readonly number[] {
  const all = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return all.filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number {
  // The name in parentheses may hold anything; state and parent follow the last one.
  return Number(read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[1] ?? 0);
}

/** Empty for a process that has ended, also where its parent has not noticed yet. */
function commandLine(pid: number): string {
  return read(`/proc/${pid}/cmdline`);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
