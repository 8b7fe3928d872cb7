// Every kind of operation, and every kind of failure that an answer can be.

import { connect } from 'holdfast';
import { webSocket } from 'holdfast/websocket';

export async function run({ url, protocol }, host) {
  const session = await connect({ transport: webSocket(url, { protocols: [protocol] }) });
  try {
    const { state } = session;
    const query = await session.execute('query ($text: String!) { echo(text: $text) }', { text: 'grüß dich, 漢字 😀' });
    const mutation = await session.execute('mutation { add(key: "one") }');
    const subscription = session.subscribe('subscription { numbers }');
    const events = [];
    for (let number = 1; number <= 3; number++) {
      const next = subscription.next();
      await host.publish(number);
      events.push((await next).value);
    }
    await subscription.return();
    const invalid = await session.execute('{ nothing }').catch(told);
    const malformed = await session.execute('{ nothing').catch(told);
    return { state, query, mutation, events, invalid, malformed };
  } finally {
    await session.close();
  }
}

function told(error) {
  const { name, code, phase, delivery, message, errors } = error;
  return { name, code, phase, delivery, message, errors };
}
