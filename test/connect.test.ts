// Sessions by address: what `connect` and `createSession` make of one, and which way its operations go to a real server.

import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { buildSchema } from 'graphql';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect, createSession, OptionError, type Session, type SessionOptions } from '../src/index.js';
import { createHandler, createServer } from '../src/server/index.js';
import { reachable, readSources } from './house/sources.js';

interface Site {
  readonly url: string;
  /** What was asked for, in order: `POST /graphql`, `upgrade /graphql`. */
  readonly asked: string[];
  /** The `authorization` of each. */
  readonly tokens: (string | undefined)[];
}

/** Our server on a port of its own, with or without WebSockets. */
async function startSite({ webSockets = true } = {}): Promise<Site> {
  const schema = buildSchema(`
    type Query { hello: String }
    type Mutation { add(n: Int!): Int }
    type Subscription { count(to: Int!): Int }
  `);
  const rootValue = {
    hello: 'Hello!',
    add: ({ n }: { n: number }) => n + 1,
    count: async function* ({ to }: { to: number }) {
      for (let n = 1; n <= to; n++) yield { count: n };
    },
  };
  const server = createServer({ schema, rootValue });
  const handler = await createHandler(server, { path: '/graphql' });
  const asked: string[] = [];
  const tokens: Site['tokens'] = [];
  const http = createHttpServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    tokens.push(request.headers.authorization);
    handler.request(request, response);
  });
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    asked.push(`upgrade ${request.url}`);
    tokens.push(request.headers.authorization);
    if (webSockets) handler.upgrade(request, socket, head);
    else socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`, asked, tokens };
}

function kept(session: Session): Session {
  onTestFinished(() => session.close({ graceMs: 0 }));
  return session;
}

async function counted(session: Session, to: number): Promise<unknown[]> {
  const events: unknown[] = [];
  for await (const data of session.subscribe(`subscription { count(to: ${to}) }`).data({ onGap: 'fail' })) {
    events.push(data);
  }
  return events;
}

const three = [{ count: 1 }, { count: 2 }, { count: 3 }];

describe('a session by address', () => {
  test.each<[string, (url: string) => Promise<Session>]>([
    ['connect(text)', (url) => connect(url)],
    ['connect(URL)', (url) => connect(new URL(url))],
    ['connect({ transport: text })', (url) => connect({ transport: url })],
    ['createSession(text)', async (url) => createSession(url)],
    ['createSession({ transport: URL })', async (url) => createSession({ transport: new URL(url) })],
  ])('sends calls over HTTP and subscriptions over a WebSocket: %s', async (_what, make) => {
    const site = await startSite();
    const session = kept(await make(site.url));
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello!' });
    expect(await session.execute('mutation { add(n: 1) }')).toEqual({ add: 2 });
    expect(site.asked).toEqual(['POST /graphql', 'POST /graphql']);
    expect(await counted(session, 3)).toEqual(three);
    expect(await counted(session, 3)).toEqual(three);
    expect(site.asked).toEqual(['POST /graphql', 'POST /graphql', 'upgrade /graphql']);
    expect((await session.result('{ hello }')).meta.status).toBe(200);
  });

  test('streams subscriptions over HTTP where the server has no WebSocket, and remembers it', async () => {
    const site = await startSite({ webSockets: false });
    const session = kept(await connect(site.url));
    expect(await counted(session, 3)).toEqual(three);
    expect(await counted(session, 3)).toEqual(three);
    expect(site.asked.filter((one) => one.startsWith('upgrade'))).toHaveLength(1);
    expect(session.state.status).toBe('ready');
  });

  test('takes the other options of a session, and gives both ways the same credentials', async () => {
    const site = await startSite();
    const credentials = { headers: { authorization: 'Bearer token' } };
    const session = kept(await connect({ transport: site.url, credentials }));
    await session.execute('{ hello }');
    await counted(session, 1);
    expect(site.tokens).toEqual(['Bearer token', 'Bearer token']);
  });

  test('asks the server for nothing until there is something to ask', async () => {
    const site = await startSite();
    const session = await connect(site.url);
    expect(session.state.status).toBe('ready');
    await session.close();
    expect([session.state.status, site.asked]).toEqual(['closed', []]);
  });

  test('closes both ways', async () => {
    const site = await startSite();
    const session = await connect(site.url);
    await session.execute('{ hello }');
    const subscription = session.subscribe('subscription { count(to: 1000000) }');
    await subscription.next();
    await session.close();
    expect([session.state.status, session.operations]).toEqual(['closed', 0]);
  });
});

describe('is refused at once', () => {
  test.each<[string, unknown, string]>([
    ['what is no address', 'example.com/graphql', 'not a URL'],
    ['the address of a WebSocket, with the way to use it', 'wss://example.com/graphql', 'webSocket(address)'],
    ['an address of another kind', new URL('ftp://example.com'), '"ftp:"'],
    ['the same as an option', { transport: 'wss://example.com/graphql' }, 'webSocket(address)'],
    ['nothing', undefined, 'An object is needed for the session options, not undefined.'],
    ['no transport', {}, '"transport"'],
    ['an unknown option beside an address', { transport: 'https://example.com', credential: {} }, '"credential"'],
  ])('%s', async (_what, options, message) => {
    expect(() => createSession(options as SessionOptions)).toThrow(OptionError);
    await expect(connect(options as SessionOptions)).rejects.toThrow(message);
  });

  test('and no refusal repeats what may be secret', () => {
    for (const address of ['http//ada:secret@example.com', 'ws://ada:secret@example.com/?token=secret']) {
      expect(() => createSession(address)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('secret') }),
      );
    }
  });
});

test('the package itself brings no transport along: they are loaded when a session is opened by an address', () => {
  const early = reachable(readSources('src'), ['src/index.ts'], ({ dynamic, typeOnly }) => !dynamic && !typeOnly);
  const paths = early.map(({ path }) => path);
  expect(paths).toContain('src/transport/route/default-route.ts');
  expect(paths.filter((path) => /^src\/transport\/(fetch|http|http2|local|undici|websocket)\//.test(path))).toEqual([]);
  const foreign = early.flatMap(({ imports }) =>
    imports.filter(({ file, typeOnly }) => file === undefined && !typeOnly).map(({ specifier }) => specifier),
  );
  expect(foreign).toEqual([]);
});
