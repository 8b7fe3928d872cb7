// The session conformance suite over HTTP/1.1 through the fetch of Node, whose sockets are its own.

import { viaFetch } from '../../src/transport/fetch/index.js';
import { environments } from './environments.js';
import * as ways from './suite/support/ways.js';
import { describeSuite } from './support/describe-suite.js';
import { startForPlatforms } from './support/http-servers.js';
import { inNode } from './support/in-node.js';

describeSuite(environments.fetch, {
  startServer: startForPlatforms,
  perform: inNode(ways.overHttp, (address) => viaFetch(address)),
});
