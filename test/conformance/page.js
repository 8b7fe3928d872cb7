// The page's side of a run in a browser: the package by its name, over what the browser has. What reaches into the world goes
// through the page's host.

import * as holdfast from 'holdfast';
import { viaFetch } from 'holdfast/fetch';
import { webSocket } from 'holdfast/websocket';
import { perform } from './suite/support/env.js';
import { overBoth, overHttp, overWebSocket } from './suite/support/ways.js';

const ways = {
  'graphql-transport-ws': { way: overWebSocket, to: (url) => webSocket(url, { protocols: ['graphql-transport-ws'] }) },
  'graphql-ws': { way: overWebSocket, to: (url) => webSocket(url, { protocols: ['graphql-ws'] }) },
  'one stream': { way: overBoth, to: (url) => viaFetch(url) },
  streams: { way: overHttp, to: (url) => viaFetch(url, { singleConnection: false }) },
};

export async function run({ task, lacks, address, by }, host) {
  const { way, to } = ways[by];
  await perform(task, { holdfast, way, lacks, control: host, transport: (path = '/graphql') => to(address + path) });
}
