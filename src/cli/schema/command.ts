// `holdfast schema`, as the command line knows it.

import type { Command } from '../command.js';
import { headerOption, sourceHelp } from '../source-options.js';

export const schema: Command = {
  name: 'schema',
  summary: 'print the schema of a server or file, or write it to a file',
  positionals: [{ name: 'SOURCE', help: sourceHelp }],
  options: {
    sdl: { help: 'as SDL, with descriptions and deprecations (default, unless --out ends in .json)' },
    json: { help: 'as introspection JSON' },
    out: {
      help: 'write to this file, only where that changes it (default: print); makes missing folders',
      value: 'FILE',
      short: 'o',
    },
    header: headerOption,
  },
  examples: [
    ['holdfast schema https://example.com/graphql > schema.graphql', 'the schema of a server, as SDL'],
    [
      `holdfast schema https://example.com/graphql --header 'authorization: Bearer ...' --out schema.json`,
      'with credentials, as introspection JSON in a file',
    ],
    ['holdfast schema schema.json --sdl', 'introspection JSON as SDL'],
  ],
  exitCodes: [0, 2, 3, 4, 5],
  run: async (line) => (await import('./run.js')).run(line),
};
