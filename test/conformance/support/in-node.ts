// The suite in this process: sessions of the sources, over the transports of Node.

import * as holdfast from '../../../src/index.js';
import type { Route, Transport } from '../../../src/transport/contract.js';
import { type Subprotocol, webSocket } from '../../../src/transport/websocket/index.js';
import type { Way } from '../environment.js';
import { perform } from '../suite/support/env.js';
import * as ways from '../suite/support/ways.js';
import type { Performance } from './describe-suite.js';
import type { Stage } from './stage.js';

/** `transport`: the way to an address on this stage. */
export function inNode(
  way: Way,
  transport: (address: string, stage: Stage) => Transport | Route,
): Performance['perform'] {
  return (task, stage, lacks) =>
    perform(task, {
      holdfast,
      way,
      lacks,
      control: stage.control,
      transport: (path = '/graphql') => transport(stage.address + path, stage),
    });
}

export function overWebSocket(protocol: Subprotocol): Performance['perform'] {
  return inNode(ways.overWebSocket, (address) => webSocket(address, { protocols: [protocol] }));
}
