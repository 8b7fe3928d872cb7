// Our server over HTTP/1.1, with WebSocket beside it, and over HTTP/2 in clear text and with TLS. In front of it a doorkeeper
// that answers 401 where a token is demanded, and that lets pages of every origin in.

import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttp2Server, createSecureServer } from 'node:http2';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { createHandler, type Handler } from '../../../src/server/index.js';
import { certificate, key } from '../../transport/websocket/support/certificate.js';
import { identityIn, makeOurServer, type RunningServer, type StartServer } from './servers.js';
import type { World } from './world.js';

type Listen = Handler['request'];
type Make = (listen: Listen) => NetServer;

const permissions = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*',
  'access-control-allow-methods': '*',
  'access-control-max-age': '60',
};

function doorkeeper(world: World, handler: Handler): Listen {
  return (request, response) => {
    for (const [name, value] of Object.entries(permissions)) response.setHeader(name, value);
    const refuse = (status: number, text: string): void => {
      response.writeHead(status, { 'content-type': 'text/plain' });
      response.end(text);
    };
    if (request.method === 'OPTIONS') refuse(200, '');
    else if (!request.url?.startsWith('/graphql')) refuse(404, 'There is nothing here.');
    else if (!world.accepts(identityIn(request.headers))) refuse(401, 'Who are you?');
    else handler.request(request, response);
  };
}

/** `counts`: which connections are counted: sockets, or only requests, where a platform keeps idle sockets for later. */
function start(
  make: Make,
  scheme: 'http' | 'https',
  turnsAway: RunningServer['turnsAway'],
  counts: 'sockets' | 'requests',
): StartServer {
  return async () => {
    const { server, world } = makeOurServer();
    const handler = await createHandler(server);
    const listen = doorkeeper(world, handler);
    let requests = 0;
    const http = make((request, response) => {
      requests += 1;
      response.on('close', () => {
        requests -= 1;
      });
      listen(request, response);
    });
    http.on('upgrade', handler.upgrade);
    const sockets = new Set<Socket>();
    http.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return {
      world,
      port: (http.address() as AddressInfo).port,
      scheme,
      turnsAway,
      executor: undefined,
      load: () => {
        const { operations, sources } = server.stats();
        return { connections: counts === 'sockets' ? sockets.size : requests, operations, sources };
      },
      close: async () => {
        const closed = new Promise((resolve) => http.close(resolve));
        for (const socket of sockets) socket.destroy();
        await Promise.all([handler.close({ graceMs: 100 }), closed]);
      },
    };
  };
}

const http1: Make = (listen) => createHttpServer(listen);

export const startOverHttp: StartServer = start(http1, 'http', 'is deaf', 'sockets');

/** For clients whose platform keeps sockets for later. */
export const startForPlatforms: StartServer = start(http1, 'http', 'is deaf', 'requests');

export const startOverHttp2: StartServer = start((listen) => createHttp2Server(listen), 'http', 'resets', 'sockets');

const secure: Make = (listen) => createSecureServer({ cert: certificate, key }, listen);

export const startOverTls: StartServer = start(secure, 'https', 'resets', 'sockets');

export const startOverTlsForPlatforms: StartServer = start(secure, 'https', 'is deaf', 'requests');
