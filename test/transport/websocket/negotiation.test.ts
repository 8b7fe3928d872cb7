// Which subprotocol is spoken: what is offered, what the server selects, and what happens where it selects none or another.

import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { selectsSubprotocol } from '../../../src/testing/index.js';
import {
  type Subprotocol,
  type WebSocketConstructor,
  type WebSocketOptions,
  webSocket,
} from '../../../src/transport/websocket/index.js';
import { ask, failureOf, open, startServer } from './support/opening.js';

const both: readonly Subprotocol[] = ['graphql-transport-ws', 'graphql-ws'];
const sockets: readonly [string, WebSocketOptions][] = [
  ['the package ws', {}],
  ['an injected WebSocket', { WebSocket: WebSocket as unknown as WebSocketConstructor }],
];

describe.each(sockets)('over %s', (_name, socket) => {
  test.each<[readonly Subprotocol[] | undefined, string]>([
    [undefined, 'graphql-transport-ws,graphql-ws'],
    [['graphql-ws', 'graphql-transport-ws'], 'graphql-ws,graphql-transport-ws'],
    [['graphql-transport-ws'], 'graphql-transport-ws'],
    [['graphql-ws'], 'graphql-ws'],
  ])('the option protocols %j offers "%s", and the first is spoken', async (protocols, offered) => {
    const server = await startServer();
    const opened = await open(webSocket(server.url, { ...socket, protocols }));
    expect(await ask(opened, '{ ok }').answer).toEqual({ data: { ok: true } });
    const [connection] = server.connections;
    expect(connection?.headers['sec-websocket-protocol']).toBe(offered);
    expect(connection?.subprotocol).toBe((protocols ?? both)[0]);
  });

  test.each(both)('%s is spoken where the server selects it', async (selected) => {
    const server = await startServer({ subprotocols: [selected] });
    const opened = await open(webSocket(server.url, socket));
    expect(await ask(opened, '{ ok }').answer).toEqual({ data: { ok: true } });
    const types = server.connections[0]?.received.map(({ type }) => type);
    expect(types).toEqual(['connection_init', selected === 'graphql-ws' ? 'start' : 'subscribe']);
  });

  test('a server that selects none is refused, and sent nothing', async () => {
    const server = await startServer({ script: selectsSubprotocol(undefined) });
    await failureOf(webSocket(server.url, socket));
    await server.connections[0]?.ended;
    expect(server.connections[0]?.received).toEqual([]);
  });

  test('a server that selects what was not offered is refused, and sent nothing', async () => {
    const server = await startServer({ script: selectsSubprotocol('graphql-ws') });
    await failureOf(webSocket(server.url, { ...socket, protocols: ['graphql-transport-ws'] }));
    await server.connections[0]?.ended;
    expect(server.connections[0]?.received).toEqual([]);
  });
});

describe('over the package ws', () => {
  test.each(both)('a server that selects none and speaks %s is understood with the option assume', async (assume) => {
    const server = await startServer({ script: selectsSubprotocol(undefined, { speaks: assume }) });
    const opened = await open(webSocket(server.url, { assume }));
    expect(await ask(opened, '{ ok }').answer).toEqual({ data: { ok: true } });
    expect(server.connections[0]?.subprotocol).toBe('');
  });

  test('the selection of the server counts for more than the option assume', async () => {
    const server = await startServer({ subprotocols: ['graphql-ws'] });
    const opened = await open(webSocket(server.url, { assume: 'graphql-transport-ws' }));
    expect(await ask(opened, '{ ok }').answer).toEqual({ data: { ok: true } });
  });

  test('the failure says what was selected and what was offered', async () => {
    const server = await startServer({ script: selectsSubprotocol('graphql-ws', { times: 1 }) });
    const other = await failureOf(webSocket(server.url, { protocols: ['graphql-transport-ws'] }));
    expect(other).toMatchObject({ code: 'subprotocol', phase: 'handshake' });
    expect(other.message).toContain('selected the subprotocol "graphql-ws"; offered were graphql-transport-ws');
    server.use(selectsSubprotocol(undefined));
    const none = await failureOf(webSocket(server.url));
    expect(none).toMatchObject({ code: 'subprotocol', phase: 'handshake' });
    expect(none.message).toContain("{ assume: 'graphql-transport-ws' }");
  });
});
