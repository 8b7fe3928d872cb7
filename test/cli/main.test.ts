// The command line itself: help, version, and what it says about a line that it does not understand.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { builtFile } from '../support/built.js';

/** Some of these tests start the command several times. */
vi.setConfig({ testTimeout: 90_000 });

function holdfast(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [builtFile('cli/main.js'), ...args], {
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

test.each([[['--help']], [['-h']], [['help']], [['help', 'help']], [[]]])(
  'holdfast %j prints every command, and ends well',
  (args) => {
    const { code, stdout, stderr } = holdfast(...args);
    expect(stdout).toContain('Usage: holdfast <command>');
    expect(stdout).toMatch(/^ +demo +\S/m);
    expect(stdout).toMatch(/^ +-h, --help +\S/m);
    expect(stdout).toMatch(/^ +--version +\S/m);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  },
);

test('holdfast demo --help prints the options of the demo, and runs nothing', () => {
  const { code, stdout, stderr } = holdfast('demo', '--help');
  expect(stdout).toContain('Usage: holdfast demo');
  expect(stdout).toMatch(/^ +--json +\S/m);
  expect(stdout).toMatch(/^ +--transport websocket\|undici\|http2\|fetch +\S.*default: websocket/m);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test.each(['schema', 'generate', 'validate', 'demo'])(
  'holdfast %s --help teaches: usage, options, examples, exit codes',
  (name) => {
    const { code, stdout, stderr } = holdfast(name, '--help');
    expect(stdout).toMatch(new RegExp(`^Usage: holdfast ${name} .*\\n\\n[A-Z].*\\.\\n`));
    expect(stdout).toMatch(new RegExp(`\\nExamples\\n {2}holdfast ${name}.*\\n {6}\\S.*\\n {2}holdfast ${name}`));
    expect(stdout).toMatch(/\nExit codes\n {2}0 +all is well\n/);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  },
);

test.each(['schema', 'generate', 'validate', 'demo'])('holdfast help %s and -h are the same as --help', (name) => {
  const help = holdfast(name, '--help');
  expect(help.stdout).toMatch(/^ +-h, --help +\S/m);
  expect(holdfast('help', name)).toEqual(help);
  expect(holdfast(name, '-h')).toEqual(help);
});

test('The help loads nothing but itself: no command, no graphql, no session', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-coverage-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  spawnSync(process.execPath, [builtFile('cli/main.js'), '--help'], {
    env: { ...process.env, NODE_V8_COVERAGE: folder },
  });
  const coverage = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const scripts = coverage.flatMap((text) =>
    (JSON.parse(text) as { result: { url: string }[] }).result.map(({ url }) => url),
  );
  const loaded = scripts.filter((url) => url.startsWith('file:')).map((url) => url.replace(/^.*\/dist\//, ''));
  expect(loaded).toContain('cli/main.js');
  expect(
    loaded.filter(
      (file) =>
        !/^(cli\/[^/]+|cli\/\w+\/command|protocol\/(errors\/.+|suggestions)|schema\/errors\/.+)\.js$/.test(file),
    ),
  ).toEqual([]);
});

test('holdfast --version prints the version of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(holdfast('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

describe('One line on stderr and exit code 2 answer', () => {
  test.each<[string, string[], string]>([
    [
      'an unknown command',
      ['fetch'],
      'holdfast: there is no command "fetch"; there is "schema", "generate", "validate", "demo". See "holdfast --help".\n',
    ],
    [
      'a command with a slip of the pen',
      ['schem'],
      'holdfast: there is no command "schem"; did you mean "schema"? See "holdfast --help".\n',
    ],
    [
      'the same, behind help',
      ['help', 'generat'],
      'holdfast: there is no command "generat"; did you mean "generate"? See',
    ],
    ['an unknown option', ['--jsno'], 'holdfast does not know "--jsno"; it knows "--help", "--version". See'],
    [
      'an unknown option of a command',
      ['demo', '--port'],
      'holdfast demo does not know "--port"; it knows "--json", "--transport", "--help".',
    ],
    [
      'an option with a slip of the pen',
      ['demo', '--jsno'],
      'holdfast demo does not know "--jsno"; did you mean "--json"? See',
    ],
    [
      'a value that an option does not know',
      ['demo', '--transport', 'pigeon'],
      'holdfast demo: --transport is one of "websocket", "undici", "http2", "fetch"; it is "pigeon". See',
    ],
    ['an option without its value', ['demo', '--transport'], '"fetch"; it is nothing. See'],
    ['a value that an option does not take', ['demo', '--json=yes'], 'holdfast demo does not know "--json=yes"'],
    [
      'an argument too many',
      ['demo', 'twice'],
      'holdfast demo does not know "twice"; it knows "--json", "--transport", "--help"',
    ],
    ['a short option that does not exist', ['demo', '-j'], 'holdfast demo does not know "-j"'],
  ])('%s', (_name, args, message) => {
    const { code, stdout, stderr } = holdfast(...args);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});
