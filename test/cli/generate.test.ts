// `holdfast generate`: the module of a schema, once, compared, or again whenever the schema changes.

import { mkdir, open, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { reservedPort } from '../support/reserved-port.js';
import { type Folder, makeFolder, serveSchema } from './command.js';

const sdl = 'scalar Stamp\n\ntype Query {\n  hello: String\n  old: Stamp\n}\n';
const args = ['generate', 'schema.graphql', '--out', 'src/api.ts'];

async function withSchema(text: string = sdl): Promise<Folder> {
  const folder = await makeFolder();
  await folder.write('schema.graphql', text);
  return folder;
}

test('A module is written, in a folder that was not there, and names its source from where it is', async () => {
  const folder = await withSchema();
  expect(await folder.holdfast(...args)).toEqual({ code: 0, stdout: 'wrote src/api.ts\n', stderr: '' });
  const text = await folder.read('src/api.ts');
  expect(text).toContain("source: '../schema.graphql'");
  expect(text).toContain('readonly Stamp: unknown;');
  expect((await folder.holdfast(...args)).stdout).toBe('src/api.ts is up to date\n');
});

test('Scalars and codecs go into the module', async () => {
  const folder = await withSchema(`${sdl}scalar Other\nextend type Query { other: Other }`);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a type of TypeScript.
  const given = ['--scalar', 'Stamp=string | `at ${string}`', '--codecs', './scalars.js'];
  expect((await folder.holdfast(...args, ...given)).code).toBe(0);
  const text = await folder.read('src/api.ts');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a type of TypeScript.
  expect(text).toContain('readonly Stamp: string | `at ${string}`;');
  expect(text).toContain("readonly Other: $ScalarType<typeof $scalars, 'Other'>;");
  expect(text).toContain("import { scalars as $scalars } from './scalars.js';");
});

test('A server as the source: nothing of the address that may be secret is in the module', async () => {
  const folder = await makeFolder();
  const { url } = await serveSchema(buildSchema(sdl));
  expect((await folder.holdfast('generate', `${url}?token=secret#x`, '--out', 'api.ts')).code).toBe(0);
  const text = await folder.read('api.ts');
  expect(text).toContain(`source: '${url}'`);
  expect(text).not.toContain('secret');
});

test('The same schema gives the same module, whether a file or a server holds it, but for the source', async () => {
  const folder = await withSchema();
  const { url } = await serveSchema(buildSchema(sdl));
  await folder.holdfast(...args);
  await folder.holdfast('generate', url, '--out', 'src/server.ts');
  const withoutSource = (text: string): string =>
    text.replaceAll(url, '../schema.graphql').replace(/^\/\/ Fingerprint.*$/m, '');
  expect(withoutSource(await folder.read('src/server.ts'))).toBe(withoutSource(await folder.read('src/api.ts')));
});

test('SDL on the command line is a source too', async () => {
  const folder = await makeFolder();
  await folder.holdfast('generate', 'type Query { hello: String }', '--out', 'api.ts');
  const text = await folder.read('api.ts');
  expect(text).toContain("source: 'the SDL text'");
  expect(text).toContain('readonly hello: string | null;');
});

test.each(['api.mts', 'api.cts'])('A module may be called %s', async (name) => {
  const folder = await withSchema();
  const { stdout } = await folder.holdfast('generate', 'schema.graphql', '--out', name);
  expect(stdout).toBe(`wrote ${name}\n`);
});

test('What the schema lost is told with its place when the module is written again', async () => {
  const folder = await withSchema();
  await folder.holdfast(...args);
  await folder.write('schema.graphql', 'scalar Stamp\n\ntype Query {\n  hello: String!\n  new(at: Stamp!): Int\n}\n');
  const { code, stdout, stderr } = await folder.holdfast(...args);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'wrote src/api.ts\n' });
  expect(stderr).toContain('The schema lost what the module had');
  expect(stderr).toContain('  lost: Field Query.old is gone. (schema.graphql:3:6)\n');
  expect(stderr.match(/lost:/g)).toHaveLength(1);
});

