// GraphiQL as the server serves it: the released scripts of GraphiQL and React, with a few places changed so that they need
// nothing that `style-src 'self'` forbids, and our own page. Each name holds a hash of its content, so that browsers may keep it.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { build } from 'esbuild';
import { bundled, licencesOf } from './licences.js';
import { folderOf, root } from './packages.js';

const sources = join(root, 'src', 'pages', 'graphiql');
const graphiql = folderOf(import.meta.resolve('graphiql/package.json'));
const react = folderOf(import.meta.resolve('react/package.json'));
const reactDom = folderOf(import.meta.resolve('react-dom/package.json'));

const read = (...path) => readFileSync(join(...path), 'utf8');

/** All of it together, bytes. */
const limit = 2_000_000;

/** What is changed in GraphiQL's script. */
const scriptChanges = [
  {
    // A dialog adds a style element that keeps the page behind it from scrolling. This page does not scroll.
    from: 'if(!document)return null;var e=document.createElement("style");',
    to: 'return null;var e;',
    times: 1,
  },
  {
    // Columns of a table in a description, as markdown aligns them: a style attribute in what becomes innerHTML.
    from: /\["style","text-align:"\+(\w+\[\w+\])\]/g,
    to: '["align",$1]',
    times: 2,
  },
  // Else a browser with its developer tools open asks for it, and it is not there.
  { from: /\n\/\/# sourceMappingURL=.*\n?$/g, to: '\n', times: 1 },
];

/** And in its style sheet: the fonts of the machine instead of embedded ones, which are six sevenths of the file. */
const styleChanges = [
  { from: /@font-face\{[^}]*\}/g, to: '', times: 34 },
  { from: '--font-family:"Roboto",sans-serif;', to: '--font-family:system-ui,sans-serif;', times: 1 },
  { from: '--font-family-mono:"Fira Code",monospace;', to: '--font-family-mono:ui-monospace,monospace;', times: 1 },
];

/** Makes the folder anew. */
export async function buildGraphiql(folder) {
  const assets = {
    'react.js': read(react, 'umd', 'react.production.min.js'),
    'react-dom.js': read(reactDom, 'umd', 'react-dom.production.min.js'),
    'graphiql.js': change(read(graphiql, 'graphiql.min.js'), scriptChanges),
    'page.js': await bundle(join(sources, 'page.ts')),
    'graphiql.css': change(read(graphiql, 'graphiql.min.css'), styleChanges),
    'page.css': read(sources, 'page.css'),
  };
  const files = { 'index.html': read(sources, 'page.html') };
  for (const [name, content] of Object.entries(assets)) {
    const hashed = withHash(name, content);
    files[hashed] = content;
    const reference = { from: `"?graphiql=${name}"`, to: `"?graphiql=${hashed}"`, times: 1 };
    files['index.html'] = change(files['index.html'], [reference]);
  }
  const names = ['react', 'react-dom', 'scheduler', ...bundled(join(graphiql, 'dist', 'index.umd.js.map'))];
  files['LICENSES.txt'] = licencesOf(names);

  const bytes = Object.values(files).reduce((sum, content) => sum + Buffer.byteLength(content), 0);
  if (bytes > limit) throw new Error(`GraphiQL has ${bytes} bytes, which is more than ${limit}.`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}

/** Replaces text that must be there as often as it is said: another release may have it in another form. */
export function change(text, changes) {
  return changes.reduce((changed, { from, to, times }) => {
    const found = typeof from === 'string' ? changed.split(from).length - 1 : [...changed.matchAll(from)].length;
    if (found !== times)
      throw new Error(`${from} is there ${found} times instead of ${times}: look what took its place.`);
    return changed.replaceAll(from, to);
  }, text);
}

async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
  });
  return outputFiles[0].text;
}

function withHash(name, content) {
  const extension = extname(name);
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  return `${name.slice(0, -extension.length)}-${hash}${extension}`;
}
