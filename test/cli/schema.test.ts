// `holdfast schema`: the schema of a server or file on stdout or in a file, and how it fails.

import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buildClientSchema, buildSchema, printSchema } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import { builtFile } from '../support/built.js';
import { Output } from '../support/output.js';
import { reservedPort } from '../support/reserved-port.js';
import { makeFolder, serveSchema } from './command.js';

const sdl = `"""Everything there is."""
type Query {
  "A greeting."
  hello(name: String = "you"): String!
  old: Stamp @deprecated(reason: "Ask hello.")
}

scalar Stamp @specifiedBy(url: "https://example.com/stamp")
`;

test('The schema of a server goes to stdout as SDL, with descriptions, deprecations and specifiedBy, and nothing else does', async () => {
  const folder = await makeFolder();
  const { url } = await serveSchema(buildSchema(sdl));
  const { code, stdout, stderr } = await folder.holdfast('schema', url);
  expect(printSchema(buildSchema(stdout))).toBe(printSchema(buildSchema(sdl)));
  expect(stdout).toContain('"""A greeting."""');
  expect(stdout).toContain('@deprecated(reason: "Ask hello.")');
  expect(stdout).toContain('@specifiedBy(url: "https://example.com/stamp")');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('--json prints introspection, and a name that ends in .json asks for it', async () => {
  const folder = await makeFolder();
  await folder.write('schema.graphql', sdl);
  const { code, stdout } = await folder.holdfast('schema', 'schema.graphql', '--json');
  expect(code).toBe(0);
  expect(printSchema(buildClientSchema(JSON.parse(stdout)))).toBe(printSchema(buildSchema(sdl)));
  await folder.holdfast('schema', 'schema.graphql', '--out', 'schema.json');
  expect(await folder.read('schema.json')).toBe(stdout);
  expect((await folder.holdfast('schema', 'schema.json')).stdout).toBe(`${printSchema(buildSchema(sdl))}\n`);
});

test('--out makes missing folders, writes the file, and leaves it alone where nothing changes', async () => {
  const folder = await makeFolder();
  await folder.write('schema.graphql', sdl);
  const args = ['schema', 'schema.graphql', '-o', 'made/here/out.graphql'];
  expect(await folder.holdfast(...args)).toEqual({ code: 0, stdout: 'wrote made/here/out.graphql\n', stderr: '' });
  const before = await stat(join(folder.path, 'made/here/out.graphql'), { bigint: true });
  expect((await folder.holdfast(...args)).stdout).toBe('made/here/out.graphql is up to date\n');
  const after = await stat(join(folder.path, 'made/here/out.graphql'), { bigint: true });
  expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
  expect(await readdir(join(folder.path, 'made/here'))).toEqual(['out.graphql']);
});

test('SDL or introspection on the command line is a source', async () => {
  const folder = await makeFolder();
  const { code, stdout, stderr } = await folder.holdfast('schema', ' type Query{hello:String}', '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const again = await folder.holdfast('schema', stdout);
  expect(again).toEqual({ code: 0, stdout: 'type Query {\n  hello: String\n}\n', stderr: '' });
});

test('A path with braces is a path, and a text is called a text', async () => {
  const folder = await makeFolder();
  await folder.write('{type} schema.graphql', sdl);
  expect((await folder.holdfast('schema', '{type} schema.graphql')).code).toBe(0);
  expect((await folder.holdfast('schema', 'src/{a,b}.graphql')).stderr).toContain('src/{a,b}.graphql: there is no');
  expect((await folder.holdfast('schema', 'type Query { hello }')).stderr).toContain(
    'the SDL text, line 1, column 20: ',
  );
});

test('3: everything that is wrong with SDL is told, each with its place, up to a bound', async () => {
  const folder = await makeFolder();
  const fields = Array.from({ length: 23 }, (_, n) => `  f${n}: Missing${n}\n`);
  await folder.write('bad.graphql', 'type Query { b: Missing1 }\ntype Query { a: Missing2 }\n');
  expect(await folder.holdfast('schema', 'bad.graphql')).toEqual({
    code: 3,
    stdout: '',
    stderr:
      'holdfast schema: bad.graphql has 3 problems:\n  bad.graphql:1:6 There can be only one type named "Query".\n  bad.graphql:1:17 Unknown type "Missing1".\n  bad.graphql:2:17 Unknown type "Missing2".\n',
  });
  await folder.write('bad.graphql', `type Query {\n${fields.join('')}}\n`);
  const { stderr } = await folder.holdfast('generate', 'bad.graphql', '--out', 'api.ts');
  expect(stderr.match(/^ {2}bad\.graphql:/gm)).toHaveLength(20);
  expect(stderr).toMatch(/\n {2}and 3 more\n$/);
});

test('Headers go to the server, also several, and with colons in them', async () => {
  const folder = await makeFolder();
  const seen: (string | string[] | undefined)[] = [];
  const server = createServer(({ headers }, response) => {
    seen.push(headers.authorization, headers['x-tenant']);
    response.writeHead(403).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const headers = ['--header', 'authorization: Bearer a:b', '--header', 'X-Tenant:seven'];
  const { code, stderr } = await folder.holdfast('schema', url, ...headers);
  expect(seen.slice(0, 2)).toEqual(['Bearer a:b', 'seven']);
  expect(code).toBe(4);
  expect(stderr).toContain('403');
  expect(stderr).not.toContain('a:b');
});

test('5: a server that does not tell its schema', async () => {
  const folder = await makeFolder();
  const { url } = await serveSchema(buildSchema(sdl), false);
  const { code, stdout, stderr } = await folder.holdfast('schema', url);
  expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
  expect(stderr).toMatch(/^holdfast schema: http:\S+: .*introspection.*\n$/i);
});

test('4: nobody answers at the address, and the message comes at once', async () => {
  const folder = await makeFolder();
  const { code, stdout, stderr } = await folder.holdfast('schema', `http://127.0.0.1:${await reservedPort()}/graphql`);
  expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
  expect(stderr).toMatch(/ECONNREFUSED.*\n$/);
  expect(stderr.trimEnd()).not.toContain('\n');
});

test.each<[string, string, string | undefined, RegExp]>([
  [
    'a file that is not there',
    'nothing.graphql',
    undefined,
    /nothing\.graphql: there is no such file\. An address begins with http/,
  ],
  [
    'SDL that does not parse, with its place',
    'bad.graphql',
    'type Query {\n  hello: }\n',
    /bad\.graphql, line 2, column 10: /,
  ],
  ['a schema without a query type', 'bad.graphql', 'type Book { id: ID }', /no query type/],
  ['JSON that is no introspection', 'bad.json', '{"a": 1}', /bad\.json/],
])('3: %s', async (_name, file, text, message) => {
  const folder = await makeFolder();
  if (text !== undefined) await folder.write(file, text);
  const { code, stdout, stderr } = await folder.holdfast('schema', file);
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^ +at /m);
});

test('3: a file that cannot be written', async () => {
  const folder = await makeFolder();
  await folder.write('schema.graphql', sdl);
  const { code, stderr } = await folder.holdfast('schema', 'schema.graphql', '--out', 'schema.graphql/out.graphql');
  expect(code).toBe(3);
  expect(stderr).toMatch(/^holdfast schema: schema\.graphql\/out\.graphql cannot be (read|written): /);
});

test('3: a folder where a file is meant', async () => {
  const folder = await makeFolder();
  await folder.write('schema.graphql', sdl);
  const source = await folder.holdfast('schema', '.');
  expect(source.code).toBe(3);
  expect(source.stderr).toContain('.: The file cannot be read: it is a folder. Give the path of a file');
  const out = await folder.holdfast('schema', 'schema.graphql', '--out', '.');
  expect(out).toEqual({
    code: 3,
    stdout: '',
    stderr: 'holdfast schema: . is a folder; the name of a file is needed.\n',
  });
});

test.skipIf(!existsSync('/dev/full'))('3: what is printed finds no room', async () => {
  const folder = await makeFolder();
  await folder.write('schema.graphql', sdl);
  const full = openSync('/dev/full', 'w');
  onTestFinished(() => closeSync(full));
  const child = spawn(process.execPath, [builtFile('cli/main.js'), 'schema', 'schema.graphql'], {
    cwd: folder.path,
    stdio: ['ignore', full, 'pipe'],
  });
  const output = new Output(child);
  expect((await output.ended).code).toBe(3);
  expect(output.stderr).toMatch(/^holdfast schema: what it prints cannot be written: ENOSPC/);
});

test('A file with the marks and line ends of other systems is read like any', async () => {
  const folder = await makeFolder();
  await folder.write('schema.graphql', '\uFEFFtype Query {\r\n  hello: String\r\n}\r\n');
  await folder.holdfast('schema', 'schema.graphql', '--out', 'schema.json');
  await folder.write('schema.json', `\uFEFF${await folder.read('schema.json')}`);
  for (const file of ['schema.graphql', 'schema.json']) {
    expect((await folder.holdfast('schema', file)).stdout).toBe('type Query {\n  hello: String\n}\n');
  }
});

test.each<[string, string[], string]>([
  ['no source', [], 'holdfast schema needs SOURCE: the http(s) address'],
  ['an empty source', [''], 'a schema is an address or the path of a file; it is empty'],
  ['two sources', ['a.graphql', 'b.graphql'], 'takes SOURCE and nothing more; there is also "b.graphql"'],
  ['an unknown option', ['a.graphql', '--jsno'], 'holdfast schema does not know "--jsno"; did you mean "--json"? See'],
  ['both forms', ['a.graphql', '--sdl', '--json'], '--sdl and --json cannot both be given'],
  ['an option without its value', ['a.graphql', '--out'], '--out needs a value: --out FILE'],
  ['an option in place of a value', ['a.graphql', '--out', '--json'], '--out needs a value: --out FILE'],
  ['two files', ['a.graphql', '--out', 'b', '--out', 'c'], '--out can be given only once'],
  ['headers for a file', ['a.graphql', '--header', 'a: b'], '--header is for addresses'],
  ['a header without a colon', ['http://127.0.0.1/', '--header', 'secret'], "--header is 'name: value'."],
  ['another kind of address', ['ws://127.0.0.1/'], 'an address begins with http: or https:'],
  ['an address that is none', ['http://'], 'the address is not a URL'],
])('2: %s', async (_name, args, message) => {
  const folder = await makeFolder();
  const { code, stdout, stderr } = await folder.holdfast('schema', ...args);
  expect(stderr).toContain(message);
  expect(stderr).toContain('See "holdfast schema --help".');
  expect(stderr).not.toContain('secret');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

test('A reader that leaves early is no failure', async () => {
  const folder = await makeFolder();
  await folder.write(
    'schema.graphql',
    `type Query {\n${Array.from({ length: 20_000 }, (_, n) => `  f${n}: Int`).join('\n')}\n}`,
  );
  const output = folder.start('schema', 'schema.graphql');
  output.child.stdout?.destroy();
  expect(await output.ended).toEqual({ code: 0, signal: null });
  expect(output.stderr).toBe('');
});
