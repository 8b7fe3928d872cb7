// `holdfast generate`, as the command line knows it.

import type { Command } from '../command.js';
import { headerOption, sourceHelp } from '../source-options.js';

export const generate: Command = {
  name: 'generate',
  summary: 'write the TypeScript module of a schema, for an API that the compiler checks',
  positionals: [{ name: 'SOURCE', help: sourceHelp }],
  options: {
    out: {
      help: 'the module to write (.ts, .mts or .cts), only where that changes it; makes missing folders',
      value: 'FILE',
      short: 'o',
      required: true,
    },
    check: { help: 'write nothing; end with 1 where the module is not what would be written, and say what differs' },
    watch: { help: 'go on, and write again whenever the schema changes, until SIGINT or SIGTERM' },
    interval: { help: 'with --watch, how often a server is asked, in seconds (default: 10)', value: 'SECONDS' },
    scalar: {
      help: "the type of a custom scalar: Id=string, or Money=import('money').Money; may be given several times (default: unknown)",
      value: 'NAME=TYPE',
      repeats: true,
    },
    codecs: {
      help: 'a module with an export "scalars", codecs by scalar, as the written module imports it: ./scalars.js',
      value: 'MODULE',
    },
    header: headerOption,
  },
  examples: [
    [
      'holdfast generate schema.graphql --out src/api.ts',
      "import { schema } from './api.js' for createApi(session, schema)",
    ],
    [
      'holdfast generate https://example.com/graphql --out src/api.ts --codecs ./scalars.js --watch',
      'with codecs for custom scalars, again whenever the server has another schema',
    ],
    ['holdfast generate schema.graphql --out src/api.ts --check', 'for CI: fails where the module was forgotten'],
  ],
  exitCodes: [0, 1, 2, 3, 4, 5],
  run: async (line) => (await import('./run.js')).run(line),
};
