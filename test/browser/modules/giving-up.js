// An attempt that is given up while the server has not answered the upgrade.

import { webSocket } from 'holdfast/websocket';
import { open, turn, watched } from './support/open.js';

export async function run({ url }, host) {
  const { made, Watched } = watched();
  const giveUp = new AbortController();
  const opening = open(webSocket(url, { WebSocket: Watched }), { signal: giveUp.signal });
  await host.asked();
  giveUp.abort();
  const first = await Promise.race([opening, turn().then(() => 'nothing yet')]);
  return { first, readyState: made[0].readyState };
}
