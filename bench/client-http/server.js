// A server that answers from a drawer, over HTTP/1.1 and h2c, in a process of its own: what it costs is not measured. It
// refuses whatever is not the one question, so that nobody is measured with less of it.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { answerTasks } from '../measuring/worker.js';
import { answerTo, query } from './question.js';

/** Clients print the document in their own way; Apollo Client asks for types as well. */
const bare = (text) => text.replaceAll('__typename', '').replace(/[\s,]/g, '');
const asked = bare(query);
const known = new Set([query]);

function isQuestion(text) {
  if (known.has(text)) return true;
  const same = bare(text) === asked;
  if (same) known.add(text);
  return same;
}

/** Calls back with status and body of the answer. @param {import('node:stream').Readable} request */
function answer(request, contentType, respond) {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const { query: text, variables } = JSON.parse(Buffer.concat(chunks).toString());
    if (isQuestion(text) && contentType?.startsWith('application/json')) respond(200, answerTo(variables));
    else respond(400, JSON.stringify({ errors: [{ message: `Another question: ${text}` }] }));
  });
}

const headersFor = (body) => ({ 'content-type': 'application/json; charset=utf-8', 'content-length': body.length });

/** @param {import('node:net').Server} server */
async function listen(server, path) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}${path}`;
}

answerTasks(async () => {
  // Sockets stay while others have their turn.
  const http1 = createServer({ keepAliveTimeout: 600_000 }, (request, response) =>
    answer(request, request.headers['content-type'], (status, body) =>
      response.writeHead(status, headersFor(body)).end(body, 'latin1'),
    ),
  );
  const http2 = createHttp2Server();
  http2.on('stream', (stream, headers) =>
    answer(stream, headers['content-type'], (status, body) => {
      stream.respond({ ':status': status, ...headersFor(body) });
      stream.end(body, 'latin1');
    }),
  );
  return { http1: await listen(http1, '/graphql'), http2: await listen(http2, '/graphql') };
});
