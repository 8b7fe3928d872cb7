// The session conformance suite in Node against the server of graphql-ws.

import { beforeEach, vi } from 'vitest';
import { environments } from './environments.js';
import { describeSuite } from './support/describe-suite.js';
import { overWebSocket } from './support/in-node.js';
import { startGraphqlWsServer } from './support/servers.js';

// There the server of graphql-ws tells what it could not parse.
beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

describeSuite(environments.graphqlWsServer, {
  startServer: startGraphqlWsServer,
  perform: overWebSocket('graphql-transport-ws'),
});
