// `holdfast demo`, as the command line knows it.

import type { Command } from '../command.js';

export const demo: Command = {
  name: 'demo',
  summary: 'run one session through a broken network and a killed server, and account for everything',
  options: {
    json: { help: 'print the ledger as one JSON object, and nothing else' },
    transport: {
      help: 'how the session goes to its server (default: websocket)',
      values: ['websocket', 'undici', 'http2', 'fetch'],
    },
  },
  examples: [
    ['holdfast demo', 'one session over a WebSocket, told as it happens'],
    ['holdfast demo --transport http2 --json', 'over HTTP/2, and only the ledger'],
  ],
  exitCodes: [0, 1, 2],
  run: async (line) => (await import('./run-command.js')).run(line),
};
