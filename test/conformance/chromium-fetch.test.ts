// The session conformance suite in Chromium over its fetch, whose sockets are its own: over HTTP/1.1, where subscriptions share
// one stream, and over HTTP/2, where each has its own.

import { environments } from './environments.js';
import { describeSuite } from './support/describe-suite.js';
import { startForPlatforms, startOverTlsForPlatforms } from './support/http-servers.js';
import { inChromium } from './support/in-chromium.js';

describeSuite(environments.fetchInChromium, { startServer: startForPlatforms, perform: inChromium('one stream') });

describeSuite(environments.fetchOverHttp2InChromium, {
  startServer: startOverTlsForPlatforms,
  perform: inChromium('streams'),
});
