// What an editor offers while somebody writes a call of the schema-driven API: the names that fit there and no others. Asked of
// the language service of TypeScript 5.6, about the library that the tests of the types are written on.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CheckFailed, root } from './command.js';
import { installedTool } from './tools.js';

const file = join(root, 'test', 'types', 'completion.ts');
const head = `import type { Api } from '../../src/schema/index.js';
import type { $Types } from '../schema/types/library/generated.js';
declare const api: Api<$Types>;
`;

const author = ['__typename', 'books', 'born', 'id', 'name'];
const review = ['__typename', 'by', 'of', 'stars', 'text'];
const fragments = ['$on', '$spread'];
const own = ['$args', '$directives', ...fragments];

/** A bar stands where the cursor is. */
const expected = {
  'api.mutation.|': ['addBook', 'clear', 'setCover'],
  'api.query.books({ | })': ['author', 'filter', 'first'],
  'api.query.books({ filter: { published: { | } } })': ['from', 'to'],
  "api.query.authors({ genres: ['|'] })": ['FANTASY', 'PULP', 'SCIENCE_FICTION'],
  'api.query.authors({}, { | })': [...author, ...fragments],
  'api.query.authors({}, { name: true, | })': [...author, ...fragments].filter((name) => name !== 'name'),
  'api.query.authors.request({}, { | })': [...author, ...fragments],
  "api.query.authors({}, '|')": author,
  "api.query.authors({}, ['id', '|'])": author,
  'api.query.books({}, { author: { | } })': [...author, ...own],
  "api.query.books({}, { author: ['|'] })": author,
  "api.query.books({}, { 'writer: author': { | } })": [...author, ...own],
  'api.query.books({}, { reviews: { of: { reviews: { | } } } })': [...review, ...own],
  'api.query.books({}, { reviews: { $args: { | } } })': ['first', 'order'],
  'api.query.books({}, { id: { $directives: { | } } })': ['defer', 'include', 'live', 'skip', 'stream', 'tag'],
  "api.query.search({ text: '' }, { $on: { Author: { | } } })": [...author, '$directives', ...fragments],
  'api.query({ authors: { | } })': [...author, ...own],
  'api.subscription.bookAdded({}, { author: { | } })': [...author, ...own],
  "api.request('mutation', { | })": ['__typename', 'addBook', 'clear', 'setCover', ...fragments],
};

/** What functions have, and what fields are after a dot. */
const ofFunctions = ['apply', 'arguments', 'bind', 'call', 'caller', 'length', 'name', 'prototype', 'toString'];

/** In how many places the right names are offered. */
export async function typesCompletion() {
  const ts = createRequire(import.meta.url)(await installedTool('typescript-5.6', 'typescript/lib/typescript.js'));
  const source = { text: '', version: 0 };
  const service = ts.createLanguageService(hostOf(ts, source));
  const wrong = [];
  for (const [call, names] of Object.entries(expected)) {
    source.text = `${head}${call.replace('|', '')};\n`;
    source.version += 1;
    const found = service.getCompletionsAtPosition(file, head.length + call.indexOf('|'), {});
    const all = found?.entries.map(({ name }) => name) ?? [];
    const offered = call.endsWith('.|') ? all.filter((name) => !ofFunctions.includes(name)) : all;
    if (offered.sort().join() !== [...names].sort().join()) {
      wrong.push(
        `${call}: ${names.join(', ')} are to be offered, and it was ${offered.slice(0, 20).join(', ') || 'nothing'}`,
      );
    }
  }
  if (wrong.length > 0) throw new CheckFailed(wrong.join('\n'));
  return `${Object.keys(expected).length} places offer what fits there`;
}

function hostOf(ts, source) {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [file] }, ts.sys, root);
  const textOf = (path) => (path === file ? source.text : ts.sys.readFile(path));
  return {
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: (path) => (path === file ? String(source.version) : '1'),
    getScriptSnapshot: (path) => {
      const text = textOf(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (path) => path === file || ts.sys.fileExists(path),
    readFile: textOf,
  };
}
