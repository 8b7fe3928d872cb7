// Holdfast with graphql-jit.

import { createServer, jit, serve } from 'holdfast/server';
import { schema } from '../../shop/schema.js';

export async function listen() {
  const { port } = await serve(createServer({ schema, engine: jit() }), { port: 0 });
  return port;
}
