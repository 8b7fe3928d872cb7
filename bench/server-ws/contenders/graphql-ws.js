// graphql-ws on `ws`.

import { createServer } from 'node:http';
import { useServer as serveGraphQL } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { listenOn } from '../../measuring/served.js';
import { schema } from '../../shop/schema.js';

export function listen() {
  const server = createServer();
  serveGraphQL({ schema }, new WebSocketServer({ server, path: '/graphql' }));
  return listenOn(server);
}
