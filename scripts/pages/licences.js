// The licences of everything that the files of a page were made of. GraphiQL's script is a bundle of many packages: which ones
// stands in its source map.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './packages.js';

const modules = join(root, 'node_modules');

/** Folders of GraphiQL's own repository, as its source map calls them. */
const workspace = {
  '../src/': 'graphiql',
  '../../graphiql-react/': '@graphiql/react',
  '../../graphiql-toolkit/': '@graphiql/toolkit',
  '../../graphql-language-service/': 'graphql-language-service',
  '../../codemirror-graphql/': 'codemirror-graphql',
};

/**
 * Packages that are published without the text of their licence, which is MIT: who holds the copyright, as their repositories
 * and those of the same authors have it.
 */
const withoutText = {
  '@headlessui/react': 'Copyright (c) 2020 Tailwind Labs',
  '@radix-ui/react-use-escape-keydown': 'Copyright (c) 2022 WorkOS',
  'react-compiler-runtime': 'Copyright (c) Meta Platforms, Inc. and affiliates.',
  'react-remove-scroll-bar': 'Copyright (c) 2025 Anton Korzunov <thekashey@gmail.com>',
  'toggle-selection': 'Copyright (c) 2017 sudodoki <smd.deluzion@gmail.com>',
};

/** The names of the packages that the bundle with this source map was made of. */
export function bundled(sourceMap) {
  const { sources } = JSON.parse(readFileSync(sourceMap, 'utf8'));
  const names = sources.map((source) => {
    const [, installed] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source) ?? [];
    const own = Object.keys(workspace).find((folder) => source.startsWith(folder));
    const name = installed ?? workspace[own];
    if (name === undefined) throw new Error(`${source} in ${sourceMap} belongs to no package that is known here.`);
    return name;
  });
  return [...new Set(names)];
}

/** One text: each licence once, under the names of the packages that have it. */
export function licencesOf(names) {
  const byText = new Map();
  for (const name of [...new Set(names)].sort()) {
    const text = licenceOf(name);
    byText.set(text, [...(byText.get(text) ?? []), name]);
  }
  const line = '-'.repeat(80);
  return [...byText].map(([text, of]) => `${line}\n${of.join('\n')}\n${line}\n\n${text}\n`).join('\n');
}

function licenceOf(name) {
  const folder = join(modules, name);
  const file = existsSync(folder) ? readdirSync(folder).find((one) => /^licen[cs]e/i.test(one)) : undefined;
  if (file !== undefined) return readFileSync(join(folder, file), 'utf8').trim();
  const holder = withoutText[name];
  if (holder === undefined) {
    throw new Error(
      `${name} has no file with its licence: find out what it is, and add it to ${import.meta.filename}.`,
    );
  }
  return `MIT License\n\n${holder}\n\n${mit()}`;
}

/** The licence's own words, without anybody's copyright. */
function mit() {
  const text = licenceOf('react');
  return text.slice(text.indexOf('Permission is hereby granted'));
}
