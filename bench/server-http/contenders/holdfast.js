// Holdfast with graphql-js, as its README shows it.

import { createServer, serve } from 'holdfast/server';
import { schema } from '../../shop/schema.js';

export async function listen() {
  const { port } = await serve(createServer({ schema }), { port: 0 });
  return port;
}
