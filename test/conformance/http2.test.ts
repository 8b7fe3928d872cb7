// The session conformance suite over HTTP/2, in clear text and with TLS.

import { http2 } from '../../src/transport/http2/index.js';
import { certificate } from '../transport/websocket/support/certificate.js';
import { environments } from './environments.js';
import * as ways from './suite/support/ways.js';
import { describeSuite } from './support/describe-suite.js';
import { startOverHttp2, startOverTls } from './support/http-servers.js';
import { inNode } from './support/in-node.js';

describeSuite(environments.http2, {
  startServer: startOverHttp2,
  perform: inNode(ways.overHttp2, (address) => http2(address)),
});

describeSuite(environments.http2Tls, {
  startServer: startOverTls,
  perform: inNode(ways.overHttp2, (address) => http2(address, { tls: { ca: certificate } })),
});
