// The suite in a page of Chromium, over what the browser has: WebSocket and fetch. One page serves a whole test file; every case has a
// server of its own.

import { afterAll, beforeAll, type TestContext } from 'vitest';
import type { Subprotocol } from '../../../src/transport/websocket/index.js';
import { findChromium, missingChromium } from '../../browser/support/chromium.js';
import { type BrowserPage, type Host, openPage } from '../../browser/support/open-page.js';
import type { Performance } from './describe-suite.js';

/** A slow machine takes longer to start a browser than one case may take. */
const startBoundMs = 120_000;

const ends: (() => unknown)[] = [];
let opened: BrowserPage | undefined;

beforeAll(async () => {
  if (findChromium() === undefined && process.env.CI === undefined) return;
  // `openPage` serves one test: here the file stands in for it.
  const file = { onTestFinished: (end: () => unknown) => ends.push(end) } as unknown as TestContext;
  opened = await trusting(await openPage(file));
}, startBoundMs);

afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

/** A page that takes the tests' certificate as it is. */
async function trusting(page: BrowserPage): Promise<BrowserPage> {
  const devTools = await page.playwright.context().newCDPSession(page.playwright);
  await devTools.send('Security.setIgnoreCertificateErrors', { ignore: true });
  return page;
}

/** `by`: a subprotocol of WebSocket; or HTTP by fetch, with one stream for all subscriptions or one for each. */
export function inChromium(by: Subprotocol | 'one stream' | 'streams'): Performance['perform'] {
  return async (task, { control, address }, lacks, t) => {
    const page = opened ?? t.skip(missingChromium);
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
