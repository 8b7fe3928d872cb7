// GraphiQL in Chromium, out of the built package: the page as somebody uses it, and everything that it was refused, complained
// of and asked for.

import type { Locator, Page } from 'playwright-core';
import { expect, type TestContext } from 'vitest';
import { openPage } from './open-page.js';

/** Whatever changes on the page does so within this. */
const patience = 20_000;

export class GraphiqlPage {
  readonly page: Page;
  readonly requests: string[] = [];
  readonly sockets: string[] = [];
  readonly #log: readonly string[];

  private constructor(page: Page, log: readonly string[]) {
    this.page = page;
    this.#log = log;
    page.setDefaultTimeout(patience);
    page.on('request', (request) => this.requests.push(request.url()));
    page.on('websocket', (socket) => this.sockets.push(socket.url()));
  }

  static async open(t: TestContext, address: string): Promise<GraphiqlPage> {
    const { playwright: page, log } = await openPage(t);
    // The page that `openPage` opens has nothing to do with this one.
    const graphiql = new GraphiqlPage(page, log);
    // Each violation goes to the console, besides what Chromium writes there itself.
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
        console.error(`Refused by ${violatedDirective}: ${blockedURI} ${sample}`);
      });
    });
    await page.goto(address);
    await page.locator('.graphiql-container').waitFor();
    return graphiql;
  }

  /** What went wrong so far: refused by the policy, written to the console, thrown and not caught, asked of anybody else. */
  complaints(): readonly string[] {
    const { origin, host } = new URL(this.page.url());
    const elsewhere = [
      ...this.requests.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith('data:')),
      ...this.sockets.filter((url) => new URL(url).host !== host),
    ];
    return [...this.#log, ...elsewhere.map((url) => `asked ${url}`)];
  }

  /** Types it into an editor instead of what is there. */
  async write(editor: 'query' | 'variables' | 'headers', text: string): Promise<void> {
    if (editor !== 'query') await this.button(editor === 'variables' ? 'Variables' : 'Headers').click();
    const place = editor === 'query' ? '.graphiql-query-editor' : '.graphiql-editor-tool';
    await this.page.locator(`${place} .CodeMirror`).filter({ visible: true }).first().click();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(text);
  }

  async run(): Promise<void> {
    await this.button(/^Execute query/).click();
  }

  async stop(): Promise<void> {
    await this.button(/^Stop query/).click();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
  }

  /** What the answer shows, as soon as it is this. */
  async shows(answer: object | RegExp): Promise<void> {
    const shown = expect.poll(() => this.answer(), { timeout: patience });
    if (answer instanceof RegExp) await shown.toMatch(answer);
    else await shown.toBe(JSON.stringify(answer, undefined, 2));
  }

  async answer(): Promise<string> {
    const lines = await this.page.locator('.result-window .CodeMirror-line').allInnerTexts();
    return lines.join('\n').replaceAll('\u200b', '').replaceAll('\u00a0', ' ');
  }
}
