// Mercurius on Fastify, with graphql-js.

import Fastify from 'fastify';
import mercurius from 'mercurius';
import { schema } from '../../shop/schema.js';

/** @param {object} options of Mercurius */
export async function listen(options = {}) {
  const app = Fastify();
  app.register(mercurius, { schema, ...options });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app.server.address().port;
}
