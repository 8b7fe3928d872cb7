// The session conformance suite in Chromium against our server, over both subprotocols.

import { describeSuite } from './support/describe-suite.js';
import { inChromium, lacksInBrowsers, noPing } from './support/in-chromium.js';
import { startOurServer } from './support/servers.js';

describeSuite('our server over graphql-transport-ws, from Chromium', {
  startServer: startOurServer,
  lacks: lacksInBrowsers,
  perform: inChromium('graphql-transport-ws'),
});

describeSuite('our server over graphql-ws, from Chromium', {
  startServer: startOurServer,
  lacks: { ...lacksInBrowsers, ...noPing },
  perform: inChromium('graphql-ws'),
});
