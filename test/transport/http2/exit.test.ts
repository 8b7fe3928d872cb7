// A program with a session over HTTP/2 ends by itself when the session is closed, whatever its operations are doing and whether
// or not the peer closes its side: it runs on the package as it is built.

import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { builtFile } from '../../support/built.js';
import { answer, goAway, serveFrames } from './support/frames.js';

/** A program starts slowly where many do: none of this is what is tested. */
const boundMs = 60_000;
const patience = { timeout: boundMs, interval: 5 } as const;
vi.setConfig({ testTimeout: 2 * boundMs });

/** From the closing on. Well below every timer of a session: 10 s until stable, 15 s of silence, 30 s of deadline. */
const lingerMs = 8_000;

function run(address: string, program: string): Promise<{ out: string; code: number | null }> {
  const prelude = `
    import { connect } from '${pathToFileURL(builtFile('index.js'))}';
    import { http2 } from '${pathToFileURL(builtFile('transport/http2/index.js'))}';
    const session = await connect({ transport: http2('${address}') });
    const close = () => {
      setTimeout(() => {
        console.log('kept alive by', process.getActiveResourcesInfo());
        process.exit(1);
      }, ${lingerMs}).unref();
      return session.close({ graceMs: 0 });
    };`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', prelude + program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: boundMs,
    killSignal: 'SIGKILL',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  child.stdout.on('data', (bytes: Buffer) => {
    out += bytes;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ out, code })));
}

test('a session that is closed while a subscription and a call hang, and the peer keeps its side open', async () => {
  const server = await serveFrames();
  server.server.on('connection', (socket) => {
    socket.allowHalfOpen = true;
  });
  const running = run(
    server.address,
    `
    session.subscribe('subscription { idle }');
    const call = session.execute('{ hang }').catch((error) => console.log(error.name));
    // Answered when the peer has seen all three.
    await session.execute('{ seen }');
    await close();
    await call;
    console.log(session.state.status);`,
  );
  await expect.poll(() => server.peers[0]?.opened, patience).toEqual([1, 3, 5]);
  server.peers[0]?.write(answer(5, '{"data":{"seen":true}}'));
  expect(await running).toEqual({ out: 'SessionClosedError\nclosed\n', code: 0 });
});

test('a session that is closed while the peer is leaving', async () => {
  const server = await serveFrames();
  const running = run(
    server.address,
    `
    const call = session.execute('{ hang }').catch((error) => console.log(error.name));
    session.on('state', (state) => { if (state.status === 'ready' && state.generation > 1) close(); });`,
  );
  await expect.poll(() => server.peers[0]?.opened, patience).toEqual([1]);
  server.peers[0]?.write(goAway(1));
  expect(await running).toEqual({ out: 'SessionClosedError\n', code: 0 });
});
