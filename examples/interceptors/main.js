// Three interceptors around one session: every call is logged and traced, every send is traced and signed.

import { connect } from 'holdfast';
import { webSocket } from 'holdfast/websocket';
import { logging } from './logging.js';
import { signing } from './signing.js';
import { tracing } from './tracing.js';

const [address = 'ws://127.0.0.1:4000/graphql'] = process.argv.slice(2);
const secret = process.env.SIGNING_SECRET ?? 'only for this example';

const traces = tracing(({ level, name, durationMs, outcome }) => {
  const indent = level === 'call' ? '' : '  ';
  console.log(`${indent}[${level}] ${name}: ${outcome} after ${durationMs.toFixed(1)} ms`);
});

let session;
try {
  session = await connect({
    transport: webSocket(address),
    interceptors: {
      call: [traces.call, logging(console.log)],
      attempt: [traces.attempt, signing(secret)],
    },
  });
  await session.execute('query Greet($name: String) { hello(name: $name) }', { name: 'Ada' });
  // A sign-in as far as logging is concerned: the password goes to the server, and nowhere else.
  await session.execute(
    'query SignIn($name: String, $password: String) { user: hello(name: $name) proof: hello(name: $password) }',
    { name: 'Grace', password: 'swordfish' },
  );
  await session.result('query Wrong { nothing }');
} catch (error) {
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
} finally {
  await session?.close();
}
