// Where `--out` leads: files, links, devices, pipes, folders. Devices and pipes are made for the test: none of the system's is
// ever written to, whatever the code does.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openFileAt } from '../../src/cli/open-file.js';
import { readIfThere, writeIfChanged } from '../../src/cli/write-file.js';
import { builtFile } from '../support/built.js';
import { Output } from '../support/output.js';
import { makeFolder } from './command.js';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-out-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function makes(command: string, ...args: string[]): boolean {
  return spawnSync(command, args).status === 0;
}

test('A link stays a link, also one of several, and what it names is written', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'deep'));
  await writeFile(join(folder, 'deep/target'), 'old');
  await symlink('target', join(folder, 'deep/second'));
  await symlink('deep/second', join(folder, 'link'));
  expect(await writeIfChanged(join(folder, 'link'), 'new')).toBe('written');
  expect(await readFile(join(folder, 'deep/target'), 'utf8')).toBe('new');
  expect(await readlink(join(folder, 'link'))).toBe('deep/second');
  expect(await readlink(join(folder, 'deep/second'))).toBe('target');
  expect((await readdir(join(folder, 'deep'))).sort()).toEqual(['second', 'target']);
  expect(await writeIfChanged(join(folder, 'link'), 'new')).toBe('unchanged');
});

test('A link to nothing makes the file that it names, and its folder', async () => {
  const folder = await temporaryFolder();
  await symlink('made/target', join(folder, 'link'));
  await symlink('link', join(folder, 'first'));
  expect(await readIfThere(join(folder, 'first'))).toBeUndefined();
  expect(await writeIfChanged(join(folder, 'first'), 'text')).toBe('written');
  expect(await readFile(join(folder, 'made/target'), 'utf8')).toBe('text');
  expect((await lstat(join(folder, 'first'))).isSymbolicLink()).toBe(true);
});

test('A link to itself is refused', async () => {
  const folder = await temporaryFolder();
  await symlink('ring', join(folder, 'ring'));
  await expect(writeIfChanged(join(folder, 'ring'), 'text')).rejects.toThrow(/ring cannot be read: ELOOP/);
});

test('A file that is replaced keeps its mode', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'file'), 'old');
  await chmod(join(folder, 'file'), 0o640);
  await writeIfChanged(join(folder, 'file'), 'new');
  expect((await stat(join(folder, 'file'))).mode & 0o777).toBe(0o640);
});

test.each(['folder', 'folder/', 'nothing/', 'link'])(
  '%s is a folder and is refused, and nothing is left behind',
  async (name) => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'folder'));
    await symlink('folder', join(folder, 'link'));
    const path = `${folder}/${name}`;
    await expect(writeIfChanged(path, 'text')).rejects.toThrow(`${path} is a folder; the name of a file is needed.`);
    expect((await readdir(folder)).sort()).toEqual(['folder', 'link']);
    expect(await readdir(join(folder, 'folder'))).toEqual([]);
  },
);

test('A device stays a device', async (context) => {
  const folder = await temporaryFolder();
  const device = join(folder, 'null');
  // As /dev/null is. Where the file system takes no devices, it cannot be opened.
  const made = makes('mknod', device, 'c', '1', '3') && makes('sh', '-c', 'echo > "$0"', device);
  context.skip(!made, 'devices cannot be made here: mknod needs root, and a file system that allows them');
  expect(await writeIfChanged(device, 'text')).toBe('sent');
  expect((await lstat(device)).isCharacterDevice()).toBe(true);
  expect(await readIfThere(device)).toBeUndefined();
  expect(await readdir(folder)).toEqual(['null']);
});

const sdl = 'type Query {\n  hello: String\n}\n';

test('A pipe gets the text and nothing else, and stays a pipe, also through a link', async (context) => {
  const folder = await makeFolder();
  const pipe = join(folder.path, 'pipe');
  const made = makes('mkfifo', pipe);
  context.skip(!made && process.env.CI === undefined, 'needs "mkfifo", Debian package "coreutils"');
  expect(made).toBe(true);
  await symlink('pipe', join(folder.path, 'link'));
  await folder.write('schema.graphql', sdl);
  for (const name of ['pipe', 'link']) {
    const reader = run('cat', pipe);
    const writer = await folder.holdfast('schema', 'schema.graphql', '--out', name);
    expect(writer).toEqual({ code: 0, stdout: '', stderr: '' });
    await reader.ended;
    expect(reader.stdout).toBe(sdl);
  }
  expect((await lstat(pipe)).isFIFO()).toBe(true);
  expect((await readdir(folder.path)).sort()).toEqual(['link', 'pipe', 'schema.graphql']);
});

