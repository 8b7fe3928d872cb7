// Nothing of a closed session keeps a process alive: programs of their own, on the package as it is built, end by themselves.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { holdsOperations, neverAcks } from '../../../src/testing/index.js';
import type { Script } from '../../../src/testing/scripted-server/script.js';
import { startScripted } from './support/starting.js';

const dist = join(import.meta.dirname, '..', '..', '..', 'dist');
const url = (file: string): string => pathToFileURL(join(dist, file)).href;

const prelude = `
import { connect, createSession } from '${url('index.js')}';
import { webSocket } from '${url('transport/websocket/index.js')}';
const transport = webSocket(process.argv[1]);
`;

/** Well below every timer of a session but the closing handshake: 10 s until stable, 15 s of silence, 30 s of deadline. */
const boundMs = 8_000;

/** A slow machine takes its time to start a program; what is bounded is how long it lives on after its last word. */
const killMs = 60_000;

interface Program {
  /** What it printed. */
  readonly lines: readonly string[];
  readonly errors: string;
  /** Null: it had to be killed. */
  readonly code: number | null;
  /** From its last line to its end. */
  readonly lingeredMs: number;
}

function run(program: string, address: string): Promise<Program> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', prelude + program, address], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: killMs,
    killSignal: 'SIGKILL',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  let lastAt = 0;
  child.stdout.on('data', (data: Buffer) => {
    lastAt = performance.now();
    out.push(data);
  });
  child.stderr.on('data', (data: Buffer) => errors.push(data));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const lines = Buffer.concat(out).toString().trim().split('\n');
      const lingeredMs = performance.now() - lastAt;
      resolve({ lines, errors: Buffer.concat(errors).toString(), code, lingeredMs });
    });
  });
}

const programs: [string, Script, string][] = [
  [
    'worked and was closed',
    {},
    `const session = await connect({ transport });
     console.log(JSON.stringify(await session.execute('{ ok }')));
     const events = session.subscribe('subscription { n }');
     await session.ping();
     await session.close();
     console.log((await events.next()).done, session.state.status);`,
  ],
  [
    'was closed with a call in flight',
    holdsOperations(),
    `const session = await connect({ transport });
     const call = session.execute('{ ok }').catch((error) => console.log(error.name));
     await session.close({ graceMs: 1 });
     await call;
     console.log(session.state.status);`,
  ],
  [
    'was closed while it was connecting',
    neverAcks(),
    `const session = createSession({ transport });
     setTimeout(async () => { await session.close(); console.log(session.state.status); }, 100);`,
  ],
  [
    'was closed while it waited for its next attempt',
    { upgrade: () => ({ kind: 'drop' }) },
    `const session = createSession({ transport, retry: { connect: { delayMs: () => 3_600_000 } } });
     session.on('state', async ({ status }) => {
       if (status !== 'waiting') return;
       await session.close();
       console.log(session.state.status);
     });`,
  ],
  [
    'could not be connected',
    { upgrade: () => ({ kind: 'refuse', status: 404 }) },
    `await connect({ transport }).catch((error) => console.log(error.name));
     console.log('closed');`,
  ],
  [
    'gave up, with calls waiting, and was never closed',
    { upgrade: () => ({ kind: 'refuse', status: 404 }) },
    `const session = createSession({ transport });
     const call = session.execute('{ ok }').catch((error) => console.log(error.name));
     const events = session.subscribe('subscription { n }').next().catch((error) => console.log(error.name));
     await Promise.all([call, events, session.ready().catch(() => {})]);
     console.log(session.state.status, 'and not closed');`,
  ],
  [
    'was closed while its provider of credentials did not answer',
    {},
    `const session = createSession({ transport, credentials: () => new Promise(() => {}) });
     const call = session.execute('{ ok }').catch((error) => console.log(error.name));
     setTimeout(async () => { await session.close(); await call; console.log(session.state.status); }, 50);`,
  ],
];

test.each(programs)(
  'a program whose session %s ends by itself',
  { timeout: 90_000 },
  async (_what, script, program) => {
    const server = await startScripted({ script });
    const { lines, errors, code, lingeredMs } = await run(program, server.url);
    expect({ errors, code }).toEqual({ errors: '', code: 0 });
    expect(lines.at(-1)).toContain('closed');
    expect(lingeredMs).toBeLessThan(boundMs);
  },
);

test('a program whose session waits for its next attempt stays alive: a permanent session is work', async () => {
  const server = await startScripted({ script: { operation: ({ connection }) => connection.drop() } });
  const program = `
    const session = createSession({ transport, retry: { connect: { delayMs: () => 500 } } });
    session.on('state', async ({ status, generation }) => {
      console.log(status);
      if (status === 'ready' && generation === 1) await session.execute('{ ok }', {}, { retry: false }).catch(() => {});
      if (status === 'ready' && generation === 2) await session.close();
    });`;
  const { lines, code } = await run(program, server.url);
  expect(lines).toEqual(['ready', 'waiting', 'connecting', 'ready', 'closing', 'closing', 'closed']);
  expect(code).toBe(0);
});
