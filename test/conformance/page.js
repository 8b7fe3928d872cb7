// The page's side of a run in a browser: the package by its name, over the browser's own WebSocket. What reaches into the
// world goes through the page's host.

import * as holdfast from 'holdfast';
import { webSocket } from 'holdfast/websocket';
import { perform } from './suite/support/env.js';

export async function run({ task, address, protocol }, host) {
  const transport = (path = '/graphql') => webSocket(`${address}${path}`, { protocols: [protocol] });
  await perform(task, { holdfast, control: host, transport });
}
