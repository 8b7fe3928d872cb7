// The script behind `npm start` and `npm test`, in a tiny project of its own with stand-ins for npm and the compiler: it
// installs and builds only when it must, and keeps stdout for the program.
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { root } from './sources.js';

/** Every run starts several programs, one after the other. */
vi.setConfig({ testTimeout: 180_000 });

let project: string;
const at = (...path: string[]) => join(project, ...path);

/** Sets a file's time to so many seconds from now: the script compares times, so a test sets them all. */
function age(path: string, seconds: number): void {
  const time = Date.now() / 1_000 + seconds;
  utimesSync(at(path), time, time);
}

/** An executable that speaks on both streams, notes that it ran, and does what `body` says. */
function standIn(path: string, name: string, body: string): void {
  const code = `#!${process.execPath}
const { appendFileSync, copyFileSync, mkdirSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
appendFileSync('ran.log', ['${name}', ...args.filter((arg) => !arg.startsWith('/'))].join(' ') + '\\n');
console.log('${name} on stdout');
console.error('${name} on stderr');
${body}
`;
  writeFileSync(at(path), code);
  chmodSync(at(path), 0o755);
}

function run(...args: string[]): SpawnSyncReturns<string> & { readonly ran: string } {
  rmSync(at('ran.log'), { force: true });
  const PATH = [at('stand-ins'), dirname(process.execPath)].join(delimiter);
  const result = spawnSync(process.execPath, [at('scripts', 'run.js'), ...args], {
    env: { ...process.env, PATH },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { ...result, ran: existsSync(at('ran.log')) ? readFileSync(at('ran.log'), 'utf8') : '' };
}

const program = 'console.log(JSON.stringify({ started: process.argv.slice(2) })); process.exit(process.env.EXIT ?? 0);';
const npmRan = 'npm ci --loglevel=error --no-audit --no-fund\n';
const buildRan = 'tsc -p --outDir\npages\n';

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'holdfast-run-'));
  for (const folder of ['scripts/pages', 'src/part', 'stand-ins']) mkdirSync(at(folder), { recursive: true });
  copyFileSync(join(root, 'scripts', 'run.js'), at('scripts', 'run.js'));
  writeFileSync(
    at('scripts', 'pages', 'main.js'),
    `import { appendFileSync } from 'node:fs';
appendFileSync('ran.log', 'pages\\n');
if (process.env.PAGES_FAIL) process.exit(3);`,
  );
  writeFileSync(at('package.json'), '{ "type": "module" }');
  for (const file of ['package-lock.json', 'tsconfig.build.json', 'src/part/one.ts']) writeFileSync(at(file), '{}');
  writeFileSync(at('stand-ins', 'package.json'), '{ "type": "commonjs" }');
  standIn('stand-ins/vitest', 'vitest', 'console.log(JSON.stringify({ tested: args }));');
  standIn(
    'stand-ins/tsc',
    'tsc',
    `const out = args[args.indexOf('--outDir') + 1];
mkdirSync(out + '/cli', { recursive: true });
if (process.env.BUILD_FAILS) process.exit(2);
writeFileSync(out + '/cli/main.js', ${JSON.stringify(program)});`,
  );
  standIn(
    'stand-ins/npm',
    'npm',
    `if (process.env.INSTALL_FAILS) process.exit(7);
mkdirSync('node_modules/.bin', { recursive: true });
writeFileSync('node_modules/.package-lock.json', '{}');
writeFileSync('node_modules/package.json', '{ "type": "commonjs" }');
for (const name of ['tsc', 'vitest']) copyFileSync('stand-ins/' + name, 'node_modules/.bin/' + name);`,
  );
});

afterEach(() => {
  rmSync(project, { recursive: true, force: true });
  delete process.env.BUILD_FAILS;
  delete process.env.INSTALL_FAILS;
  delete process.env.PAGES_FAIL;
  delete process.env.EXIT;
});

/** A first run, after which everything is up to date and an hour old. */
function settled(): void {
  expect(run('start').status).toBe(0);
  const inputs = ['package-lock.json', 'tsconfig.build.json', 'src/part/one.ts', 'src/part', 'src'];
  for (const path of [...inputs, 'scripts/pages/main.js', 'scripts/pages']) age(path, -3_600);
  age('node_modules/.package-lock.json', -3_000);
  age('dist/.built', -2_400);
}

