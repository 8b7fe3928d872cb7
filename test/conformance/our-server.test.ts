// The session conformance suite in Node against our server, over both subprotocols.

import { describeSuite } from './support/describe-suite.js';
import { noHoldingBack, overWebSocket } from './support/in-node.js';
import { startOurServer } from './support/servers.js';

for (const protocol of ['graphql-transport-ws', 'graphql-ws'] as const) {
  describeSuite(`our server over ${protocol}`, {
    startServer: startOurServer,
    lacks: noHoldingBack,
    perform: overWebSocket(protocol),
  });
}
