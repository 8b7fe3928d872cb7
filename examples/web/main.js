// Starts the web service, and stops it cleanly. HOST, PORT and BACKEND say where it listens and whom it asks; DEADLINE_MS how
// long a page may wait for its answer.

import { createApp } from './app.js';

const { HOST = '127.0.0.1', PORT = '3000', BACKEND = 'http://127.0.0.1:4000/graphql' } = process.env;
const { DEADLINE_MS = '10000' } = process.env;

let app;
try {
  app = createApp({ backend: BACKEND, deadlineMs: Number(DEADLINE_MS) });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close());
  const address = await app.listen({ host: HOST, port: Number(PORT) });
  console.log(`The pages are at ${address}; Ctrl-C ends it.`);
} catch (error) {
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
  await app?.close();
}
