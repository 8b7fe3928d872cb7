// The suite in this process: sessions of the sources, over WebSockets of Node.

import * as holdfast from '../../../src/index.js';
import type { Transport } from '../../../src/transport/contract.js';
import { type Subprotocol, webSocket } from '../../../src/transport/websocket/index.js';
import { perform } from '../suite/support/env.js';
import type { Environment } from './describe-suite.js';

export function overWebSocket(protocol: Subprotocol): Environment['perform'] {
  return (task, { control, address }) => {
    const transport = (path = '/graphql'): Transport => webSocket(`${address}${path}`, { protocols: [protocol] });
    return perform(task, { holdfast, control, transport });
  };
}

/** What a WebSocket has nothing to hold back one operation with. */
export const noHoldingBack = {
  'holding-back': 'a WebSocket cannot hold back one operation alone, so a slow one is parked',
} as const;