test.skipIf(!existsSync('/proc/self/fd/1'))(
  'stdout by its name is written to, and a reader that leaves early is no failure',
  async () => {
    const folder = await makeFolder();
    const fields = Array.from({ length: 20_000 }, (_, n) => `  f${n}: Int\n`);
    await folder.write('schema.graphql', `type Query {\n${fields.join('')}}\n`);
    // As /dev/stdout is, but ours.
    await symlink('/proc/self/fd/1', join(folder.path, 'out'));
    const holdfast = `'${process.execPath}' '${builtFile('cli/main.js')}' schema schema.graphql --out out`;
    const output = run('sh', '-c', `cd '${folder.path}' && { ${holdfast}; echo "code $?" >&2; } | head -n 1`);
    await output.ended;
    expect([output.stdout, output.stderr]).toEqual(['type Query {\n', 'code 0\n']);
    expect(await readlink(join(folder.path, 'out'))).toBe('/proc/self/fd/1');
  },
);

test.skipIf(!existsSync('/proc/self/fd/1'))(
  'A file that is open is added to by the name of its descriptor, also through links, and stays the same file',
  async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'all'), 'keep\n');
    const all = await open(join(folder, 'all'), 'a');
    onTestFinished(() => all.close());
    const { ino } = await all.stat();
    await symlink(`/proc/self/fd/${all.fd}`, join(folder, 'second'));
    await symlink('second', join(folder, 'first'));
    await symlink('/dev/fd', join(folder, 'descriptors'));
    const paths = [
      `/proc/self/fd/${all.fd}`,
      `/proc/${process.pid}/fd/${all.fd}`,
      `/dev/fd/${all.fd}`,
      join(folder, 'first'),
      join(folder, 'descriptors', String(all.fd)),
    ];
    for (const path of paths) {
      expect(await readIfThere(path), path).toBeUndefined();
      expect(await writeIfChanged(path, `${path}\n`), path).toBe('sent');
    }
    expect(await readFile(join(folder, 'all'), 'utf8')).toBe(['keep', ...paths, ''].join('\n'));
    expect((await stat(join(folder, 'all'))).ino).toBe(ino);
    expect((await readdir(folder)).sort()).toEqual(['all', 'descriptors', 'first', 'second']);
  },
);

test.skipIf(!existsSync('/proc/self/fd/1'))(
  'What others write to the same open file stands before and after',
  async () => {
    const folder = await temporaryFolder();
    const all = await open(join(folder, 'all'), 'w');
    onTestFinished(() => all.close());
    await all.write('before\n');
    expect(await writeIfChanged(`/dev/fd/${all.fd}`, 'text\n')).toBe('sent');
    await all.write('after\n');
    expect(await readFile(join(folder, 'all'), 'utf8')).toBe('before\ntext\nafter\n');
  },
);

test.skipIf(!existsSync('/proc/self/fd/1'))('What another process has open is added to', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'all'), 'keep\n');
  const other = run('sh', '-c', 'exec 3>>"$0"; echo open; sleep 60', join(folder, 'all'));
  const path = `/proc/${other.child.pid}/fd/3`;
  await other.line(/open/);
  expect(await writeIfChanged(path, 'text\n')).toBe('sent');
  expect(await readFile(join(folder, 'all'), 'utf8')).toBe('keep\ntext\n');
});

test.skipIf(!existsSync('/proc/self/fd/1'))('A file in a folder that is open is replaced as any other', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'file'), 'old');
  const opened = await open(folder);
  onTestFinished(() => opened.close());
  expect(await writeIfChanged(`/proc/self/fd/${opened.fd}/file`, 'new')).toBe('written');
  expect(await readFile(join(folder, 'file'), 'utf8')).toBe('new');
});

test.skipIf(!existsSync('/proc/self/fd/1'))('The names that the system has for open files are known', async () => {
  expect(await openFileAt('/dev/stdout')).toBe(1);
  expect(await openFileAt('/dev/stderr')).toBe(2);
  expect(await openFileAt('/proc/self/fd/1')).toBe(1);
  expect(await openFileAt(`/proc/${process.ppid}/fd/1`)).toBe(`/proc/${process.ppid}/fd/1`);
  expect(await openFileAt('/dev/null')).toBe('/dev/null');
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'fd'), '');
  expect(await openFileAt(join(folder, 'fd'))).toBeUndefined();
});

/** With everything that it starts, it is ended with the test. */
function run(command: string, ...args: string[]): Output {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const output = new Output(child);
  onTestFinished(async () => {
    try {
      process.kill(-(child.pid ?? Number.NaN), 'SIGKILL');
    } catch {
      // It has ended already.
    }
    await output.ended;
  });
  return output;
}
