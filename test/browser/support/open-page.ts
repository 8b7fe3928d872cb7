// Tests in a real browser. A test opens a page and runs plain ES modules in it; a module imports the package by its name.

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, type TestContext, vi } from 'vitest';
import { findChromium, launchChromium, missingChromium } from './chromium.js';
import { answer, serveSite } from './site.js';

export interface PageOptions {
  /** The page's Content-Security-Policy header. Default: none. */
  readonly contentSecurityPolicy?: string | undefined;
  /** Loads the page over https:, from a name that leads nowhere else. Default: over http: from 127.0.0.1. */
  readonly secure?: boolean | undefined;
}

/** What a module in the page may ask of its test: names and what they do, on the test's side. */
export type Host = Readonly<Record<string, (...given: never[]) => unknown>>;

export interface BrowserPage {
  /**
   * Imports `modulePath`, a path from the root of the repository, into the page and calls its export `run(argument, host)`
   * there. Argument, answer and what passes through `host` are JSON. Rejects with what the module threw and with what the
   * page wrote to its console.
   *
   * @example
   * const page = await openPage(t);
   * const answer = await page.run('test/browser/modules/calls.js', { url }, { cut: () => proxy.cut() });
   * // modules/calls.js: export async function run({ url }, host) { ...; await host.cut(); ... }
   */
  run<Result>(modulePath: string, argument?: unknown, host?: Host): Promise<Result>;
  /** Takes the network away or gives it back, with the events `offline` and `online`. A live socket stalls and stays open. */
  setOffline(offline: boolean): Promise<void>;
  /** Hides or shows the page: `document.visibilityState` and its event. Timers go on as they are. */
  setVisible(visible: boolean): Promise<void>;
  /** What the page wrote to its console, and the errors that nothing caught. */
  readonly log: readonly string[];
  /** The page itself, for whatever else a test may need: its `clock`, a CDP session, more contexts. */
  readonly playwright: Page;
}

/** The first test of a file also starts the browser, which takes a while where much else runs. */
vi.setConfig({ testTimeout: 90_000 });

const secureOrigin = 'https://holdfast.test';

let browser: Promise<Browser> | undefined;

// One browser serves a test file; every page has a context of its own, with its own cache, cookies and network.
afterAll(async () => {
  await (await browser)?.close();
});

/** Opens a page for one test, which is skipped where there is no Chromium and fails for want of it in CI. */
export async function openPage(t: TestContext, options: PageOptions = {}): Promise<BrowserPage> {
  const executable = findChromium();
  if (executable === undefined) {
    if (process.env.CI !== undefined) throw new Error(missingChromium);
    return t.skip(missingChromium);
  }
  browser ??= launchChromium(executable);
  const context = await (await browser).newContext();
  t.onTestFinished(() => context.close());
  const origin = await openSite(t, context, options);
  const page = new OpenPage(context, await context.newPage());
  await page.load(`${origin}/`);
  return page;
}

async function openSite(t: TestContext, context: BrowserContext, options: PageOptions): Promise<string> {
  const { contentSecurityPolicy, secure = false } = options;
  if (secure) {
    await context.route(`${secureOrigin}/**`, (route) =>
      route.fulfill(answer(new URL(route.request().url()).pathname, contentSecurityPolicy)),
    );
    return secureOrigin;
  }
  const site = await serveSite(contentSecurityPolicy);
  t.onTestFinished(() => site.close());
  return site.origin;
}

/** What `run-module.js` puts into the page. */
interface RunModule {
  readonly runModule: (call: {
    readonly path: string;
    readonly argument: unknown;
    readonly run: number;
    readonly hostNames: readonly string[];
  }) => Promise<unknown>;
}

class OpenPage implements BrowserPage {
  readonly log: string[] = [];
  readonly playwright: Page;
  readonly #context: BrowserContext;
  readonly #hosts: Host[] = [];

  constructor(context: BrowserContext, page: Page) {
    this.playwright = page;
    this.#context = context;
    page.on('console', (message) => this.log.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => this.log.push(`uncaught: ${error.stack ?? error.message}`));
  }

  async load(url: string): Promise<void> {
    await this.playwright.exposeFunction('callHost', (run: number, name: string, given: readonly unknown[]) =>
      this.#hosts[run]?.[name]?.(...(given as never[])),
    );
    await this.playwright.goto(url);
  }

  async run<Result>(modulePath: string, argument?: unknown, host: Host = {}): Promise<Result> {
    const run = this.#hosts.push(host) - 1;
    const call = { path: `/${modulePath}`, argument, run, hostNames: Object.keys(host) };
    try {
      return (await this.playwright.evaluate(
        (given) => (globalThis as unknown as RunModule).runModule(given),
        call,
      )) as Result;
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      const log = this.log.map((line) => `\n  ${line}`).join('');
      throw new Error(`${modulePath} failed in the page: ${detail}\nThe page's console:${log || ' empty'}`, { cause });
    }
  }

  setOffline(offline: boolean): Promise<void> {
    return this.#context.setOffline(offline);
  }

  setVisible(visible: boolean): Promise<void> {
    return this.playwright.evaluate((shown) => {
      Object.defineProperty(document, 'hidden', { configurable: true, value: !shown });
      Object.defineProperty(document, 'visibilityState', { configurable: true, value: shown ? 'visible' : 'hidden' });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    }, visible);
  }
}
