// The session conformance suite in Chromium over its fetch, whose sockets are its own: over HTTP/1.1 and HTTP/2.

import { environments } from './environments.js';
import { describeSuite } from './support/describe-suite.js';
import { startForPlatforms, startOverTlsForPlatforms } from './support/http-servers.js';
import { inChromium } from './support/in-chromium.js';

describeSuite(environments.fetchInChromium, { startServer: startForPlatforms, perform: inChromium('http') });

describeSuite(environments.fetchOverHttp2InChromium, {
  startServer: startOverTlsForPlatforms,
  perform: inChromium('http'),
});
