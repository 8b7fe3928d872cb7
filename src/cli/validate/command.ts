// `holdfast validate`, as the command line knows it.

import type { Command } from '../command.js';
import { headerOption, sourceHelp } from '../source-options.js';

export const validate: Command = {
  name: 'validate',
  summary: 'check GraphQL documents against a schema',
  positionals: [
    {
      name: 'DOCS',
      help: 'files, or folders with .graphql and .gql files; fragments are found in all of them',
      many: true,
    },
  ],
  options: {
    schema: {
      help: sourceHelp,
      value: 'SOURCE',
      required: true,
    },
    header: headerOption,
  },
  examples: [
    [
      'holdfast validate src --schema schema.graphql',
      'every document below src; each problem as file:line:column message',
    ],
    [
      'holdfast validate query.graphql --schema https://example.com/graphql',
      'one document, against what the server has now',
    ],
  ],
  exitCodes: [0, 1, 2, 3, 4, 5],
  run: async (line) => (await import('./run.js')).run(line),
};