test('--check ends with 0 for a fresh module, and with 1 for a missing or stale one, says why, and writes nothing', async () => {
  const folder = await withSchema();
  const missing = await folder.holdfast(...args, '--check');
  expect(missing).toEqual({
    code: 1,
    stdout: '',
    stderr: 'src/api.ts is stale. Generate it again, without --check.\nThere is no such file.\n',
  });
  await folder.holdfast(...args);
  const text = await folder.read('src/api.ts');
  expect(await folder.holdfast(...args, '--check')).toEqual({
    code: 0,
    stdout: 'src/api.ts is up to date\n',
    stderr: '',
  });
  await folder.write('schema.graphql', 'type Query {\n  hello: String\n  more: Int\n}\n\ntype Book {\n  id: ID\n}\n');
  const stale = await folder.holdfast(...args, '--check');
  expect(stale.code).toBe(1);
  expect(stale.stderr).toMatch(/changed: type Query\n {2}added: type Book|added: type Book\n {2}changed: type Query/);
  expect(stale.stderr).toContain('  removed: scalar Stamp\n');
  expect(stale.stderr).toContain('  lost: Field Query.old is gone. (schema.graphql:1:6)\n');
  expect(await folder.read('src/api.ts')).toBe(text);
});

test('--check takes a module whose line ends Git has changed for a fresh one', async () => {
  const folder = await withSchema();
  await folder.holdfast(...args);
  await folder.write('src/api.ts', (await folder.read('src/api.ts')).replaceAll('\n', '\r\n'));
  expect((await folder.holdfast(...args, '--check')).code).toBe(0);
});

test('--check tells a change by hand from a change of descriptions', async () => {
  const folder = await withSchema();
  await folder.holdfast(...args);
  const text = await folder.read('src/api.ts');
  await folder.write('src/api.ts', text.replace('readonly hello', '  readonly hello').replaceAll("'", '"'));
  expect((await folder.holdfast(...args, '--check')).stderr).toContain(
    'the file was changed by hand, or by a formatter',
  );
  await folder.write('src/api.ts', text);
  await folder.write('schema.graphql', `"A stamp." ${sdl}`);
  expect((await folder.holdfast(...args, '--check')).stderr).toContain('descriptions, options or the version');
  await folder.write('src/api.ts', text.slice(0, -40));
  expect((await folder.holdfast(...args, '--check')).stderr).toContain('no whole module');
});

test('3: a file that was not generated is not overwritten', async () => {
  const folder = await withSchema();
  await folder.write('mine.ts', 'export const mine = 1;\n');
  const { code, stderr } = await folder.holdfast('generate', 'schema.graphql', '--out', 'mine.ts');
  expect(code).toBe(3);
  expect(stderr).toBe(
    'holdfast generate: mine.ts exists and was not made by holdfast generate. Remove it, or give --out another name.\n',
  );
  expect(await folder.read('mine.ts')).toBe('export const mine = 1;\n');
});

test('3: a file where a folder is meant', async () => {
  const folder = await withSchema();
  const { code, stderr } = await folder.holdfast('generate', 'schema.graphql', '--out', 'schema.graphql/api.ts');
  expect(code).toBe(3);
  expect(stderr).toMatch(/^holdfast generate: schema\.graphql\/api\.ts cannot be (read|written): /);
});

test('3, 4 and 5: a schema that cannot be read, a server that is not there, one that does not tell', async () => {
  const folder = await withSchema('type Query { broken');
  expect((await folder.holdfast(...args)).code).toBe(3);
  const port = await reservedPort();
  expect((await folder.holdfast('generate', `http://127.0.0.1:${port}/graphql`, '--out', 'a.ts')).code).toBe(4);
  const { url } = await serveSchema(buildSchema(sdl), false);
  expect((await folder.holdfast('generate', url, '--out', 'a.ts')).code).toBe(5);
});

