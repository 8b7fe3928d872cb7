// The session conformance suite in Node against our server, over both subprotocols.

import { environments } from './environments.js';
import { describeSuite } from './support/describe-suite.js';
import { overWebSocket } from './support/in-node.js';
import { startOurServer } from './support/servers.js';

describeSuite(environments.transportWs, {
  startServer: startOurServer,
  perform: overWebSocket('graphql-transport-ws'),
});

describeSuite(environments.legacyWs, { startServer: startOurServer, perform: overWebSocket('graphql-ws') });
