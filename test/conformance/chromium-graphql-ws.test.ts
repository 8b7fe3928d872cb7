// The session conformance suite in Chromium against the server of graphql-ws.

import { beforeEach, vi } from 'vitest';
import { environments } from './environments.js';
import { describeSuite } from './support/describe-suite.js';
import { inChromium } from './support/in-chromium.js';
import { startGraphqlWsServer } from './support/servers.js';

// There the server of graphql-ws tells what it could not parse.
beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

describeSuite(environments.graphqlWsServerInChromium, {
  startServer: startGraphqlWsServer,
  perform: inChromium('graphql-transport-ws'),
});
