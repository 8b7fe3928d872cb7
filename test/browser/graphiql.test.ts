// GraphiQL in Chromium, out of the built package and under its own policy: everything in it that might need an inline style is
// opened once, and nothing may be refused, complained of or asked of anybody else.

import { once } from 'node:events';
import { createServer, request as httpRequest, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startProxy } from '../session/behaviour/support/starting.js';
import { until } from '../session/behaviour/support/waiting.js';
import { GraphiqlPage } from './support/graphiql.js';
import { startGraphiqlServer } from './support/graphiql-server.js';

describe('GraphiQL', () => {
  test('opens at the endpoint with a query that runs, and asks nobody else for anything', async (t) => {
    const { serving } = await startGraphiqlServer();
    const graphiql = await GraphiqlPage.open(t, serving.url);
    await graphiql.run();
    await graphiql.shows({ data: { __typename: 'Query' } });
    expect(graphiql.requests.length).toBeGreaterThan(7);
    expect(graphiql.complaints()).toEqual([]);
  });

  test('runs what is typed, with variables and headers, and remembers it by tabs', async (t) => {
    const { serving } = await startGraphiqlServer();
    const graphiql = await GraphiqlPage.open(t, serving.url);
    await graphiql.write('query', 'query Greet($name: String!) { greeting(name: $name) user }');
    await graphiql.write('variables', '{ "name": "grüß dich" }');
    await graphiql.write('headers', '{ "x-user": "Ada" }');
    await graphiql.run();
    await graphiql.shows({ data: { greeting: 'Hello grüß dich', user: 'Ada' } });

    await graphiql.button('Add tab').click();
    await graphiql.write('query', 'mutation { add(amount: 2) }');
    await graphiql.run();
    await graphiql.shows({ data: { add: 3 } });
    await graphiql.page.getByRole('tab', { name: 'Greet' }).click();
    await graphiql.shows({ data: { greeting: 'Hello grüß dich', user: 'Ada' } });
    expect(graphiql.complaints()).toEqual([]);
  });

  test('offers the operations of a document to choose from', async (t) => {
    const { serving } = await startGraphiqlServer();
    const graphiql = await GraphiqlPage.open(t, serving.url);
    await graphiql.write('query', 'query One { greeting(name: "one") }\nquery Two { greeting(name: "two") }');
    // As soon as GraphiQL has seen that there are two, the button opens a menu.
    await graphiql.page.locator('.graphiql-execute-button[aria-haspopup="menu"]').click();
    await graphiql.page.getByRole('menuitem', { name: 'Two' }).click();
    await graphiql.shows({ data: { greeting: 'Hello two' } });
    expect(graphiql.complaints()).toEqual([]);
  });

  test('shows what is wrong with a document, and errors beside data', async (t) => {
    const { serving } = await startGraphiqlServer();
    const graphiql = await GraphiqlPage.open(t, serving.url);
    await graphiql.write('query', '{ user fails }');
    await graphiql.run();
    await graphiql.shows(/"errors".*"The resolver failed".*"data".*"fails": null/s);
    await graphiql.write('query', '{ user ');
    await graphiql.run();
    await graphiql.shows(/"errors".*"code": "bad-document"/s);
    expect(graphiql.complaints()).toEqual([]);
  });

  test('shows an answer in parts as it grows', async (t) => {
    const { serving } = await startGraphiqlServer();
    const [first, last] = [
      { data: { user: null }, pending: [{ id: '0', path: [] }], hasNext: true },
      { incremental: [{ id: '0', data: { greeting: 'Hello you' } }], completed: [{ id: '0' }], hasNext: false },
    ].map((part) => `Content-Type: application/json\r\n\r\n${JSON.stringify(part)}\r\n--one`);
    let finish = (): void => {};
    const address = await startProxyAt('/graphql', serving.port, (body, response) => {
      if (!body.includes('@defer')) return false;
      response.writeHead(200, { 'Content-Type': 'multipart/mixed; boundary="one"' });
      response.write(`--one\r\n${first}\r\n`);
      finish = () => response.end(`${last}--\r\n`);
      return true;
    });
    const graphiql = await GraphiqlPage.open(t, address);
    await graphiql.write('query', '{ user ... @defer { greeting(name: "you") } }');
    await graphiql.run();
    await graphiql.shows({ data: { user: null } });
    finish();
    await graphiql.shows({ data: { user: null, greeting: 'Hello you' } });
    expect(graphiql.complaints()).toEqual([]);
  });

  test('shows the schema, with tables in its descriptions as they are aligned', async (t) => {
    const { serving } = await startGraphiqlServer();
    const graphiql = await GraphiqlPage.open(t, serving.url);
    const { page } = graphiql;
    await graphiql.button('Show Documentation Explorer').click();
    await page.locator('.graphiql-doc-explorer-type-name', { hasText: 'Query' }).first().click();
    const aligned = (text: string) =>
      page.getByRole('cell', { name: text }).evaluate((cell) => getComputedStyle(cell).textAlign);
    expect(await aligned('two')).toMatch(/center$/);
    expect(await aligned('three')).toMatch(/right$/);
    await page.locator('.graphiql-doc-explorer-field-name', { hasText: 'greeting' }).click();
    await page.getByText('Greets whoever is named.').waitFor();
    expect(graphiql.complaints()).toEqual([]);
  });

  test('has dialogs, hints, tooltips, search and history that look as they should', async (t) => {
    const { serving } = await startGraphiqlServer();
    const graphiql = await GraphiqlPage.open(t, serving.url);
    const { page } = graphiql;
    const dialog = page.getByRole('dialog');
    for (const name of ['Open settings dialog', 'Open short keys dialog']) {
      await graphiql.button(name).click();
      expect(await dialog.evaluate((shown) => getComputedStyle(shown).position)).toBe('fixed');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    }
    await graphiql.button('Copy query (Shift-Ctrl-C)').hover();
    await page.getByRole('tooltip').waitFor();

    await graphiql.write('query', '{ old nothing }');
    await page.locator('.CodeMirror-lint-mark-error').first().hover();
    await page.locator('.CodeMirror-lint-tooltip', { hasText: 'Cannot query field "nothing"' }).waitFor();
    await page.locator('.graphiql-query-editor').getByText('old', { exact: true }).hover();
    await page.locator('.CodeMirror-info').getByText('Ask for greeting.').waitFor();

    await graphiql.write('query', '{ ');
    await page.keyboard.press('Control+Space');
    await page.locator('.CodeMirror-hints').getByText('greeting').waitFor();
    await page.keyboard.press('Escape');

    await graphiql.write('query', '{ user }');
    await graphiql.run();
    await graphiql.shows({ data: { user: null } });
    await page.locator('.graphiql-query-editor .CodeMirror').click();
    await page.keyboard.press('Control+F');
    await page.locator('.CodeMirror-dialog').waitFor();
    await graphiql.button('Show History').click();
    await page.locator('.graphiql-history-item').first().waitFor();
    expect(graphiql.complaints()).toEqual([]);
  });

  test('works behind a proxy that serves the endpoint under another address', async (t) => {
    const { serving, ...server } = await startGraphiqlServer();
    const graphiql = await GraphiqlPage.open(t, await startProxyAt('/tools/api/v1', serving.port));
    await graphiql.write('query', '{ greeting(name: "you") }');
    await graphiql.run();
    await graphiql.shows({ data: { greeting: 'Hello you' } });
    await graphiql.write('query', 'subscription { numbers }');
    await graphiql.run();
    await until(() => server.stats().sources === 1);
    server.publish(1);
    await graphiql.shows({ data: { numbers: 1 } });
    expect(graphiql.complaints()).toEqual([]);
  });
});

