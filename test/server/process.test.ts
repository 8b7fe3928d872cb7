import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { RawClient } from './support/client.js';

const built = pathToFileURL(join(import.meta.dirname, '../../dist/server/index.js')).href;

/** A program that serves until it is told to close, and does nothing to end itself. */
function startProgram(): ChildProcess {
  const program = `
    import { buildSchema } from 'graphql';
    import { createServer, serve } from ${JSON.stringify(built)};
    const schema = buildSchema('type Query { hello: String } type Subscription { never: Int }');
    schema.getSubscriptionType().getFields().never.subscribe = (_source, _args, { signal }) => (async function* () {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    })();
    const serving = await serve(createServer({ schema, rootValue: { hello: 'there' } }), { port: 0 });
    process.send({ url: serving.url, webSocketUrl: serving.webSocketUrl });
    process.once('SIGUSR2', () => serving.close());
    process.channel.unref();
  `;
  return spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
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
