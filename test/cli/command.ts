// The command as its users have it: a process, in a folder of its own.

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GraphQLSchema } from 'graphql';
import { onTestFinished, vi } from 'vitest';
import { createServer, type Serving, serve } from '../../src/server/index.js';
import { builtFile } from '../support/built.js';
import { Output } from '../support/output.js';

/** Many of these tests start the command several times, which takes seconds each where much else runs. */
vi.setConfig({ testTimeout: 180_000 });

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Folder {
  readonly path: string;
  write(name: string, text: string): Promise<void>;
  read(name: string): Promise<string>;
  /** The command in this folder, until it ends. */
  holdfast(...args: string[]): Promise<Run>;
  /** The command in this folder, while it runs. It is ended with the test. */
  start(...args: string[]): Output;
}

/** A folder that is gone when the test is over. */
export async function makeFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'holdfast-cli-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  const start = (...args: string[]): Output => {
    const child = spawn(process.execPath, [builtFile('cli/main.js'), ...args], {
      cwd: path,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_V8_COVERAGE: undefined, NODE_OPTIONS: undefined },
    });
    const output = new Output(child);
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await output.ended;
    });
    return output;
  };
  return {
    path,
    write: (name, text) => writeFile(join(path, name), text),
    read: (name) => readFile(join(path, name), 'utf8'),
    start,
    holdfast: async (...args) => {
      const output = start(...args);
      const { code } = await output.ended;
      return { code, stdout: output.stdout, stderr: output.stderr };
    },
  };
}

/** Our server on a port of its own, until the test is over. Where `development` is false it does not tell its schema. */
export async function serveSchema(schema: GraphQLSchema, development = true, port = 0): Promise<Serving> {
  const serving = await serve(createServer({ schema, development }), {
    port,
    quiet: true,
    graphiql: false,
    signals: false,
  });
  onTestFinished(() => serving.close());
  return serving;
}
