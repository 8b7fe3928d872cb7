// The session conformance suite in Node against the server of graphql-ws.

import { beforeEach, vi } from 'vitest';
import { describeSuite } from './support/describe-suite.js';
import { noHoldingBack, overWebSocket } from './support/in-node.js';
import { closesOnSyntaxErrors, startGraphqlWsServer } from './support/servers.js';

// There the server of graphql-ws tells what it could not parse.
beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

describeSuite('the server of graphql-ws', {
  startServer: startGraphqlWsServer,
  lacks: { ...noHoldingBack, ...closesOnSyntaxErrors },
  perform: overWebSocket('graphql-transport-ws'),
});
