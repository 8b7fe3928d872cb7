// The suite in a page of Chromium, over what the browser has: WebSocket and fetch. One page serves a whole test file; every case has a
// server of its own.

import { afterAll, type TestContext } from 'vitest';
import type { Subprotocol } from '../../../src/transport/websocket/index.js';
import { findChromium, missingChromium } from '../../browser/support/chromium.js';
import { type BrowserPage, type Host, openPage } from '../../browser/support/open-page.js';
import type { Performance } from './describe-suite.js';

const ends: (() => unknown)[] = [];
let opened: Promise<BrowserPage> | undefined;

afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

/** `openPage` serves one test: here the file stands in for it. */
function openedPage(t: TestContext): Promise<BrowserPage> {
  if (findChromium() === undefined && process.env.CI === undefined) t.skip(missingChromium);
  const file = { onTestFinished: (end: () => unknown) => ends.push(end) } as unknown as TestContext;
  opened ??= openPage(file).then(trusting);
  return opened;
}

/** A page that takes the tests' certificate as it is. */
async function trusting(page: BrowserPage): Promise<BrowserPage> {
  const devTools = await page.playwright.context().newCDPSession(page.playwright);
  await devTools.send('Security.setIgnoreCertificateErrors', { ignore: true });
  return page;
}

/** `by`: a subprotocol of WebSocket; or HTTP by fetch, with one stream for all subscriptions or one for each. */
export function inChromium(by: Subprotocol | 'one stream' | 'streams'): Performance['perform'] {
  return async (task, { control, address }, lacks, t) => {
    const page = await openedPage(t);
    const before = page.log.length;
    const told = (): string => page.log.slice(before).join('\n  ') || 'nothing';
    try {
      await page.run('test/conformance/page.js', { task, lacks, address, by }, { ...control } as Host);
    } catch (error) {
      // Without what the page told of earlier cases.
      const { message } = (error as Error).cause as Error;
      throw new Error(`${message}\nThe page's console:\n  ${told()}`);
    }
    if (page.log.slice(before).some((line) => line.startsWith('uncaught'))) {
      throw new Error(`The page had errors that nothing caught:\n  ${told()}`);
    }
  };
}
