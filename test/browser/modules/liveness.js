// A peer that falls silent without closing: how the session would notice it, what it made of it, and that it went on. Time is
// the test's: it passes only where `host.pass` says so, while messages take as long as they take.

import { createSession } from 'holdfast';
import { webSocket } from 'holdfast/websocket';

const query = '{ __typename }';

export async function run({ url, protocol, signs }, host) {
  let lastSignAt;
  let arrived = () => {};
  class Watched extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        if (JSON.parse(data).type !== signs.type) return;
        lastSignAt = Date.now();
        arrived();
      });
    }
  }
  const transport = webSocket(url, { protocols: [protocol], WebSocket: Watched });
  const session = createSession({ transport, retry: { connect: { delayMs: () => 20 } } });
  const modes = [];
  let cause;
  session.on('state', (state) => {
    if (state.status === 'ready') modes.push(state.liveness);
    else if (state.status === 'waiting') cause ??= state.cause;
  });
  try {
    await session.ready();
    for (let count = 0; count < signs.count; count++) {
      await host.pass(signs.everyMs);
      while (lastSignAt !== Date.now()) {
        await new Promise((resolve) => {
          arrived = resolve;
        });
      }
      // The server asks for signs of life as well: once this is answered, it has had one.
      await session.execute(query);
    }
    const { generation } = session.state;
    await host.fallSilent();
    while (cause === undefined) await host.pass(1_000);
    await host.pass(20);
    return { generation, cause, answer: await session.execute(query), modes: modes.slice(0, 3) };
  } finally {
    await session.close();
  }
}
