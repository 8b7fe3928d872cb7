// The session conformance suite in Chromium against our server, over both subprotocols.

import { environments } from './environments.js';
import { describeSuite } from './support/describe-suite.js';
import { inChromium } from './support/in-chromium.js';
import { startOurServer } from './support/servers.js';

describeSuite(environments.transportWsInChromium, {
  startServer: startOurServer,
  perform: inChromium('graphql-transport-ws'),
});

describeSuite(environments.legacyWsInChromium, { startServer: startOurServer, perform: inChromium('graphql-ws') });
