// nginx in front of a server, as Debian packages it: in a folder and on a loopback port of its own, in the foreground, ended
// with its test. Says over which connections it was asked.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chmodSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';
import { listen } from '../../../../src/testing/listen.js';
import { certificate, key } from '../../../transport/websocket/support/certificate.js';

const missingNginx = 'nginx is not installed. On Debian: apt-get install nginx';

/** The path of the program, or undefined where it is not installed. Debian keeps it where only root looks. */
function findNginx(path: string = process.env.PATH ?? ''): string | undefined {
  return [...path.split(delimiter), '/usr/sbin']
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'nginx'))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Without nginx there is nothing to test: it has to be there where everything is. */
export function needsNginx(t: TestContext): void {
  if (findNginx() === undefined && process.env.CI === undefined) t.skip(missingNginx);
}

export interface Front {
  /** The server behind it. */
  readonly to: number;
  /** HTTP/2 over TLS, or HTTP/1.1 without. */
  readonly speaks: 'h2' | 'http/1.1';
  /** Further directives of its server, as in `keepalive_requests 5;`. */
  readonly server?: string;
  /** Further directives of its location. */
  readonly location?: string;
}

/** One request that it has answered. */
export interface Passed {
  readonly connection: string;
  readonly method: string;
  readonly protocol: string;
  readonly status: number;
}

export interface Nginx {
  readonly url: string;
  /** What it has answered, in order. It writes down each answer after it was sent, so the last ones may come a little later. */
  passed(): Passed[];
  /** Over how many connections it was asked what it has answered. */
  used(): number;
  /** How many connections of others it has open. Over HTTP/1.1 only. */
  connections(): Promise<number>;
  /** Reads its configuration anew: other workers, while those of before finish what they have begun. */
  reload(): Promise<void>;
  /** Ends at once, with what is in progress. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

const host = '127.0.0.1';
const boundMs = 20_000;

export async function startNginx(front: Front): Promise<Nginx> {
  const program = findNginx();
  if (program === undefined) throw new Error(missingNginx);
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-nginx-'));
  // Its workers are of another user where it is started by root.
  chmodSync(folder, 0o755);
  const inFolder = (name: string): string => join(folder, name);
  const port = await freePort();
  writeFileSync(inFolder('certificate.pem'), certificate);
  writeFileSync(inFolder('key.pem'), key);
  writeFileSync(inFolder('access.log'), '');
  writeFileSync(inFolder('nginx.conf'), configuration(front, port));

  let running: Running | undefined;
  const stop = async (): Promise<void> => {
    await running?.stop();
    running = undefined;
  };
  const start = async (): Promise<void> => {
    running = await run(program, folder);
  };
  onTestFinished(async () => {
    await stop();
    rmSync(folder, { recursive: true });
  });
  await start();
  const passed = (): Passed[] =>
    readFileSync(inFolder('access.log'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [connection = '', method = '', protocol = '', status] = line.split(' ');
        return { connection, method, protocol, status: Number(status) };
      });
  return {
    url: `${front.speaks === 'h2' ? 'https' : 'http'}://${host}:${port}/graphql`,
    passed,
    used: () => new Set(passed().map(({ connection }) => connection)).size,
    connections: async () => {
      const answer = await fetch(`http://${host}:${port}/connections`, { headers: { connection: 'close' } });
      const [, active] = /Active connections: (\d+)/.exec(await answer.text()) ?? [];
      // Without the one that asks.
      return Number(active) - 1;
    },
    reload: async () => running?.reload(),
    stop,
    start,
  };
}

function configuration({ to, speaks, server = '', location = '' }: Front, port: number): string {
  const listening = speaks === 'h2' ? `listen ${host}:${port} ssl http2;` : `listen ${host}:${port};`;
  return `
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr notice;
events { worker_connections 1024; }
http {
  log_format connections '$connection $request_method $server_protocol $status';
  access_log access.log connections;
  client_body_temp_path temporary_body;
  proxy_temp_path temporary_proxy;
  fastcgi_temp_path temporary_fastcgi;
  uwsgi_temp_path temporary_uwsgi;
  scgi_temp_path temporary_scgi;
  client_max_body_size 8m;
  upstream backend {
    server ${host}:${to};
    keepalive 16;
  }
  server {
    ${listening}
    ssl_certificate certificate.pem;
    ssl_certificate_key key.pem;
    ${server}
    location = /connections {
      access_log off;
      stub_status;
    }
    location / {
      proxy_pass http://backend;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      ${location}
    }
  }
}
`;
}

interface Running {
  reload(): Promise<void>;
  stop(): Promise<void>;
}

async function run(program: string, folder: string): Promise<Running> {
  const child = spawn(program, ['-e', 'stderr', '-p', folder, '-c', 'nginx.conf'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = (): void => void child.kill('SIGTERM');
  process.once('exit', kill);
  let told = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  const exited = once(child, 'exit').then(() => process.off('exit', kill));
  const hears = (words: string, from: number): Promise<void> => heard(child, words, () => told.slice(from));
  await hears('start worker process ', 0);
  return {
    async reload() {
      const from = told.length;
      child.kill('SIGHUP');
      await hears('gracefully shutting down', from);
    },
    async stop() {
      kill();
      await exited;
    },
  };
}

/** Waits until it has said so. */
function heard(child: ChildProcess, words: string, told: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (settled: () => void): void => {
      clearTimeout(bound);
      child.stderr?.off('data', look);
      child.off('close', ended);
      settled();
    };
    const look = (): void => {
      if (told().includes(words)) settle(resolve);
    };
    const ended = (): void => settle(() => reject(new Error(`nginx ended: ${told()}`)));
    const bound = setTimeout(() => settle(() => reject(new Error(`nginx is silent: ${told()}`))), boundMs);
    child.stderr?.on('data', look);
    child.on('close', ended);
    look();
  });
}

/** nginx wants to know its port. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen('A port for nginx', server, host, 0);
  server.close();
  await once(server, 'close');
  return port;
}
