// The README is executed: its quick start as two programs, every other snippet beside a running server, and its table of
// promises against the tests that it names.

import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reservedPort } from '../support/reserved-port.js';
import { blocksOf, finish, ProgramFolder } from './snippets.js';
import { root } from './sources.js';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

const blocks = blocksOf(readme);

let folder: ProgramFolder;

beforeAll(() => {
  folder = new ProgramFolder();
});

afterAll(() => folder.remove());

describe('The quick start', () => {
  it('works when pasted: the client greets, ticks three times and ends', async () => {
    const port = await reservedPort();
    for (const { file, code } of blocks) {
      if (file !== undefined) folder.write(file, code.replaceAll('4000', String(port)));
    }
    const server = folder.start('server.js');
    try {
      await output(server, /GraphQL over WebSocket: ws:/);
      const client = await finish(folder.start('client.js'));
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

  it.each(snippets)('the one at line $line', async (snippet) => {
    const { code, err } = await folder.run(snippet);
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });
});

describe('The table of promises', () => {
  const rows = [...readme.matchAll(/^\| \*\*([SV]\d+)\*\* .*\| `(test\/[^`]+)`: (.+) \|$/gm)].map((match) => ({
    promise: match[1] ?? '',
    file: match[2] ?? '',
    name: match[3] ?? '',
  }));

  it('names a test for each promise that is kept so far', () => {
    const kept = [
      'S1',
      'S2',
      'S3',
      'S4',
      'S5',
      'S7',
      'S8',
      'S9',
      'S10',
      'S11',
      'S12',
      'S13',
      'S14',
      'V1',
      'V2',
      'V3',
      'V4',
      'V5',
      'V6',
      'V9',
    ];
    expect(rows.map(({ promise }) => promise)).toEqual(kept);
  });

  it.each(rows)('$promise: $file has the test', ({ file, name }) => {
    // A test that runs for a table of close codes has a placeholder where the README shows one of them.
    const spellings = [name, name.replace(/\b\d{4}\b/, '%i')];
    const source = readFileSync(join(root, file), 'utf8');
    expect(spellings.some((spelling) => source.includes(spelling))).toBe(true);
  });
});

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
