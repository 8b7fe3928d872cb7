// The session conformance suite within one process: no network, the same promises.

import * as holdfast from '../../src/index.js';
import { local } from '../../src/transport/local/index.js';
import { perform } from './suite/support/env.js';
import { describeSuite } from './support/describe-suite.js';
import { startInProcess } from './support/servers.js';

describeSuite('our server in process', {
  startServer: startInProcess,
  lacks: {
    network: 'there is no network within a process',
    'connect-hook': 'whoever holds the executor has been let in',
    'upgrade-status': 'there is no upgrade within a process',
    ping: 'a server in the same process is alive, and has no ping',
    parking: 'one operation alone can be held back, so a slow one is not parked',
  },
  perform: (task, { server, control }) => {
    const { executor } = server;
    if (executor === undefined) throw new Error('This server is not in process.');
    return perform(task, { holdfast, control, transport: () => local(executor) });
  },
});
