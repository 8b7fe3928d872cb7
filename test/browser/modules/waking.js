// What a page does when it is shown, and when the network is back: a ping at once, an attempt at once.

import { connect, createSession } from 'holdfast';
import { webSocket } from 'holdfast/websocket';

/** The next notice of a kind. */
function next(session, type) {
  return new Promise((resolve) => {
    const off = session.on('connection', (notice) => {
      if (notice.type !== type) return;
      off();
      resolve(notice);
    });
  });
}

export async function run({ url, refusedUrl }, host) {
  const session = await connect({ transport: webSocket(url), liveness: { silenceMs: 3_600_000 } });
  await host.setVisible(false);
  const pong = next(session, 'pong');
  await host.setVisible(true);
  const { generation } = await pong;
  await session.close();

  const waiting = createSession({ transport: webSocket(refusedUrl), retry: { connect: { delayMs: () => 3_600_000 } } });
  await next(waiting, 'open-failed');
  const { status } = waiting.state;
  await host.heal();
  const opened = next(waiting, 'opened');
  await host.setOffline(true);
  await host.setOffline(false);
  await opened;
  const healed = waiting.state.status;
  await waiting.close();
  return { generation, status, healed };
}
