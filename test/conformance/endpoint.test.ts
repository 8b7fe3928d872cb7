// The session conformance suite over the default route of a bare address: calls over HTTP, subscriptions over WebSocket.

import { endpoint } from '../../src/transport/route/index.js';
import { environments } from './environments.js';
import * as ways from './suite/support/ways.js';
import { describeSuite } from './support/describe-suite.js';
import { startOverHttp } from './support/http-servers.js';
import { inNode } from './support/in-node.js';

describeSuite(environments.endpoint, {
  startServer: startOverHttp,
  perform: inNode(ways.overBoth, (address) => endpoint(address)),
});
