// The session conformance suite in Node against the server of subscriptions-transport-ws.

import { environments } from './environments.js';
import { describeSuite } from './support/describe-suite.js';
import { overWebSocket } from './support/in-node.js';
import { startLegacyServer } from './support/servers.js';

describeSuite(environments.legacyServer, { startServer: startLegacyServer, perform: overWebSocket('graphql-ws') });
