// The web service, as its visitors and its operator see it: pages out of real data, a backend that goes and comes back, and
// an end that leaves nothing.

import { once } from 'node:events';
import { createServer as createHttpServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import { text } from 'node:stream/consumers';
import { buildSchema } from 'graphql';
import { afterEach, describe, expect, onTestFinished, type TestContext, test, vi } from 'vitest';
import { createServer, serve } from '../../src/server/index.js';
import { openPage } from '../browser/support/open-page.js';
import type { Output } from '../support/output.js';
import { endExamples, startExample } from './running.js';

/** Whatever is waited for comes within this, on a slow machine too. A page of the service waits as long for its backend. */
const patienceMs = 60_000;

afterEach(() => {
  endExamples();
  vi.unstubAllEnvs();
});

interface Backend {
  readonly output: Output;
  readonly url: string;
  readonly port: string;
}

async function startBackend(port: string = '0'): Promise<Backend> {
  const output = startExample('web/backend.js', port);
  const [, url = ''] = await output.line(/served at (\S+);/);
  return { output, url, port: new URL(url).port };
}

/**
 * As a machine does that loses its power. A connection that was open then keeps the port: the system gives it to nobody who
 * asks for any port, until the next backend takes it.
 */
async function crash({ output, port }: Backend): Promise<void> {
  const keeper = connectTcp(Number(port), '127.0.0.1').on('error', () => undefined);
  onTestFinished(() => void keeper.destroy());
  await once(keeper, 'connect');
  output.child.kill('SIGKILL');
  await output.ended;
}

interface App {
  readonly output: Output;
  readonly url: string;
}

async function startApp(backend: string, deadlineMs: number = patienceMs): Promise<App> {
  vi.stubEnv('PORT', '0');
  vi.stubEnv('BACKEND', backend);
  vi.stubEnv('DEADLINE_MS', String(deadlineMs));
  const output = startExample('web/main.js');
  const [, url = ''] = await output.line(/pages are at (\S+);/);
  return { output, url };
}

interface Visit {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

async function visit({ url }: App, path: string): Promise<Visit> {
  const response = await fetch(url + path);
  return { status: response.status, headers: response.headers, body: await response.text() };
}

/** How often countries were looked up, as a page says it. */
function counted(page: string): number {
  const [, times = ''] = /looked up (?:at least )?(once|\d+)/.exec(page) ?? [];
  return times === 'once' ? 1 : Number.parseInt(times, 10);
}

const names = { AF: 'Africa', AN: 'Antarctica', EU: 'Europe', OC: 'Oceania' };

/** Looks a continent up, waits until the counter has heard of it, and answers with the count. */
async function lookUp(app: App, code: keyof typeof names): Promise<number> {
  expect((await visit(app, `/?continent=${code}`)).status).toBe(200);
  return vi.waitFor(async () => {
    const { body } = await visit(app, '/');
    expect(body).toContain(`last those of ${names[code]}.`);
    return counted(body);
  }, patienceMs);
}

/** The counter has a connection of its own, and counts what is looked up once it has it. */
async function untilCounting(app: App): Promise<void> {
  await vi.waitFor(async () => {
    await visit(app, '/?continent=AN');
    expect(counted((await visit(app, '/')).body)).toBeGreaterThan(0);
  }, patienceMs);
  await lookUp(app, 'AF');
}

describe('The pages', () => {
  test('show the countries of a continent, out of real data', async () => {
    const app = await startApp((await startBackend()).url);
    const home = await visit(app, '/');
    expect(home.status).toBe(200);
    expect(home.body).toContain('<option value="EU">Europe</option>');
    const { status, body } = await visit(app, '/?continent=EU');
    expect(status).toBe(200);
    expect(body).toContain('<option value="EU" selected>Europe</option>');
    for (const text of ['🇫🇮</span> Finland', 'Suomi', 'Helsinki', 'Euro (€)', 'Finnish, Swedish']) {
      expect(body).toContain(text);
    }
    expect(body).not.toContain('Japan');
    expect((await visit(app, '/?continent=')).body).toContain('Choose a continent');
  });

  test('say in words what there is not, and take nothing in an address for markup', async () => {
    const app = await startApp((await startBackend()).url);
    const unknown = await visit(app, `/?continent=${encodeURIComponent('<script>"\'&')}`);
    expect(unknown.status).toBe(404);
    expect(unknown.body).toContain('There is no continent “&lt;script&gt;&quot;&#39;&amp;”.');
    expect(unknown.body).toContain('<option value="EU">Europe</option>');
    expect(await visit(app, '/?continent=EU&continent=AF')).toMatchObject({
      status: 400,
      body: expect.stringContaining('This cannot be asked'),
    });
    expect(await visit(app, '/<script>')).toMatchObject({
      status: 404,
      body: expect.stringContaining('There is no such page'),
    });
    expect(unknown.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('take nothing that the backend says for markup, and ask it over one subscription however many they are', async () => {
    const schema = buildSchema(`
      type Query { continents: [Continent!]! continent(code: ID!): Continent }
      type Subscription { lookups: Continent! }
      type Continent { code: ID! name: String! countries: [Country!]! }
      type Country { name: String! nativeName: String! capital: String flag: String! currencies: [Named!]! languages: [Named!]! }
      type Named { code: ID! name: String! symbol: String! }
    `);
    const bold = '<b>&"';
    const named = { code: bold, name: bold, symbol: bold };
    const country = {
      name: bold,
      nativeName: bold,
      capital: bold,
      flag: bold,
      currencies: [named],
      languages: [named],
    };
    const continent = { code: bold, name: bold, countries: [country] };
    let subscriptions = 0;
    await using serving = await serve(
      createServer({
        schema,
        rootValue: {
          continents: [continent],
          continent,
          lookups: async function* () {
            subscriptions += 1;
            yield { lookups: continent };
          },
        },
      }),
      { port: 0, quiet: true },
    );
    const app = await startApp(serving.url);
    const visits = await Promise.all(Array.from({ length: 10 }, () => visit(app, '/?continent=any')));
    for (const { status, body } of visits) {
      expect(status).toBe(200);
      expect(body).toContain('&lt;b&gt;&amp;&quot;');
      expect(body).not.toContain('<b>');
    }
    await vi.waitFor(async () => expect((await visit(app, '/')).body).toContain('last those of &lt;b&gt;'), patienceMs);
    expect(subscriptions).toBe(1);
  });

  test('say so when the backend answers something else', async () => {
    const other = createHttpServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>A secret</h1>');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const app = await startApp(`http://127.0.0.1:${port}/graphql`);
    const { status, body } = await visit(app, '/');
    other.close();
    other.closeAllConnections();
    expect(status).toBe(502);
    expect(body).toContain('code <code>protocol-error</code>, delivery <code>answered</code>');
    expect(body).not.toContain('secret');
  });
});

describe('While the backend is away', () => {
  test('the service starts all the same, and a page waits for the backend', async () => {
    const before = await startBackend();
    await crash(before);
    const app = await startApp(before.url);
    const page = visit(app, '/?continent=EU');
    await app.output.line(/The backend is not there\..*ECONNREFUSED/);
    await startBackend(before.port);
    expect(await page).toMatchObject({ status: 200, body: expect.stringContaining('Finland') });
  });

  test('a page waits through its restart, and the counter goes on, and says that it may have missed some', async () => {
    const backend = await startBackend();
    const app = await startApp(backend.url);
    await untilCounting(app);
    const before = await lookUp(app, 'OC');
    expect((await visit(app, '/')).body).not.toContain('at least');
    await crash(backend);
    await app.output.line(/The backend is not there\./);
    const page = visit(app, '/?continent=EU');
    await startBackend(backend.port);
    expect(await page).toMatchObject({ status: 200, body: expect.stringContaining('Finland') });
    await vi.waitFor(async () => expect((await visit(app, '/')).body).toMatch(/missed within \d+ s/), patienceMs);
    // Of the look-up right after the restart nobody knows whether the counter was there in time.
    const after = await lookUp(app, 'AF');
    expect(after).toBeGreaterThan(before);
    expect(await lookUp(app, 'OC')).toBe(after + 1);
    expect((await visit(app, '/')).body).toContain(`looked up at least ${after + 1} times`);
  });

  test('for longer, a page says what happened, and is there again when the backend is', async () => {
    const backend = await startBackend();
    const app = await startApp(backend.url, 1_000);
    // On a busy machine the first page may take longer than it may.
    await vi.waitFor(async () => expect((await visit(app, '/')).status).toBe(200), patienceMs);
    await crash(backend);
    await app.output.line(/The backend is not there\./);
    const { status, headers, body } = await visit(app, '/?continent=EU&x=%22%3E%3Cb%3E');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('5');
    expect(body).toContain('There was no answer in time. The question was not sent: it waited for a connection.');
    expect(body).toContain('code <code>deadline</code>, delivery <code>not-sent</code>');
    expect(body).toContain('href="/?continent=EU&amp;x=%22%3E%3Cb%3E"');
    expect(body).not.toMatch(/ECONNREFUSED|127\.0\.0\.1|\.js:\d/);
    await startBackend(backend.port);
    await vi.waitFor(async () => expect((await visit(app, '/?continent=EU')).body).toContain('Finland'), patienceMs);
  });
});

describe('The service', () => {
  test('ends at SIGTERM with what is open and what waits, and leaves nothing', async () => {
    const backend = await startBackend();
    await crash(backend);
    const app = await startApp(backend.url);
    const { port } = new URL(app.url);
    // As a browser opens it, to be ready for a request that may never come.
    const idle = connectTcp(Number(port), '127.0.0.1').on('error', () => undefined);
    const idleEnded = new Promise((resolve) => idle.once('close', resolve));
    await new Promise((resolve) => idle.once('connect', resolve));
    const live = await fetch(`${app.url}/live`);
    expect(live.headers.get('content-type')).toBe('text/event-stream');
    await app.output.line(/The backend is not there\./);
    // The service says that it has the request, then asks the backend.
    const waiting = httpRequest(`${app.url}/?continent=EU`, { headers: { expect: '100-continue' } });
    const answered = once(waiting, 'response');
    waiting.end();
    await once(waiting, 'continue');
    app.output.child.kill('SIGTERM');
    const [answer] = (await answered) as [IncomingMessage];
    expect(answer.statusCode).toBe(503);
    expect(await text(answer)).toContain('This service is being stopped.');
    expect(await live.text()).toContain('data: {"counter":"Countries were looked up 0 times');
    expect(await app.output.ended).toEqual({ code: 0, signal: null });
    await idleEnded;
  });

  test('ends at Ctrl-C while everything is well, and so does the backend', async () => {
    const backend = await startBackend();
    const app = await startApp(backend.url);
    await untilCounting(app);
    app.output.child.kill('SIGINT');
    expect(await app.output.ended).toEqual({ code: 0, signal: null });
    expect(app.output.stderr).toBe('');
    backend.output.child.kill('SIGINT');
    expect(await backend.output.ended).toEqual({ code: 0, signal: null });
    expect(backend.output.stderr).toBe('');
  });

  test.each([
    ['BACKEND', 'nonsense', /^OptionError: The address is not a URL/],
    ['DEADLINE_MS', 'soon', /^OptionError: Option "deadlineMs" must be a number/],
    ['PORT', '-1', /^RangeError: .*port/],
  ])('says in one line why it cannot start with %s=%s', async (name, value, message) => {
    vi.stubEnv(name, value);
    const output = startExample('web/main.js');
    expect((await output.ended).code).toBe(1);
    expect(output.stderr).toMatch(message);
    expect(output.stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('In a browser', () => {
  /** Chromium, at the home page of a service whose counter counts. */
  async function browse(t: TestContext) {
    const { playwright: page, log } = await openPage(t);
    const backend = await startBackend();
    const app = await startApp(backend.url);
    await untilCounting(app);
    await page.goto(app.url);
    const choose = async (continent: string): Promise<void> => {
      await page.getByLabel('Continent').selectOption(continent);
      await page.getByRole('button', { name: 'Show its countries' }).click();
    };
    return { page, log, backend, app, choose };
  }

  test('a continent is chosen and its countries are seen, and the counter of an open page counts', async (t) => {
    const { page, log, app, choose } = await browse(t);
    await choose('Europe');
    await page.getByRole('heading', { name: 'Finland' }).waitFor();
    expect(new URL(page.url()).search).toBe('?continent=EU');
    expect(await page.title()).toBe('Countries of Europe');
    const count = await lookUp(app, 'OC');
    const last = page.getByText(`looked up ${count} times since this service was started, last those of Oceania.`);
    await last.waitFor();
    await lookUp(app, 'AF');
    await page
      .getByText(`looked up ${count + 1} times since this service was started, last those of Africa.`)
      .waitFor();
    expect(log).toEqual([]);
  });

  test('an open page tells when the backend goes and comes back, and goes on counting', async (t) => {
    const { page, log, backend, app, choose } = await browse(t);
    const notice = page.getByRole('status');
    await crash(backend);
    await notice.getByText('The backend is out of reach at the moment.').waitFor();
    await startBackend(backend.port);
    await notice.getByText(/Some may have been missed within \d+ s/).waitFor();
    const count = await lookUp(app, 'OC');
    await page.getByText(`looked up at least ${count} times`).waitFor();
    await choose('Europe');
    await page.getByRole('heading', { name: 'Finland' }).waitFor();
    expect(log).toEqual([]);
  });

  test('a continent that is chosen while the backend is away is shown when it is back', async (t) => {
    const { page, backend, choose } = await browse(t);
    await crash(backend);
    await page.getByRole('status').getByText('The backend is out of reach').waitFor();
    const chosen = choose('Europe');
    await startBackend(backend.port);
    await chosen;
    await page.getByRole('heading', { name: 'Finland' }).waitFor();
  });

  test('without scripts the form works, and the page has everything but live counting', async (t) => {
    const { page, app } = await browse(t);
    const context = await page.context().browser()?.newContext({ javaScriptEnabled: false });
    t.onTestFinished(() => context?.close());
    const plain = await context?.newPage();
    await plain?.goto(app.url);
    await plain?.getByLabel('Continent').selectOption('Europe');
    await plain?.getByRole('button', { name: 'Show its countries' }).click();
    await plain?.getByRole('heading', { name: 'Finland' }).waitFor();
    await plain?.getByText(/looked up \d+ times/).waitFor();
  });
});
