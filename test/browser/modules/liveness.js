// A peer that falls silent without closing: how the session would notice it, what it made of it, and that it went on.

import { connect } from 'holdfast';
import { webSocket } from 'holdfast/websocket';

export async function run({ url, protocol, liveness, signs }, host) {
  let seen = 0;
  let enough;
  const alive = new Promise((resolve) => {
    enough = resolve;
  });
  class Counting extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        if (JSON.parse(data).type === signs.type && ++seen === signs.count) enough();
      });
    }
  }
  const transport = webSocket(url, { protocols: [protocol], WebSocket: Counting });
  const session = await connect({ transport, liveness, retry: { connect: { delayMs: () => 20 } } });
  const modes = [session.state.liveness];
  let cause;
  const again = new Promise((resolve) => {
    session.on('state', (state) => {
      if (state.status === 'waiting') cause ??= state.cause;
      if (state.status !== 'ready') return;
      modes.push(state.liveness);
      if (cause !== undefined) resolve();
    });
  });
  try {
    await alive;
    const { generation } = session.state;
    await host.fallSilent();
    await again;
    return { generation, modes: modes.slice(0, 3), cause, answer: await session.execute('{ __typename }') };
  } finally {
    await session.close();
  }
}
