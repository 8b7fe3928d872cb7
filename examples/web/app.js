// The web service: pages that are made out of GraphQL. It owns one session, from its start to its end, and knows no other
// state of the backend than what the session tells.

import { readFileSync } from 'node:fs';
import { fastify } from 'fastify';
import { CancelledError, createSession, HoldfastError, jitter } from 'holdfast';
import { Lookups } from './lookups.js';
import { countriesPage, failurePage, problemPage } from './pages.js';

const homeQuery = 'query Home { continents { code name } }';

const countriesQuery = `query Countries($code: ID!) {
  continents { code name }
  continent(code: $code) {
    name
    countries {
      name nativeName capital flag
      currencies { code name symbol }
      languages { name }
    }
  }
}`;

const contentSecurityPolicy = [
  "default-src 'none'",
  ...['connect-src', 'form-action', 'img-src', 'script-src', 'style-src'].map((each) => `${each} 'self'`),
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Starts at once, also while there is no backend: its session connects in the background. `app.close()` ends both.
 *
 * @param {object} options
 * @param {string} options.backend where the GraphQL server is: calls go over HTTP, subscriptions over WebSocket
 * @param {number} options.deadlineMs how long a page may wait for its answer, also through a restart of the backend
 * @throws {import('holdfast').OptionError} for an address that is none
 */
export function createApp({ backend, deadlineMs }) {
  const session = createSession({
    transport: backend,
    deadlineMs,
    // People are waiting: look for the backend every two seconds at the least.
    retry: { connect: { delayMs: jitter({ capMs: 2_000 }) } },
  });
  logChanges(session);
  const lookups = new Lookups(session);

  // Browsers keep connections on which they ask nothing: those are not waited for. Everything else is answered before.
  const app = fastify({ forceCloseConnections: true });
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'content-security-policy': contentSecurityPolicy,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });
  app.addHook('preClose', async () => {
    lookups.close();
    await session.close();
  });

  const querystring = { type: 'object', properties: { continent: { type: 'string', maxLength: 100 } } };
  app.get('/', { schema: { querystring } }, async (request, reply) => {
    const { continent = '' } = request.query;
    const startedAt = performance.now();
    // Whoever leaves while the page is made is not waited for.
    const options = { signal: request.signal };
    const data =
      continent === ''
        ? await session.execute(homeQuery, undefined, options)
        : await session.execute(countriesQuery, { code: continent }, options);
    const known = continent === '' || data.continent !== null;
    const page = countriesPage(data, continent, performance.now() - startedAt, lookups.words);
    return send(reply.code(known ? 200 : 404), page);
  });
  app.get('/live', { exposeHeadRoute: false }, (_request, reply) => {
    reply.hijack();
    lookups.inform(reply.raw);
  });
  for (const [name, type] of [
    ['live.js', 'text/javascript; charset=utf-8'],
    ['style.css', 'text/css; charset=utf-8'],
    ['icon.svg', 'image/svg+xml'],
  ]) {
    const content = readFileSync(new URL(`public/${name}`, import.meta.url));
    app.get(`/${name}`, (_request, reply) => reply.type(type).send(content));
  }

  app.setNotFoundHandler((_request, reply) =>
    send(reply.code(404), problemPage('There is no such page', 'Nothing is served at this address.', lookups.words)),
  );
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof HoldfastError) {
      if (!(error instanceof CancelledError)) console.error(`${request.url}: ${error.name}: ${error.message}`);
      // Answered, and of no use: asking again soon would bring the same.
      if (error.delivery === 'answered') reply.code(502);
      else reply.code(503).header('retry-after', '5');
      return send(reply, failurePage(error, request.url, lookups.words));
    }
    if (error.statusCode >= 400 && error.statusCode < 500) {
      const problem = problemPage('This cannot be asked', 'Something in the address is wrong.', lookups.words);
      return send(reply.code(error.statusCode), problem);
    }
    console.error(error);
    return send(
      reply.code(500),
      problemPage('Something went wrong', 'It is a mistake of this service.', lookups.words),
    );
  });
  return app;
}

function send(reply, page) {
  return reply.type('text/html; charset=utf-8').send(String(page));
}

/** When the backend goes and when it comes back; not every attempt in between. */
function logChanges(session) {
  let told;
  session.on('state', (state) => {
    const { status } = state;
    if ((status !== 'ready' && status !== 'waiting' && status !== 'failed') || status === told) return;
    told = status;
    if (status === 'ready') console.log('The backend is there.');
    else console.log(`The backend is not there. ${state.cause.message}`);
  });
}
