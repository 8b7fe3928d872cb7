// The session conformance suite over HTTP/1.1 through undici: with a stream for each subscription, and with one for all.

import { undici } from '../../src/transport/undici/index.js';
import { environments } from './environments.js';
import * as ways from './suite/support/ways.js';
import { describeSuite } from './support/describe-suite.js';
import { startOverHttp } from './support/http-servers.js';
import { inNode } from './support/in-node.js';

describeSuite(environments.undici, {
  startServer: startOverHttp,
  perform: inNode(ways.overHttp, (address) => undici(address)),
});

describeSuite(environments.undiciOneStream, {
  startServer: startOverHttp,
  perform: inNode(ways.overBoth, (address) => undici(address, { singleConnection: true })),
});
