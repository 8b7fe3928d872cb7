// What webSocket() refuses in a browser, each with its error.

import { webSocket } from 'holdfast/websocket';

export function run({ given }) {
  return given.map(({ url = 'wss://example.com/graphql', options }) => {
    try {
      webSocket(url, options);
    } catch ({ name, code, phase, option, message }) {
      return { name, code, phase, option, message };
    }
    return undefined;
  });
}
