// A connection that is terminated while its peer takes and gives no byte, not even a close frame.

import { webSocket } from 'holdfast/websocket';
import { ended, open, turn, watched } from './support/open.js';

export async function run({ url }, host) {
  const { made, Watched } = watched();
  const told = [];
  const { connection } = await open(webSocket(url, { WebSocket: Watched }), { told });
  const [socket] = made;
  await host.holdBack();
  told.length = 0;
  connection.terminate(ended);
  const first = await Promise.race([connection.closed, turn().then(() => 'nothing yet')]);
  const { readyState } = socket;
  const handlers = ['onopen', 'onmessage', 'onclose'].filter((name) => socket[name] !== null);
  // What the peer had on its way, and the end of the socket itself, which the platform waits for.
  const over = new Promise((resolve) => socket.addEventListener('close', () => resolve()));
  await host.letGo();
  await over;
  await turn();
  return { first, readyState, handlers, told, afterwards: socket.readyState };
}
