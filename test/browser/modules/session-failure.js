// A session that cannot be connected: what ready() rejects with, and the state it is left in.

import { createSession } from 'holdfast';
import { webSocket } from 'holdfast/websocket';

export async function run({ url, credentials }) {
  const session = createSession({ transport: webSocket(url), credentials });
  try {
    const { name, code, phase, message } = await session.ready().then(
      () => ({ name: 'no error' }),
      (error) => error,
    );
    return { name, code, phase, message, status: session.state.status };
  } finally {
    await session.close();
  }
}