describe('a subscription in GraphiQL', () => {
  test('shows one event after the other, and is over on the server when it is stopped', async (t) => {
    const { serving, ...server } = await startGraphiqlServer();
    const graphiql = await GraphiqlPage.open(t, serving.url);
    await graphiql.write('query', 'subscription { numbers }');
    await graphiql.run();
    await until(() => server.stats().sources === 1);
    for (const number of [1, 2]) {
      server.publish(number);
      await graphiql.shows({ data: { numbers: number } });
    }
    expect(graphiql.sockets).toEqual([serving.webSocketUrl]);
    await graphiql.stop();
    await until(() => server.stats().sources === 0 && server.stats().connections === 0);
    await graphiql.button(/^Execute query/).waitFor();
    await graphiql.shows({ data: { numbers: 2 } });
    expect(graphiql.complaints()).toEqual([]);
  });

  test('brings the headers along as connection parameters, and ends when its events do', async (t) => {
    const { serving } = await startGraphiqlServer();
    const graphiql = await GraphiqlPage.open(t, serving.url);
    await graphiql.write('query', 'subscription { user }');
    await graphiql.write('headers', '{ "x-user": "Ada" }');
    await graphiql.run();
    await graphiql.shows({ data: { user: 'Ada' } });
    await graphiql.button(/^Execute query/).waitFor();
    expect(graphiql.complaints()).toEqual([]);
  });

  test('that fails shows the errors', async (t) => {
    const { serving } = await startGraphiqlServer();
    const graphiql = await GraphiqlPage.open(t, serving.url);
    await graphiql.write('query', 'subscription { fails }');
    await graphiql.run();
    await graphiql.shows(/"errors".*"There are no events"/s);
    await graphiql.button(/^Execute query/).waitFor();
    expect(graphiql.complaints()).toEqual([]);
  });

  test('outlives its connection: the page shows what it waits for, then the gap, then what comes', async (t) => {
    const { serving, ...server } = await startGraphiqlServer();
    const proxy = await startProxy(serving);
    const graphiql = await GraphiqlPage.open(t, proxy.url('http', '/graphql'));
    await graphiql.write('query', 'subscription { numbers }');
    await graphiql.run();
    await until(() => server.stats().sources === 1);
    server.publish(1);
    await graphiql.shows({ data: { numbers: 1 } });
    proxy.refuse();
    proxy.cut();
    await until(() => server.stats().sources === 0);
    await graphiql.shows(/"waiting": \{\s+"why": ".+",\s+"nextAttempt": "20/);
    proxy.accept();
    await graphiql.shows(/"gap": \{\s+"reason": "connection-lost",\s+"lostAt": "20/);
    await until(() => server.stats().sources === 1);
    server.publish(2);
    await graphiql.shows({ data: { numbers: 2 } });
    // Chromium itself writes to the console that it was refused.
    expect(graphiql.complaints().filter((line) => !line.includes('WebSocket connection'))).toEqual([]);
  });
});

test('what the policy refuses is noticed', async (t) => {
  const { serving } = await startGraphiqlServer();
  const graphiql = await GraphiqlPage.open(t, serving.url);
  await graphiql.page.evaluate(() => {
    const style = document.createElement('style');
    style.textContent = 'body { color: red }';
    document.head.append(style);
    document.body.innerHTML += '<p style="color: red"></p>';
    new Image().src = 'http://127.0.0.1:9/picture.png';
  });
  for (const directive of ['style-src-elem', 'style-src-attr', 'img-src']) {
    await until(() => graphiql.complaints().some((line) => line.includes(`Refused by ${directive}`)));
  }
});

/**
 * A proxy that has the endpoint `/graphql` of this port at `path`. Answers with the address there. What `answer` has answered
 * is not forwarded.
 */
async function startProxyAt(
  path: string,
  port: number,
  answer: (body: string, response: ServerResponse) => boolean = () => false,
): Promise<string> {
  const renamed = (url = '') => url.replace(path, '/graphql');
  const proxy = createServer(async (request, response) => {
    const { method, headers, url } = request;
    const body = await text(request);
    if (answer(body, response)) return;
    const forward = httpRequest({ host: '127.0.0.1', port, method, headers, path: renamed(url) }, (answered) => {
      response.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(response);
    });
    forward.on('error', () => response.destroy());
    forward.end(body);
  });
  proxy.on('upgrade', ({ url, rawHeaders }, client, head) => {
    const server = connect(port, '127.0.0.1', () => {
      const lines = rawHeaders.map((text, at) => (at % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
      server.write(`GET ${renamed(url)} HTTP/1.1\r\n${lines}\r\n`);
      server.write(head);
      server.pipe(client).pipe(server);
    });
    for (const [one, other] of [
      [server, client],
      [client, server],
    ] as const)
      one.on('error', () => other.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${path}`;
}
