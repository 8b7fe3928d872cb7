// `holdfast validate`: documents against a schema, each problem on a line of its own.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { type Folder, makeFolder, serveSchema } from './command.js';

const sdl = 'type Query {\n  book(id: ID!): Book\n}\n\ntype Book {\n  title: String\n  pages: Int\n}\n';

async function withFiles(files: Readonly<Record<string, string>>): Promise<Folder> {
  const folder = await makeFolder();
  await mkdir(join(folder.path, 'docs/deep'), { recursive: true });
  await mkdir(join(folder.path, 'docs/node_modules'), { recursive: true });
  for (const [name, text] of Object.entries({ 'schema.graphql': sdl, ...files })) await folder.write(name, text);
  return folder;
}

test('Valid documents end well: fragments are found across files, SDL beside them and packages are passed over', async () => {
  const folder = await withFiles({
    'docs/a.graphql': 'query A { book(id: 1) { ...Parts } }',
    'docs/deep/parts.gql': 'fragment Parts on Book { title ...More }',
    'docs/deep/more.graphql': 'fragment More on Book { pages }',
    'docs/schema.graphql': sdl,
    'docs/node_modules/bad.graphql': '{ nothing }',
    'docs/note.txt': 'no document',
  });
  const run = await folder.holdfast('validate', 'docs', '--schema', 'schema.graphql');
  expect(run).toEqual({ code: 0, stdout: '', stderr: '3 files checked, no problems; passed over 1 file of SDL\n' });
});

test('Documents may defer and stream whatever the schema says, as with the API', async () => {
  const folder = await withFiles({ 'docs/a.graphql': 'query A { book(id: 1) { ... @defer { title } } }' });
  const run = await folder.holdfast('validate', 'docs', '--schema', 'schema.graphql');
  expect(run).toEqual({ code: 0, stdout: '', stderr: '1 file checked, no problems\n' });
});

test('1: each problem has its file, line and column, with suggestions, in the order of the text; each is told once', async () => {
  const folder = await withFiles({
    'docs/a.graphql': 'query A {\n  book(id: 1) { ...Parts tittle }\n  book { title }\n}\n',
    'docs/b.graphql': 'query B($id: ID!) { book(id: $id) { ...Parts } }',
    'docs/c.graphql': 'query C { ',
    'docs/deep/parts.graphql': 'fragment Parts on Book {\n  page\n}\nfragment Unused on Book { title }',
  });
  const { code, stdout, stderr } = await folder.holdfast('validate', 'docs', '--schema', 'schema.graphql');
  expect(code).toBe(1);
  expect(stdout.split('\n')).toEqual([
    expect.stringMatching(/^docs\/a\.graphql:2:3 Fields "book" conflict/),
    'docs/a.graphql:2:26 Cannot query field "tittle" on type "Book". Did you mean "title"?',
    expect.stringMatching(/^docs\/a\.graphql:3:3 Field "book" argument "id" of type "ID!" is required/),
    'docs/c.graphql:1:11 Syntax Error: Expected Name, found <EOF>.',
    'docs/deep/parts.graphql:2:3 Cannot query field "page" on type "Book". Did you mean "pages"?',
    'docs/deep/parts.graphql:4:1 Fragment "Unused" is never used.',
    '',
  ]);
  expect(stderr).toBe('4 files checked, 6 problems in 3 files\n');
});

test('All problems of a file are told, however many', async () => {
  const unknown = Array.from({ length: 150 }, (_, n) => `  unknown${n}`);
  const folder = await withFiles({ 'a.graphql': `{\n${unknown.join('\n')}\n}\n` });
  const { stdout, stderr } = await folder.holdfast('validate', 'a.graphql', '--schema', 'schema.graphql');
  expect(stdout.match(/^a\.graphql:\d+:3 Cannot query field "unknown\d+"/gm)).toHaveLength(150);
  expect(stderr).toBe('1 file checked, 150 problems in 1 file\n');
});

test('A file of SDL is passed over and counted apart, whether it was named or found in a folder', async () => {
  const folder = await withFiles({ 'docs/a.graphql': '{ nothing }', 'docs/b.graphql': sdl });
  const found = await folder.holdfast('validate', 'docs', '--schema', 'schema.graphql');
  const named = await folder.holdfast('validate', 'docs/a.graphql', 'docs/b.graphql', '--schema', 'schema.graphql');
  expect(named).toEqual(found);
  expect(found.code).toBe(1);
  expect(found.stderr).toBe('1 file checked, 1 problem in 1 file; passed over 1 file of SDL\n');
});

test('SDL between operations is a problem', async () => {
  const folder = await withFiles({ 'a.graphql': '{ book(id: 1) { title } }\ntype Mine { id: ID }' });
  const { code, stdout } = await folder.holdfast('validate', 'a.graphql', '--schema', 'schema.graphql');
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'a.graphql:2:1 The "Mine" definition is not executable.\n' });
});

test('The schema may be SDL on the command line', async () => {
  const folder = await withFiles({ 'a.graphql': '{ other }' });
  const { code, stdout } = await folder.holdfast('validate', 'a.graphql', '--schema', 'type Query { another: Int }');
  expect({ code, stdout }).toEqual({
    code: 1,
    stdout: 'a.graphql:1:3 Cannot query field "other" on type "Query". Did you mean "another"?\n',
  });
});

test('A server as the schema', async () => {
  const folder = await withFiles({ 'a.graphql': '{ book(id: 1) { title } }' });
  const { url } = await serveSchema(buildSchema(sdl));
  expect((await folder.holdfast('validate', 'a.graphql', '--schema', url)).code).toBe(0);
});

test.each<[string, string[], number, string]>([
  ['no documents', [], 2, 'holdfast validate needs DOCS'],
  ['no schema', ['docs'], 2, 'holdfast validate needs --schema SOURCE'],
  ['a folder without documents', ['docs', '--schema', 'schema.graphql'], 3, 'docs has no .graphql or .gql files.'],
  [
    'a file that is not there',
    ['nothing.graphql', '--schema', 'schema.graphql'],
    3,
    'nothing.graphql cannot be read: ENOENT: no such file or directory\n',
  ],
  [
    'a pattern that no shell has read',
    ['docs/*.graphql', '--schema', 'schema.graphql'],
    3,
    'docs/*.graphql: there is no such file. Patterns are read by the shell',
  ],
  [
    'SDL and no document',
    ['schema.graphql', '--schema', 'schema.graphql'],
    3,
    'holdfast validate: 1 file of SDL and no document; name files that hold operations or fragments.\n',
  ],
  [
    'a schema that is not there',
    ['schema.graphql', '--schema', 'nothing.graphql'],
    3,
    'nothing.graphql: there is no such file.',
  ],
])('%s', async (_name, args, expected, message) => {
  const folder = await withFiles({});
  const { code, stdout, stderr } = await folder.holdfast('validate', ...args);
  expect(stderr).toContain(message);
  expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
});
