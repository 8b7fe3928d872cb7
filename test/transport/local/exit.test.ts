// A program with a session in process ends by itself when the session is closed, whatever its operations are doing: it runs on
// the package as it is built, by the names under which the package exports it.

import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { root } from '../../house/sources.js';
import { Output } from '../../support/output.js';

/**
 * How long it may live on after its last line, which a slow machine needs none of for the start of a program. Well below every
 * timer of a session: 10 s until stable, 15 s of silence, 30 s of deadline.
 */
const boundMs = 8_000;

const prelude = `
import { connect } from 'holdfast';
import { local } from 'holdfast/local';
import { createServer } from 'holdfast/server';
import { buildSchema } from 'graphql';
const schema = buildSchema('type Query { hello: String hang: String } type Subscription { idle: Int }');
schema.getQueryType().getFields().hang.resolve = () => new Promise(() => {});
schema.getSubscriptionType().getFields().idle.subscribe = (_source, _args, { signal }) => ({
  [Symbol.asyncIterator]() { return this; },
  next: () => new Promise(() => {}),
  return: async () => { console.log('finalised', signal.aborted); return { done: true, value: undefined }; },
});
const { executor } = createServer({ schema, rootValue: { hello: 'Hello' } });
const session = await connect({ transport: local(executor) });
`;

/** What it wrote, up to and with this last line. */
async function linesOf(program: string, last: string): Promise<readonly string[]> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', prelude + program], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = new Output(child);
  await output.line(new RegExp(`^${last}$`, 'm'));
  const bound = setTimeout(() => child.kill('SIGKILL'), boundMs);
  const ending = await output.ended;
  clearTimeout(bound);
  expect(ending, output.stderr).toEqual({ code: 0, signal: null });
  return output.stdout.trim().split('\n');
}

test('a session that is closed while a subscription and a call hang', async () => {
  const program = `
    session.subscribe('subscription { idle }');
    const call = session.execute('{ hang }').catch((error) => console.log(error.name));
    console.log((await session.execute('{ hello }')).hello);
    await session.close({ graceMs: 0 });
    await call;
    console.log(session.state.status);`;
  expect(await linesOf(program, 'closed')).toEqual(['Hello', 'finalised true', 'SessionClosedError', 'closed']);
});