describe('scripts/run.js', () => {
  test('in a bare clone installs, builds and starts, with nothing but the program on stdout', () => {
    const { status, stdout, stderr, ran } = run('start', '--json');
    expect([status, stdout]).toEqual([0, '{"started":["demo","--json"]}\n']);
    expect(ran).toBe(npmRan + buildRan);
    for (const line of ['npm on stdout', 'npm on stderr', 'tsc on stdout', 'tsc on stderr']) {
      expect(stderr).toContain(line);
    }
  });

  test('does neither when nothing changed', () => {
    settled();
    const { stdout, stderr, ran } = run('start');
    expect([stdout, stderr, ran]).toEqual(['{"started":["demo"]}\n', '', '']);
  });

  test('installs, and then builds, when the lockfile is newer than what was installed', () => {
    settled();
    age('package-lock.json', -60);
    expect(run('start').ran).toBe(npmRan + buildRan);
  });

  test.each(['src/part/one.ts', 'tsconfig.build.json', 'scripts/pages/main.js'])(
    'builds and does not install when %s is newer',
    (path) => {
      settled();
      age(path, -60);
      expect(run('start').ran).toBe(buildRan);
      expect(run('start').ran).toBe('');
    },
  );

  test('builds when a source was taken away', () => {
    settled();
    rmSync(at('src/part/one.ts'));
    expect(run('start').ran).toBe(buildRan);
  });

  test('leaves nothing behind of what was deleted', () => {
    settled();
    writeFileSync(at('dist', 'cli', 'deleted.js'), '');
    age('src/part/one.ts', -60);
    expect(run('build').ran).toBe(buildRan);
    expect(readdirSync(at('dist', 'cli'))).toEqual(['main.js']);
    expect(readdirSync(project).filter((name) => name.startsWith('dist'))).toEqual(['dist']);
  });

  test('runs the tests with their arguments', () => {
    settled();
    const { stdout, ran } = run('test', 'test/one.test.ts');
    expect(stdout).toBe('vitest on stdout\n{"tested":["run","test/one.test.ts"]}\n');
    expect(ran).toBe('vitest run test/one.test.ts\n');
  });

  test('builds and stops there when it is told to', () => {
    const { status, stdout, ran } = run('build');
    expect([status, stdout, ran]).toEqual([0, '', npmRan + buildRan]);
  });

  test('passes on the exit code of the program', () => {
    process.env.EXIT = '3';
    expect(run('start').status).toBe(3);
  });

  test('stops with a reason when the installation fails, and installs again next time', () => {
    process.env.INSTALL_FAILS = 'yes';
    const { status, stdout, stderr } = run('start');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('npm ci failed (exit code 7)');
    delete process.env.INSTALL_FAILS;
    expect(run('start').ran).toBe(npmRan + buildRan);
  });

  test('stops with a reason when the build fails, and builds again next time', () => {
    process.env.BUILD_FAILS = 'yes';
    const { status, stdout, stderr } = run('start');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('The build failed (exit code 2)');
    expect(readdirSync(project).filter((name) => name.startsWith('dist'))).toEqual([]);
    delete process.env.BUILD_FAILS;
    expect(run('start').ran).toBe(buildRan);
  });

  test('keeps the last build when the pages of the next one fail', () => {
    settled();
    age('scripts/pages/main.js', -60);
    process.env.PAGES_FAIL = 'yes';
    const { status, stderr } = run('build');
    expect(status).toBe(1);
    expect(stderr).toContain('The build of the pages failed (exit code 3)');
    expect(readdirSync(project).filter((name) => name.startsWith('dist'))).toEqual(['dist']);
    delete process.env.PAGES_FAIL;
    expect(run('build').ran).toBe(buildRan);
  });

  test('names the commands it knows', () => {
    const { status, stderr, ran } = run('dance');
    expect([status, ran]).toEqual([2, '']);
    expect(stderr).toMatch(/^Unknown command dance; one of .*start, test/);
  });
});
