// The README is executed: its quick start as two programs, every other snippet beside a running server, and its table of
// promises against the tests that it names.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

interface Block {
  readonly file: string | undefined;
  readonly code: string;
  /** Where it stands, for messages. */
  readonly line: number;
}

const blocks: Block[] = [...readme.matchAll(/^```js(?: file=(\S+))?\n([\s\S]*?)^```$/gm)].map((match) => ({
  file: match[1],
  code: match[2] ?? '',
  line: readme.slice(0, match.index).split('\n').length + 1,
}));

/** What the snippets take for granted: a server with this schema, a session, and everything that Holdfast exports. */
const prelude = `
import { buildSchema } from 'graphql';
import * as holdfast from 'holdfast';
import { ConnectionRefused, createServer, serve } from 'holdfast/server';
import { faultProxy, scriptedServer, VirtualClock } from 'holdfast/testing';
import { local } from 'holdfast/local';
import { webSocket } from 'holdfast/websocket';
const { JsonText, jitter, mapRequest, OutcomeUnknownError } = holdfast;
const opened = [];
const createSession = (options) => { const made = holdfast.createSession(options); opened.push(made); return made; };
const connect = async (options) => { const made = await holdfast.connect(options); opened.push(made); return made; };
const schema = buildSchema(\`
  type Query { hello(name: String!): String! }
  type Order { id: ID! }
  type Mutation { order(product: String!): Order! }
  type Subscription { tick: Int! }
\`);
const rootValue = {
  hello: ({ name }) => 'Hello, ' + name,
  order: () => ({ id: '1' }),
  tick: async function* () { for (let tick = 1; ; tick += 1) yield { tick }; },
};
const { url, port, webSocketUrl: address, close } = await serve(createServer({ schema, rootValue }), { port: 0 });
`;
const setup = `const session = await connect({ transport: webSocket(address) });`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-readme-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'holdfast'));
  symlinkSync(join(root, 'node_modules', 'graphql'), join(folder, 'node_modules', 'graphql'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('The quick start', () => {
  it('works when pasted: the client greets, ticks three times and ends', async () => {
    const port = await freePort();
    for (const { file, code } of blocks) {
      if (file !== undefined) writeFileSync(join(folder, file), code.replaceAll('4000', String(port)));
    }
    const server = start('server.js');
    try {
      await output(server, /Listening on ws:/);
      const client = await finish(start('client.js'));
      expect(client).toEqual({ code: 0, out: 'Hello, Ada!\ntick 1\ntick 2\ntick 3\n', err: '' });
    } finally {
      server.kill();
    }
  });
});

describe('Every snippet runs', () => {
  const snippets = blocks.filter(({ file }) => file === undefined);

  it('and there are some', () => {
    expect(snippets.length).toBeGreaterThan(8);
  });

  it.each(snippets)('the one at line $line', async ({ code, line }) => {
    const own = /\bconst session\b/.test(code) ? '' : setup;
    const file = `snippet-${line}.js`;
    const end = 'for (const each of opened) await each.close({ graceMs: 0 });\nawait close();';
    writeFileSync(
      join(folder, file),
      `${prelude}\n${own}\nasync function snippet() {\n${code}\n}\nawait snippet();\n${end}\n`,
    );
    const { code: exitCode, err } = await finish(start(file));
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  });
});

describe('The table of promises', () => {
  const rows = [...readme.matchAll(/^\| \*\*([SV]\d+)\*\* .*\| `(test\/[^`]+)`: (.+) \|$/gm)].map((match) => ({
    promise: match[1] ?? '',
    file: match[2] ?? '',
    name: match[3] ?? '',
  }));

  it('names a test for each promise that is kept so far', () => {
    const kept = ['S1', 'S2', 'S3', 'S4', 'S5', 'S7', 'S8', 'S9', 'S10', 'S11', 'S12', 'S13', 'S14', 'V1', 'V2', 'V3'];
    expect(rows.map(({ promise }) => promise)).toEqual(kept);
  });

  it.each(rows)('$promise: $file has the test', ({ file, name }) => {
    // A test that runs for a table of close codes has a placeholder where the README shows one of them.
    const spellings = [name, name.replace(/\b\d{4}\b/, '%i')];
    const source = readFileSync(join(root, file), 'utf8');
    expect(spellings.some((spelling) => source.includes(spelling))).toBe(true);
  });
});

function start(file: string): ChildProcess {
  return spawn(process.execPath, [file], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Resolves when the program has printed what matches; rejects when it ends before. */
function output(child: ChildProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = '';
    child.stdout?.on('data', (data: Buffer) => {
      seen += data.toString();
      if (pattern.test(seen)) resolve();
    });
    child.stderr?.on('data', (data: Buffer) => {
      seen += data.toString();
    });
    child.once('exit', (code) => reject(new Error(`It ended with ${code}: ${seen}`)));
  });
}

function finish(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    let out = '';
    let err = '';
    child.stdout?.on('data', (data: Buffer) => {
      out += data.toString();
    });
    child.stderr?.on('data', (data: Buffer) => {
      err += data.toString();
    });
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
