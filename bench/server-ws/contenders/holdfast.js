// Holdfast with graphql-js. What bounds a peer is lifted where one machine plays thousands of them.

import { createServer, serve } from 'holdfast/server';
import { schema } from '../../shop/schema.js';

const limits = {
  messagesPerSecond: Number.POSITIVE_INFINITY,
  messageBurst: Number.POSITIVE_INFINITY,
  connectionsPerPrincipal: Number.POSITIVE_INFINITY,
  connections: Number.POSITIVE_INFINITY,
};

/** @param {import('holdfast/server').Engine} [engine] */
export async function listen(engine) {
  const { port } = await serve(createServer({ schema, engine, limits }), { port: 0, quiet: true, signals: false });
  return port;
}
