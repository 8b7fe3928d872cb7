// Holdfast with graphql-js, which is its default.

import { createServer, serve } from 'holdfast/server';
import { schema } from '../../shop/schema.js';

/** @param {import('holdfast/server').Engine} [engine] */
export async function listen(engine) {
  const { port } = await serve(createServer({ schema, engine }), { port: 0, quiet: true, signals: false });
  return port;
}
