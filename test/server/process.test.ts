import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { RawClient } from './support/client.js';
import { StreamClient } from './support/stream-client.js';

const built = pathToFileURL(join(import.meta.dirname, '../../dist/server/index.js')).href;

/** A program that serves until it is told to close, and does nothing to end itself. `more`: what else it does. */
function startProgram(more = ''): ChildProcess {
  const program = `
    import { buildSchema } from 'graphql';
    import { createServer, serve } from ${JSON.stringify(built)};
    const schema = buildSchema('type Query { hello: String, slow: String } type Subscription { never: Int }');
    const told = new Promise((resolve) => process.once('message', resolve));
    schema.getSubscriptionType().getFields().never.subscribe = (_source, _args, { signal }) => (async function* () {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    })();
    const serving = await serve(createServer({ schema, rootValue: { hello: 'there', slow: () => (process.send('slow'), told) } }), { port: 0 });
    process.send({ url: serving.url, webSocketUrl: serving.webSocketUrl });
    process.once('SIGUSR2', () => serving.close());
    ${more}
    process.channel.unref();
  `;
  return spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

test('serving keeps a process alive, and nothing does once it is closed', async () => {
  const child = startProgram();
  const exited = once(child, 'exit');
  try {
    const [{ url, webSocketUrl }] = (await once(child, 'message')) as [{ url: string; webSocketUrl: string }];
    const client = await RawClient.accepted(webSocketUrl);
    client.send({ type: 'subscribe', id: '1', payload: { query: 'subscription { never }' } });
    await client.settled();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ hello }"}',
    });
    expect(await response.json()).toEqual({ data: { hello: 'there' } });
    expect(child.exitCode).toBe(null);
    child.kill('SIGUSR2');
    expect((await client.ended).code).toBe(1001);
    expect(await exited).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
  }
});

async function started(child: ChildProcess): Promise<{ readonly url: string; readonly webSocketUrl: string }> {
  const [addresses] = (await once(child, 'message')) as [{ url: string; webSocketUrl: string }];
  return addresses;
}

function ask(url: string, query: string): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
}

/** Asks what is answered only when the program is told to, and waits until that runs. */
async function askSlow(child: ChildProcess, url: string): Promise<{ readonly answer: Promise<Response> }> {
  const begun = once(child, 'message');
  const answer = ask(url, '{ slow }');
  // Whoever waits for it hears of its failure.
  answer.catch(() => {});
  expect(await begun).toEqual(['slow', undefined]);
  return { answer };
}

const patiently = { timeout: 20_000 };

/** Asks until the server says that it is leaving. */
async function draining(url: string): Promise<void> {
  await expect.poll(async () => (await fetch(new URL('/ready', url))).status, patiently).toBe(503);
}

describe('SIGTERM', () => {
  test('lets what runs be answered, ends streams, and then the process by the signal', async () => {
    const child = startProgram();
    const exited = once(child, 'exit');
    try {
      const { url, webSocketUrl } = await started(child);
      const client = await RawClient.accepted(webSocketUrl);
      const stream = await StreamClient.run(url, 'text/event-stream', 'subscription { never }');
      const { answer } = await askSlow(child, url);
      child.kill('SIGTERM');
      await draining(url);
      expect((await ask(url, '{ hello }')).status).toBe(503);
      expect((await client.ended).code).toBe(1012);
      expect(await stream.complete()).toMatch(/^:\n\nretry: \d+\n\n$/);
      child.send('done');
      expect(await (await answer).json()).toEqual({ data: { slow: 'done' } });
      expect(await exited).toEqual([null, 'SIGTERM']);
    } finally {
      child.kill('SIGKILL');
    }
  });

  test('for the second time ends the process at once', async () => {
    const child = startProgram();
    const exited = once(child, 'exit');
    try {
      const { url } = await started(child);
      const { answer } = await askSlow(child, url);
      child.kill('SIGTERM');
      await draining(url);
      child.kill('SIGTERM');
      expect(await exited).toEqual([null, 'SIGTERM']);
      await expect(answer).rejects.toThrow();
    } finally {
      child.kill('SIGKILL');
    }
  });

  test('leaves the end of the process to others that listen, and is none of a server that has closed', async () => {
    const others = startProgram(`process.on('SIGTERM', () => setTimeout(() => process.send('mine'), 200));`);
    const closed = startProgram(`await serving.close(); process.send('closed'); setInterval(() => {}, 1_000);`);
    const hasClosed = new Promise<void>((resolve) => {
      closed.on('message', (message) => message === 'closed' && resolve());
    });
    try {
      const { url } = await started(others);
      await hasClosed;
      const exits = [once(closed, 'exit'), once(others, 'exit')];
      closed.kill('SIGTERM');
      expect(await exits[0]).toEqual([null, 'SIGTERM']);
      others.kill('SIGTERM');
      expect(await once(others, 'message')).toEqual(['mine', undefined]);
      await expect.poll(() => fetch(url).catch(() => 'refused'), patiently).toBe('refused');
      expect(await exits[1]).toEqual([0, null]);
    } finally {
      others.kill('SIGKILL');
      closed.kill('SIGKILL');
    }
  });
});
