// A connection that is cut while the server cannot be reached: a query waits, a subscription goes on and tells of its gap.

import { connect } from 'holdfast';
import { webSocket } from 'holdfast/websocket';

export async function run({ url, protocol }, host) {
  const retry = { connect: { delayMs: () => 20 } };
  const session = await connect({ transport: webSocket(url, { protocols: [protocol] }), retry });
  const states = [];
  session.on('state', ({ status }) => states.push(status));
  try {
    const subscription = session.subscribe('subscription { numbers }');
    const events = [];
    const first = subscription.next();
    await host.publish(1);
    events.push((await first).value);

    const lost = new Promise((resolve) => {
      const off = session.on('state', (state) => {
        if (state.status !== 'waiting') return;
        off();
        resolve(state.cause);
      });
    });
    await host.cut();
    const cause = await lost;
    const waiting = session.execute('{ echo(text: "made while there was no connection") }');
    await host.heal();
    const answer = await waiting;
    events.push((await subscription.next()).value);
    const last = subscription.next();
    await host.publish(2);
    events.push((await last).value);
    return { cause, answer, events, states: [...states], generation: session.state.generation };
  } finally {
    await session.close();
  }
}
