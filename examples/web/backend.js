// The GraphQL server behind the web service: countries over HTTP, and who looks them up over WebSocket.

import { createServer, serve } from 'holdfast/server';
import { rootValue, schema } from './countries.js';

const port = Number(process.argv[2] ?? 4000);
try {
  const serving = await serve(createServer({ schema, rootValue }), { port, quiet: true });
  console.log(`The countries are served at ${serving.url}; Ctrl-C ends it.`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => serving.close());
} catch (error) {
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
}
