// Every environment that the suite runs in, and what it lacks, each with a sentence that says why. The tests run by it, and
// prove what it says; the guide to transports is drawn from it.

import type { Capability } from './environment.js';

type Lacks = Partial<Readonly<Record<Capability, string>>>;

export interface EnvironmentFacts {
  /** As in `our server over undici`. */
  readonly title: string;
  /** Its name in the guide to transports, which shows them with our server. */
  readonly shown?: string | undefined;
  readonly lacks: Lacks;
}

const webSocket: Lacks = {
  'request-status': 'who is let in is decided once, when the connection is made',
  'holding-back': 'a WebSocket cannot hold back one operation alone, so a slow one is parked',
};

const webSocketInBrowsers: Lacks = {
  ...webSocket,
  'upgrade-status': 'a browser tells no page why a WebSocket could not be opened',
};

const noAbort: Lacks = { abort: 'this server tells its resolvers nothing' };

const closesOnSyntaxErrors: Lacks = {
  'syntax-errors': 'the server of graphql-ws ends the connection over a document that it cannot parse',
};

const http: Lacks = {
  'connect-hook': 'credentials come with every request, and who is let in is decided then',
  'upgrade-status': 'there is no upgrade: every request has a status of its own',
};

const streams: Lacks = { parking: 'one operation alone can be held back, so a slow one is not parked' };

const pool: Lacks = {
  ...http,
  'one-connection':
    'every request stands for itself: to open asks nobody anything, and a socket that is lost concerns only who was on it',
  ping: 'HTTP/1.1 has none, and there is no one connection that could die unnoticed',
};

const sharedStream: Lacks = {
  'one-connection': 'calls are requests of their own; only subscriptions share a stream',
  'holding-back': 'subscriptions share a stream, which cannot hold back one alone, so a slow one is parked',
};

const fetch: Lacks = {
  ...pool,
  'known-waiting': 'fetch does not tell when it begins to send, so what is given up before may have been sent',
};

const fetchInBrowsers: Lacks = {
  ...fetch,
  ping: 'a page cannot ask for one',
  'known-unsent': 'a browser does not tell why a request failed, so it may have reached the server',
  'sent-once':
    'Chromium sends a request again by itself when a socket that was used before ends ahead of the answer, also a write',
};

export type EnvironmentName =
  | 'transportWs'
  | 'legacyWs'
  | 'graphqlWsServer'
  | 'legacyServer'
  | 'transportWsInChromium'
  | 'legacyWsInChromium'
  | 'graphqlWsServerInChromium'
  | 'local'
  | 'undici'
  | 'undiciOneStream'
  | 'fetch'
  | 'fetchInChromium'
  | 'fetchOverHttp2InChromium'
  | 'http2'
  | 'http2Tls'
  | 'endpoint';

export const environments: Readonly<Record<EnvironmentName, EnvironmentFacts>> = {
  transportWs: { title: 'our server over graphql-transport-ws', shown: 'websocket', lacks: webSocket },
  legacyWs: { title: 'our server over graphql-ws', lacks: webSocket },
  graphqlWsServer: {
    title: 'the server of graphql-ws',
    lacks: { ...webSocket, ...closesOnSyntaxErrors, ...noAbort },
  },
  legacyServer: {
    title: 'the server of subscriptions-transport-ws',
    lacks: {
      ...webSocket,
      ...noAbort,
      'early-stop': 'this server forgets a stop that comes while it starts the subscription',
    },
  },
  transportWsInChromium: {
    title: 'our server over graphql-transport-ws, from Chromium',
    shown: 'websocket in a browser',
    lacks: webSocketInBrowsers,
  },
  legacyWsInChromium: {
    title: 'our server over graphql-ws, from Chromium',
    shown: 'websocket in a browser, legacy subprotocol',
    lacks: {
      ...webSocketInBrowsers,
      ping: 'a browser has no ping of its own, and the legacy graphql-ws has none in its messages',
    },
  },
  graphqlWsServerInChromium: {
    title: 'the server of graphql-ws, from Chromium',
    lacks: { ...webSocketInBrowsers, ...closesOnSyntaxErrors, ...noAbort },
  },
  local: {
    title: 'our server in process',
    shown: 'local',
    lacks: {
      ...streams,
      network: 'there is no network within a process',
      'connect-hook': 'whoever holds the executor has been let in',
      'request-status': 'whoever holds the executor has been let in',
      'upgrade-status': 'there is no upgrade within a process',
      ping: 'a server in the same process is alive, and has no ping',
    },
  },
  undici: { title: 'our server over HTTP/1.1, through undici', shown: 'undici', lacks: { ...pool, ...streams } },
  undiciOneStream: {
    title: 'our server over HTTP/1.1, through undici, with one stream for all subscriptions',
    shown: 'undici, one stream',
    lacks: { ...pool, ...sharedStream },
  },
  fetch: { title: 'our server over HTTP/1.1, through fetch', shown: 'fetch', lacks: { ...fetch, ...streams } },
  fetchInChromium: {
    title: 'our server over HTTP/1.1, through fetch from Chromium, with one stream for all subscriptions',
    shown: 'fetch in a browser',
    lacks: {
      ...fetchInBrowsers,
      ...sharedStream,
      'many-at-once': 'a browser opens six connections to a server, and HTTP/1.1 carries one operation on each',
    },
  },
  fetchOverHttp2InChromium: {
    title: 'our server over HTTP/2, through fetch from Chromium',
    shown: 'fetch in a browser, HTTP/2',
    lacks: { ...fetchInBrowsers, ...streams },
  },
  http2: { title: 'our server over HTTP/2', shown: 'http2', lacks: { ...http, ...streams } },
  http2Tls: { title: 'our server over HTTP/2 with TLS', lacks: { ...http, ...streams } },
  endpoint: {
    title: 'our server by its address alone',
    shown: 'endpoint',
    lacks: {
      ...http,
      'one-connection': 'calls are requests of their own; only subscriptions share a connection',
      ping: 'until there is a subscription there is no connection that could be asked',
      'holding-back': 'subscriptions share a WebSocket, which cannot hold back one alone, so a slow one is parked',
    },
  },
};
