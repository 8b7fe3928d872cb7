// A session that is closed: what the page may still do with it, and what has become of its subscription.

import { connect } from 'holdfast';
import { webSocket } from 'holdfast/websocket';

export async function run({ url, protocol }, host) {
  const session = await connect({ transport: webSocket(url, { protocols: [protocol] }) });
  const subscription = session.subscribe('subscription { n }');
  await host.started();
  await session.close();
  const afterwards = await session.execute('{ ok }').catch(({ name, delivery }) => ({ name, delivery }));
  return { state: session.state, subscription: await subscription.next(), afterwards };
}
