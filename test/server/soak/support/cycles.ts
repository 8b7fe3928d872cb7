// What clients do from when they come until they have left, over WebSocket and HTTP: every way in which that goes well or badly.

import { frame, Line, upgrade } from './line.js';

type Cycle = (port: number, turn: number) => Promise<void>;

interface Dialect {
  readonly subprotocol: string;
  readonly start: string;
  readonly stop: string;
}

const dialects: readonly [Dialect, Dialect] = [
  { subprotocol: 'graphql-transport-ws', start: 'subscribe', stop: 'complete' },
  { subprotocol: 'graphql-ws', start: 'start', stop: 'stop' },
];

const count = 'subscription ($to: Int!) { count(to: $to) }';
const forever = 'subscription { forever }';

async function accepted({ subprotocol }: Dialect, port: number, turn: number): Promise<Line> {
  const line = await Line.webSocket(port, subprotocol);
  line.message({ type: 'connection_init', payload: { user: `user ${turn % 20}` } });
  await line.hear(/connection_ack/);
  return line;
}

function start(line: Line, dialect: Dialect, id: string, query: string, variables: object = {}): void {
  line.message({ type: dialect.start, id, payload: { query, variables } });
}

/** The parts that both protocols have, each to the end of the connection. */
const webSocketCycles: readonly ((dialect: Dialect, port: number, turn: number) => Promise<void>)[] = [
  async (dialect, port, turn) => {
    const line = await accepted(dialect, port, turn);
    start(line, dialect, '1', '{ hello }');
    await line.hear(/"complete","id":"1"/);
    await line.close();
  },
  async (dialect, port, turn) => {
    const line = await accepted(dialect, port, turn);
    start(line, dialect, '1', count, { to: 3 });
    await line.hear(/"complete","id":"1"/);
    await line.close();
  },
  async (dialect, port, turn) => {
    const line = await accepted(dialect, port, turn);
    start(line, dialect, 'one', forever);
    await line.hear(/"forever":1/);
    line.message({ type: dialect.stop, id: 'one' });
    start(line, dialect, '2', 'mutation { add }');
    await line.hear(/"complete","id":"2"/);
    await line.close();
  },
  async (dialect, port, turn) => {
    const line = await accepted(dialect, port, turn);
    start(line, dialect, '1', forever);
    await line.hear(/"forever":1/);
    await line.reset();
  },
  async (dialect, port, turn) => {
    const line = await accepted(dialect, port, turn);
    for (const id of ['1', '2', '3']) start(line, dialect, id, forever);
    await line.hear(/"forever":1/);
    await line.end();
  },
  async ({ subprotocol }, port, turn) => {
    const line = await Line.open(port);
    const text = upgrade(subprotocol);
    line.write(text.slice(0, turn % text.length));
    await line.reset();
  },
  async ({ subprotocol }, port) => {
    const line = await Line.webSocket(port, subprotocol);
    await line.reset();
  },
  async (dialect, port, turn) => {
    const line = await Line.webSocket(port, dialect.subprotocol);
    line.message({ type: 'connection_init', payload: { user: `user ${turn % 20}` } });
    // In the legacy protocol it waits for the hook; in the other one it ends the connection.
    start(line, dialect, '1', forever);
    await line.reset();
  },
  async ({ subprotocol }, port) => {
    const line = await Line.webSocket(port, subprotocol);
    line.message({ type: 'connection_init', payload: { user: 'stranger' } });
    await line.hear(/Not you/);
    await line.end();
  },
  async (dialect, port, turn) => {
    const line = await accepted(dialect, port, turn);
    start(line, dialect, '1', forever);
    line.write(frame(0xf1, 'a frame with reserved bits'));
    await line.end();
  },
  async (dialect, port, turn) => {
    const line = await accepted(dialect, port, turn);
    start(line, dialect, '1', forever);
    line.write(frame(0x82, 'binary'));
    await line.end();
  },
  async (dialect, port, turn) => {
    const line = await accepted(dialect, port, turn);
    start(line, dialect, '1', '{ nothing }');
    await line.hear(/"error","id":"1"/);
    await line.close();
  },
];

export const webSocketCycle: Cycle = (port, turn) => {
  const dialect = dialects[turn % 2 === 0 ? 0 : 1];
  const cycle = webSocketCycles[Math.floor(turn / 2) % webSocketCycles.length] as (typeof webSocketCycles)[number];
  return cycle(dialect, port, turn);
};

const events = 'Accept: text/event-stream\r\n';

const streamCycles: readonly ((port: number) => Promise<void>)[] = [
  async (port) => {
    const line = await Line.open(port);
    line.post('/graphql', { query: count, variables: { to: 3 } }, events);
    await line.hear(/event: complete/);
    await line.end();
  },
  async (port) => {
    const line = await Line.open(port);
    line.post('/graphql', { query: forever }, events);
    await line.hear(/"forever":1/);
    await line.reset();
  },
  async (port) => {
    const line = await Line.open(port);
    line.post('/graphql', { query: forever }, events);
    await line.reset();
  },
  async (port) => {
    const line = await Line.open(port);
    line.post('/graphql', { query: forever }, 'Accept: multipart/mixed;subscriptionSpec="1.0"\r\n');
    await line.hear(/"forever":1/);
    await line.end();
  },
  // One stream for several operations.
  async (port) => {
    const [line, stream] = await Promise.all([Line.open(port), Line.open(port)]);
    line.request('PUT', '/graphql', '');
    const [, token = ''] = await line.hear(/\r\n\r\n([\w-]{20,})/);
    const named = `X-GraphQL-Event-Stream-Token: ${token}\r\n`;
    stream.request('GET', '/graphql', named + events);
    for (const operationId of ['a', 'b']) {
      line.post('/graphql', { query: forever, extensions: { operationId } }, named);
      await line.hear(/ 202 /);
    }
    await stream.hear(/"forever":1/);
    line.request('DELETE', '/graphql?operationId=a', named);
    await line.hear(/ 200 /);
    await stream.reset();
    await line.end();
  },
];

export const streamCycle: Cycle = (port, turn) => (streamCycles[turn % streamCycles.length] as Cycle)(port, turn);
