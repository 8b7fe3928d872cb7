// The page's side of a run in a browser: the package by its name, over what the browser has. What reaches into the world goes
// through the page's host.

import * as holdfast from 'holdfast';
import { viaFetch } from 'holdfast/fetch';
import { webSocket } from 'holdfast/websocket';
import { perform } from './suite/support/env.js';
import { overHttp, overWebSocket } from './suite/support/ways.js';

export async function run({ task, lacks, address, protocol }, host) {
  const [way, to] =
    protocol === 'http'
      ? [overHttp, (path) => viaFetch(address + path)]
      : [overWebSocket, (path) => webSocket(address + path, { protocols: [protocol] })];
  await perform(task, { holdfast, way, lacks, control: host, transport: (path = '/graphql') => to(path) });
}
