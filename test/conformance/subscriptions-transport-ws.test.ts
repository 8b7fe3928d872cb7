// The session conformance suite in Node against the server of subscriptions-transport-ws.

import { describeSuite } from './support/describe-suite.js';
import { noHoldingBack, overWebSocket } from './support/in-node.js';
import { startLegacyServer } from './support/servers.js';

describeSuite('the server of subscriptions-transport-ws', {
  startServer: startLegacyServer,
  lacks: {
    ...noHoldingBack,
    'early-stop': 'this server forgets a stop that comes while it starts the subscription',
  },
  perform: overWebSocket('graphql-ws'),
});
