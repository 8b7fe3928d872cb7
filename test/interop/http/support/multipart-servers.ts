// Servers of multipart subscriptions, each particular about Accept in its own way: one by RFC 9110, section 12.5.1, whose type
// has to match all that is asked for; one that reads the header as one media type with the parameters of Apollo's example, as
// Python's servers do.

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from './app.js';
import type { StartPeer } from './peers.js';

/** As GraphQL over multipart subscriptions has it: parts that are envelopes, and a heartbeat between them. */
const boundary = 'events';
const offered = { type: 'multipart/mixed', parameters: { boundary, subscriptionspec: '1.0' } } as const;

export const strict: StartPeer = (app, port) =>
  serving(app, port, (accept) =>
    accept.split(',').some((range) => {
      const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
      const wanted = parameters.filter((parameter) => !parameter.startsWith('q='));
      return (
        type === offered.type &&
        wanted.length > 0 &&
        wanted.every((parameter) => {
          const [name = '', value] = parameter.split('=');
          return (offered.parameters as Readonly<Record<string, string>>)[name] === value;
        })
      );
    }),
  );

export const particular: StartPeer = (app, port) =>
  serving(app, port, (accept) => {
    const [type, ...parameters] = accept.split(';').map((part) => part.trim().toLowerCase());
    const parameterOf = (name: string): string | undefined =>
      parameters.findLast((parameter) => parameter.startsWith(`${name}=`))?.slice(name.length + 1);
    return (
      type === 'multipart/mixed' &&
      parameterOf('boundary') === 'graphql' &&
      parameterOf('subscriptionspec')?.startsWith('1.0') === true
    );
  });

async function serving(app: App, port: number, accepts: (accept: string) => boolean): ReturnType<StartPeer> {
  const server = createServer((request, response) => {
    app.note(request);
    if (request.headers.upgrade !== undefined) response.writeHead(404).end();
    else if (accepts(request.headers.accept ?? '')) countToTen(response);
    else response.writeHead(406, { 'content-type': 'text/plain' }).end('Not like this');
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function countToTen(response: ServerResponse): void {
  const { subscriptionspec } = offered.parameters;
  response.writeHead(200, {
    'content-type': `multipart/mixed;boundary="${boundary}";subscriptionSpec=${subscriptionspec}`,
  });
  const part = (json: object): void => {
    response.write(`\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(json)}\r\n--${boundary}`);
  };
  response.write(`--${boundary}`);
  for (let count = 1; count <= 10; count++) {
    part({});
    part({ payload: { data: { count } } });
  }
  response.end('--\r\n');
}
