// The session conformance suite in Chromium against the server of graphql-ws.

import { beforeEach, vi } from 'vitest';
import { describeSuite } from './support/describe-suite.js';
import { inChromium, lacksInBrowsers } from './support/in-chromium.js';
import { closesOnSyntaxErrors, startGraphqlWsServer } from './support/servers.js';

// There the server of graphql-ws tells what it could not parse.
beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

describeSuite('the server of graphql-ws, from Chromium', {
  startServer: startGraphqlWsServer,
  lacks: { ...lacksInBrowsers, ...closesOnSyntaxErrors },
  perform: inChromium('graphql-transport-ws'),
});
