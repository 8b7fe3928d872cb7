// A mutation whose answer is lost with its connection.

import { connect } from 'holdfast';
import { webSocket } from 'holdfast/websocket';

export async function run({ url, protocol }, host) {
  const retry = { connect: { delayMs: () => 20 } };
  const session = await connect({ transport: webSocket(url, { protocols: [protocol] }), retry });
  try {
    await host.holdAnswers();
    const call = session.result('mutation { add(key: "one") }');
    await host.loseAnswers();
    const { data, extensions, meta } = await call;
    return { data, extensions, attempts: meta.attempts, generation: meta.generation };
  } finally {
    await session.close();
  }
}
