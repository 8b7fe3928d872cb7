// Draws what a session says of itself and of its subscriptions. A word that the code gets or loses does not compile here.

import type { ConnectionNotice, GapReason, LivenessMode, OperationNotice, SessionState } from '../../../src/index.js';
import { table } from './table.js';

type Row = readonly [holds: string, means: string];

const states: Readonly<Record<SessionState['status'], Row>> = {
  idle: ['', 'made, and not begun; `createSession` begins at once, so a program does not see it'],
  connecting: [
    '`generation`, `attempt`, `since`',
    'a connection is being opened: credentials, socket, acknowledgement',
  ],
  ready: ['`generation`, `since`, `retiring`, `liveness`, `headers`', 'operations are sent on this generation'],
  waiting: ['`until`, `attempt`, `cause`', 'the next attempt starts at `until`'],
  closing: [
    '`stage`, `since`',
    '`draining`: calls in flight may be answered; `disconnecting`: the connection is being closed',
  ],
  closed: ['', 'nothing is left; it stays so'],
  failed: ['`cause`, `attempts`', 'no attempt will follow, unless `reconnect()` is called'],
};

const connectionNotices: Readonly<Record<ConnectionNotice['type'], Row>> = {
  opening: ['`attempt`', 'an attempt begins; `attempt` counts since the last stable connection'],
  'open-failed': ['`failure`', 'it came to nothing'],
  opened: ['`liveness`', 'the server acknowledged: operations can be sent'],
  'going-away': ['`withinMs`', 'the server asked to move to another connection'],
  renewed: ['', 'it has new credentials, because the old ones were about to expire'],
  'renewal-failed': ['`failure`', 'the provider failed; it is asked again while there is time'],
  pong: ['`elapsedMs`', 'a ping was answered'],
  ended: ['`failure`', 'the connection is gone, whoever ended it'],
};

const operationNotices: Readonly<Record<OperationNotice['type'], Row>> = {
  started: ['', 'the program asked for it'],
  sending: ['`generation`, `send`', 'it is sent, for the `send`-th time'],
  event: ['`bytes`', 'a subscription got an event'],
  interrupted: ['`reason`, `failure`', 'it will be started again; the reasons are those of gaps'],
  ended: [
    '`error`, `sends`',
    'its consumer has its end; without `error`: answered (also with GraphQL errors), completed, or left',
  ],
};

const gaps: Readonly<Record<GapReason, Row>> = {
  'connection-lost': ['the last sign of life of the old connection', 'the connection ended'],
  'going-away': ['the last sign of life of the old connection', 'the server asked to move to another connection'],
  parked: ['when it was parked', 'the consumer was slow, and the server was told to stop'],
  dropped: ['the first event that was dropped', 'the consumer was slow, and `missed` events gave way to newer ones'],
  retried: ['when the errors came', 'the server ended it with errors, and your rule started it again'],
};

const livenessModes: Readonly<Record<LivenessMode, Row>> = {
  ping: ['Node: both subprotocols. Browsers: `graphql-transport-ws`', 'after 15 s of silence a ping; dead 5 s later'],
  query: [
    'browsers: the legacy subprotocol, with option `liveness.probe`',
    'the same, with that query instead of a ping',
  ],
  'keep-alive': [
    "browsers: the legacy subprotocol, once the server's `ka` was seen",
    'dead after three times the longest distance of two `ka`, at least 15 s; not judged before the second one',
  ],
  none: ['browsers: the legacy subprotocol without `ka`; `local`; option `liveness: false`', 'silence means nothing'],
};

export const drawStates = (): string => rows(['`status`', 'holds', 'meaning'], states);
export const drawConnectionNotices = (): string => rows(['`type`', 'holds', 'meaning'], connectionNotices);
export const drawOperationNotices = (): string => rows(['`type`', 'holds', 'meaning'], operationNotices);
export const drawGaps = (): string => rows(['`reason`', '`lostAt` is', 'meaning'], gaps);
export const drawLiveness = (): string =>
  rows(['`state.liveness`', 'where', 'how a dead peer is noticed'], livenessModes);

function rows(head: readonly string[], words: Readonly<Record<string, Row>>): string {
  return table(
    head,
    Object.entries(words).map(([word, cells]) => [`\`${word}\``, ...cells]),
  );
}