test.each<[string, string[], string]>([
  ['no --out', ['schema.graphql'], 'holdfast generate needs --out FILE'],
  [
    'a scalar without a type',
    [...args.slice(1), '--scalar', 'Stamp'],
    '--scalar is NAME=TYPE, as in DateTime=string; it is "Stamp"',
  ],
  [
    'a scalar with two types',
    [...args.slice(1), '--scalar', 'Stamp=a', '--scalar', 'Stamp=b'],
    '--scalar gives Stamp two types',
  ],
  [
    'a scalar that the schema does not have',
    [...args.slice(1), '--scalar', 'Stmap=string'],
    'The schema has no custom scalar "Stmap". Did you mean "Stamp"?',
  ],
  [
    'a scalar whose type would break the module',
    [...args.slice(1), '--scalar', 'Stamp=bi gint}'],
    '"bi gint}" has a "}" that closes nothing.',
  ],
  ['--out for JavaScript', ['schema.graphql', '--out', 'api.js'], 'ends in .ts, .mts or .cts; it is "api.js". See'],
  ['--out for declarations', ['schema.graphql', '--out', 'api.d.mts'], 'ends in .ts, .mts or .cts; it is "api.d.mts"'],
  ['--out for JSON', ['schema.graphql', '--out', 'api.json'], 'ends in .ts, .mts or .cts; it is "api.json"'],
  ['--out without an end', ['schema.graphql', '--out', 'api'], 'ends in .ts, .mts or .cts; it is "api"'],
  ['--out that is only an end', ['schema.graphql', '--out', 'src/.ts'], '.ts, .mts or .cts; it is "src/.ts"'],
  ['--watch of a text', ['type Query { a: Int }', '--out', 'a.ts', '--watch'], '--watch is for a file or an address'],
  ['--check and --watch', [...args.slice(1), '--check', '--watch'], '--check and --watch cannot both be given'],
  [
    '--interval for a file',
    [...args.slice(1), '--watch', '--interval', '5'],
    '--interval is for --watch of an address',
  ],
  [
    'an interval that is none',
    ['http://127.0.0.1/', '--out', 'a.ts', '--watch', '--interval', 'soon'],
    '--interval is a number of seconds',
  ],
])('2: %s', async (_name, given, message) => {
  const folder = await withSchema();
  const { code, stdout, stderr } = await folder.holdfast('generate', ...given);
  expect(stderr).toContain(message);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '--watch writes again when the file changes or is replaced, tells of a broken one and goes on, and %s ends it well',
  async (signal) => {
    const folder = await withSchema();
    const output = folder.start(...args, '--watch');
    await output.line(/^watching schema\.graphql for changes; end with Ctrl-C\nwrote src\/api\.ts\n$/);
    await overwrite(join(folder.path, 'schema.graphql'), 'type Query {');
    await expect.poll(() => output.stderr, { timeout: 20_000 }).toMatch(/^schema\.graphql, line 1, column \d+: .*\n$/);
    const broken = output.stdout.length;
    await folder.write('next.graphql', 'type Query { another: Int }');
    await rename(join(folder.path, 'next.graphql'), join(folder.path, 'schema.graphql'));
    await output.line(/^wrote src\/api\.ts\n$/, broken);
    expect(await folder.read('src/api.ts')).toContain('readonly another: number | null;');
    expect(output.stderr).toContain('lost: Field Query.hello is gone.');
    output.child.kill(signal);
    expect(await output.ended).toEqual({ code: 0, signal: null });
  },
);

/** In one step: whoever looks sees the old text or the new one, and no file that is empty for a while. */
async function overwrite(path: string, text: string): Promise<void> {
  await using file = await open(path, 'r+');
  const { size } = await file.stat();
  await file.write(text.padEnd(size), 0);
}

test('--watch of a link sees what it leads to change', async () => {
  const folder = await withSchema();
  await mkdir(join(folder.path, 'links'));
  await symlink('../schema.graphql', join(folder.path, 'links/link.graphql'));
  const output = folder.start('generate', 'links/link.graphql', '--out', 'api.ts', '--watch');
  await output.line(/wrote api\.ts\n$/);
  await folder.write('schema.graphql', 'type Query { another: Int }');
  await expect.poll(() => folder.read('api.ts'), { timeout: 20_000 }).toContain('readonly another');
});

test('--watch of a server asks again and again, and outlives its absence', async () => {
  const folder = await makeFolder();
  const port = await reservedPort();
  const first = await serveSchema(buildSchema(sdl), true, port);
  const output = folder.start('generate', first.url, '--out', 'api.ts', '--watch', '--interval', '0.1');
  await output.line(/^watching 127\.0\.0\.1:\d+ by asking every 0\.1 s; end with Ctrl-C\nwrote api\.ts\n/);
  await first.close();
  await expect.poll(() => output.stderr, { timeout: 20_000 }).toContain('ECONNREFUSED');
  await serveSchema(buildSchema('type Query { another: Int }'), true, port);
  await expect.poll(() => folder.read('api.ts'), { timeout: 20_000 }).toContain('readonly another');
  // However often it was asked meanwhile.
  expect(output.stderr.match(/ECONNREFUSED/g)).toHaveLength(1);
  output.child.kill('SIGTERM');
  expect(await output.ended).toEqual({ code: 0, signal: null });
});
