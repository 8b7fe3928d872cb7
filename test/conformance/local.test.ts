// The session conformance suite within one process: no network, the same promises.

import { local } from '../../src/transport/local/index.js';
import { environments } from './environments.js';
import * as ways from './suite/support/ways.js';
import { describeSuite } from './support/describe-suite.js';
import { inNode } from './support/in-node.js';
import { startInProcess } from './support/servers.js';

describeSuite(environments.local, {
  startServer: startInProcess,
  perform: inNode(ways.overWebSocket, (_address, { server: { executor } }) => {
    if (executor === undefined) throw new Error('This server is not in process.');
    return local(executor);
  }),
});
