// A prompt that runs queries on one permanent session. The server may go away and come back: the prompt stays, and a query
// that is typed meanwhile waits for the connection, up to its deadline.

import { createInterface } from 'node:readline';
import { createSession } from 'holdfast';
import { webSocket } from 'holdfast/websocket';

const help = `A line is a query or a mutation, as in { __typename }
.state   what the session is doing
.quit    ends the session, and this program`;

const [address] = process.argv.slice(2);
if (address === undefined) {
  console.error('Say which server, as in: node examples/console/main.js ws://127.0.0.1:4000/graphql');
  process.exit(2);
}

const session = open(address);
const prompt = createInterface({ input: process.stdin, output: process.stdout, prompt: 'holdfast> ' });
/** Queries that are not answered yet. */
const pending = new Set();
let asked = 0;
/** Whether more can be typed: not after the end of what was piped in. */
let typing = true;
let leaving = false;

session.on('state', (state) => {
  if (!leaving) print(`-- ${describe(state)}`);
  if (state.status === 'failed') leave(1);
});
prompt.on('line', (line) => {
  enter(line.trim());
  if (!leaving) prompt.prompt();
});
// Ctrl-D, or the end of a file that is piped in: what was asked is still answered.
prompt.on('close', () => {
  typing = false;
  void Promise.all(pending).then(() => leave(0));
});
prompt.on('SIGINT', () => leave(0));
print(`-- ${describe(session.state)} to ${address}; .help tells what can be typed`);

function open(address) {
  try {
    return createSession({ transport: webSocket(address) });
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}

function enter(line) {
  if (line === '') return;
  if (line === '.help') console.log(help);
  else if (line === '.state') console.log(session.state);
  else if (line === '.quit') leave(0);
  else if (line.startsWith('.')) console.log(`There is no ${line}; there are .help, .state and .quit`);
  else ask(line);
}

/** Does not wait: the next query may be typed before this one is answered, so answers carry the number of their query. */
function ask(query) {
  asked += 1;
  const number = asked;
  const answered = run(query).then((text) => {
    pending.delete(answered);
    if (!leaving) print(`[${number}] ${text}`);
  });
  pending.add(answered);
}

async function run(query) {
  try {
    const { data, errors = [] } = await session.result(query);
    const answer = data === undefined || data === null ? [] : [JSON.stringify(data, undefined, 2)];
    return [...answer, ...errors.map(({ message }) => `GraphQL error: ${message}`)].join('\n');
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

/** The session's states, in words. */
function describe(state) {
  switch (state.status) {
    case 'connecting':
      return `connecting, generation ${state.generation}`;
    case 'ready':
      return `ready, generation ${state.generation}`;
    case 'waiting': {
      const seconds = Math.max(0, state.until - Date.now()) / 1_000;
      return `not connected, next attempt in ${seconds.toFixed(1)} s. ${state.cause.message}`;
    }
    case 'failed':
      return `gave up. ${state.cause.message}`;
    default:
      return state.status;
  }
}

/** Writes above the line that is being typed. */
function print(text) {
  if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
  console.log(text);
  if (typing) prompt.prompt(true);
}

async function leave(exitCode) {
  if (leaving) return;
  leaving = true;
  process.exitCode = exitCode;
  prompt.close();
  // A pipe that somebody else holds open would keep this program alive.
  process.stdin.destroy();
  await session.close({ graceMs: 0 });
}
